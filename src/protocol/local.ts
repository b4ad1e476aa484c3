// What crosses the port to a front end besides the events: undecoded records, views, and their flow control. None of it is in
// the NDJSON stream; the headless front end turns it into lines (expand.ts).
import { deviceRow, journalEntry, statistics, trend } from './rows.ts';
import { snapshot } from './run.ts';
import type { EngineEvent } from './schema.ts';
import {
  anyInt,
  bool,
  described,
  hex,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  type Static,
  text,
  the,
  typed,
} from './schema-parts.ts';
import { answer, attachedPasid, cause, devId, device, nanoseconds, queue, RECORD_STATES, t, verdict } from './terms.ts';

const float64s = typed('Float64Array');
const uint32s = typed('Uint32Array');
const records = described('n × 40 bytes, iommu_hwpt_pgfault', typed('Uint8Array'));
const pasids = described('-1 without PASID', float64s);

/** Records as they were read, not decoded. */
export const batch = object({
  type: the('batch'),
  t,
  queue,
  firstSeq: described('sequence number of the first record', int),
  firstGroup: described('number of the first group; groups in a batch are whole and consecutive', int),
  records,
});
export type Batch = Static<typeof batch>;

/** Answers given with one write(): one code, cause and latency for all of them. */
export const answers = object({
  type: the('answers'),
  t,
  queue,
  code: answer,
  cause,
  rule: orNull(text),
  'mapped?': described('memory was mapped at their pages for this answer', the(true)),
  result: oneOf('ok', 'gone'),
  groups: float64s,
  latencyNs: described('read-to-answer time of each group', float64s),
  cookies: uint32s,
  devIds: uint32s,
  pasids,
});
export type AnswerBatch = Static<typeof answers>;

/** In a dry run: what one rule would have done with these groups. */
export const verdicts = object({
  type: the('verdicts'),
  t,
  rule: text,
  then: verdict,
  afterNs: nanoseconds,
  groups: float64s,
  queues: uint32s,
  devIds: uint32s,
  pasids,
});
export type VerdictBatch = Static<typeof verdicts>;

/**
 * End of a packet of events. The front end answers `{control: 'seen', what: 'events'}` once it has put them where they
 * go; until then the engine holds back further ones (bounded: `dropped`).
 */
export const flush = object({ type: the('flush') });

/** The part of the stream that a screen shows, undecoded. */
const streamWindow = object({
  seqs: described('n sequence numbers, rising; without a filter they follow one another', float64s),
  oldest: described('oldest record held that the filter lets through; 0: there is none', int),
  newest: described('newest such record; 0: there is none', int),
  newer: described('how many such records are newer than the last of the window', int),
  older: described('how many are older than its first', int),
  records,
  arrived: described('n arrival times, seconds since the start', float64s),
  groups: described('n group numbers', float64s),
  states: described('n states: index into RECORD_STATES', typed('Uint8Array')),
});
export type StreamWindow = Static<typeof streamWindow>;

/**
 * Rows that an expression cannot be evaluated for (a division by zero), and why, for one of them. It holds for none of them.
 */
const brokenRows = object({ count: int, error: text });
export type BrokenRows = Static<typeof brokenRows>;

/** What became of a filter that was asked for. */
const filterReport = object({
  asked: described('the requested expression, which this report is about', text),
  text: described(
    "the one in force: the requested one, or the last valid one while that is wrong; '' lets everything through",
    text,
  ),
  error: described('why the requested one cannot be used, in one line; null: it is in force', orNull(text)),
  at: described('position of the mistake, in characters from 0; null: not known', orNull(int)),
  matched: described('rows let through (devices, groups, records, entries), of those examined so far', int),
  'broken?': brokenRows,
  scanned: described('rows examined so far: a long history is scanned in slices, so that no answer waits for it', int),
  total: described('rows in all', int),
});
export type FilterReport = Static<typeof filterReport>;

/** Entries of the journal kept in memory: those that the filter lets through, oldest first. */
const journalWindow = object({
  seqs: described('numbers of the entries since the start, from 1, rising', list(int)),
  entries: list(journalEntry.ref),
  older: described('how many entries let through are older than the first of the window', int),
  newer: described('how many are newer than its last', int),
});
export type JournalWindow = Static<typeof journalWindow>;

/** One group, or part of it, in detail. If it is not held, the numbers are 0 and `queue` is -1. */
const groupDetail = object({
  group: int,
  found: described(
    'evicted: read, and its records are no longer held; unknown: never read',
    oneOf('held', 'evicted', 'unknown'),
  ),
  queue: anyInt,
  faults: described('records of the group', int),
  from: described('which of them `records` begins with, from 0', int),
  seq: described('sequence number of the first record of the group', int),
  records,
  arrived: described('seconds since the start', number),
  state: described(
    'null: not known, for an evicted group whose answer is not in the journal in memory',
    orNull(oneOf(...RECORD_STATES)),
  ),
  repeats: described(
    'for a pending group as in its row; otherwise counted among the 65,536 records before it, if held',
    int,
  ),
  answer: described(
    'what answered it, or made the kernel answer, if the journal in memory still has it',
    orNull(
      object({
        t,
        cause,
        rule: orNull(text),
        latencyNs: described('null: the arrival time of the group is no longer known', orNull(nanoseconds)),
      }),
    ),
  ),
});
export type GroupDetail = Static<typeof groupDetail>;

/** What a rule would do with the groups of the history and with those that are pending. It answers nothing. */
const ruleTest = object({
  id: described('id of the request', int),
  error: orNull(text),
  at: orNull(int),
  matched: described('groups of the history it holds for, of those examined so far', int),
  scanned: int,
  total: int,
  'broken?': described('groups of the history for which it cannot be evaluated; it would hold them', brokenRows),
  everything: described('its condition is empty or always holds', bool),
  shadowed: described(
    'matched groups that an earlier rule would have taken, or held because it is broken for them',
    int,
  ),
  pending: described('pending groups that it would get: no earlier rule takes them', int),
  sample: described('the newest groups it holds for, at most 5', list(int)),
});
export type RuleTest = Static<typeof ruleTest>;

const choiceSource = object({
  devId,
  device,
  pasid: attachedPasid,
  groups: int,
  unmapped: described('groups with a page where no memory is known to be mapped (PendingRow.mapped is false)', int),
  repeated: described('groups whose page faulted at least three times before', int),
  repeats: described('the highest such count', int),
});
export type GroupChoiceSource = Static<typeof choiceSource>;

/** What is known now about the groups of a choice. */
const choiceReport = object({
  id: described('id of the request', int),
  pending: int,
  gone: described('groups named by number that are no longer pending', list(int)),
  numbers: described('of all of them, if requested and at most 10,000', orNull(list(int))),
  oldestNs: described('age of the oldest', orNull(nanoseconds)),
  sources: described('by device and PASID, most groups first, at most 100', list(choiceSource)),
  oldest: described('at most 5', list(object({ group: int, device, pasid: attachedPasid, first: hex }))),
  looked: described('how many of them, oldest first, were examined for the fields below and for the sources', int),
  unmapped: described('groups with a page where no memory is mapped', int),
  unknown: described('groups for which that is not known', int),
  again: described('groups whose page faulted before', int),
  mostRepeats: described('the highest such count', int),
});
export type GroupChoiceReport = Static<typeof choiceReport>;

/** A snapshot for a screen: with the windows it asked for. */
export const view = object({
  type: the('view'),
  snapshot,
  devices: described(
    'devices and their PASIDs that the filter lets through; the snapshot has all',
    list(deviceRow.ref),
  ),
  stream: streamWindow,
  trend: trend.ref,
  filters: described(
    'a report for each requested filter',
    object({
      'devices?': filterReport,
      'pending?': filterReport,
      'stream?': filterReport,
      'journal?': filterReport,
    }),
  ),
  journal: orNull(journalWindow),
  detail: orNull(groupDetail),
  statistics: orNull(statistics.ref),
  test: orNull(ruleTest),
  chosen: orNull(choiceReport),
});
export type View = Static<typeof view>;

/** All that crosses the port to a front end, besides the events. */
export const LOCAL = { batch, answers, verdicts, flush, view };
export type FromEngine = EngineEvent | Static<(typeof LOCAL)[keyof typeof LOCAL]>;
