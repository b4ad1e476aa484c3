// What crosses the port to a front end in the same process only: undecoded records, views, and the flow of both.
import type { Command, RespondCommand } from './commands.ts';
import type { DeviceRow, JournalEntry, Statistics, Trend } from './rows.ts';
import type { Snapshot } from './run.ts';
import type { EngineEvent } from './schema.ts';
import type { Answer, Cause, Hex, Rule, Verdict } from './terms.ts';

/**
 * Records as they were read, before anybody has decoded them: what the engine hands to a front end in the same process.
 * The NDJSON front end makes `fault` or `group` messages of it (see expand.ts). Not part of the NDJSON stream.
 */
export interface Batch {
  type: 'batch';
  t: number;
  queue: number;
  /** Sequence number of the first record. */
  firstSeq: number;
  /** Number of the first group; groups in a batch are whole and consecutive. */
  firstGroup: number;
  /** records × 40 bytes, iommu_hwpt_pgfault. */
  records: Uint8Array;
}

/**
 * Answers given with one write(): one code, cause and latency for all of them. The NDJSON front end makes an `answer` of
 * each (see expand.ts). Not part of the NDJSON stream.
 */
export interface AnswerBatch {
  type: 'answers';
  t: number;
  queue: number;
  code: Answer;
  cause: Cause;
  rule: string | null;
  /** Memory was mapped at their pages for this answer. */
  mapped?: true;
  result: 'ok' | 'gone';
  groups: Float64Array;
  /** Read-to-answer time of each group. */
  latencyNs: Float64Array;
  cookies: Uint32Array;
  devIds: Uint32Array;
  /** -1 without PASID. */
  pasids: Float64Array;
}

/**
 * In a dry run: what one rule would have done with these groups. The NDJSON front end makes a `verdict` of each (see
 * expand.ts). Not part of the NDJSON stream.
 */
export interface VerdictBatch {
  type: 'verdicts';
  t: number;
  rule: string;
  then: Verdict;
  afterNs: number;
  groups: Float64Array;
  queues: Uint32Array;
  devIds: Uint32Array;
  /** -1 without PASID. */
  pasids: Float64Array;
}

/**
 * End of a packet of events. The front end answers `{control: 'seen', what: 'events'}` once it has put them where they
 * go; until then the engine holds back further ones (bounded: `dropped`). Not part of the NDJSON stream.
 */
export interface Flush {
  type: 'flush';
}

/** The part of the stream that a screen shows, undecoded. Not part of the NDJSON stream. */
export interface StreamWindow {
  /** n sequence numbers, rising; without a filter they follow one another. */
  seqs: Float64Array;
  /** Oldest and newest record held that the filter lets through; 0 when there is none. */
  oldest: number;
  newest: number;
  /** How many such records are newer than the last of the window, and older than its first. */
  newer: number;
  older: number;
  /** n × 40 bytes, iommu_hwpt_pgfault. */
  records: Uint8Array;
  /** n arrival times, seconds since the start. */
  arrived: Float64Array;
  /** n group numbers. */
  groups: Float64Array;
  /** n states: index into RECORD_STATES. */
  states: Uint8Array;
}

/** auto: the kernel answered INVALID. */
export const RECORD_STATES = ['pending', 'success', 'invalid', 'auto'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** The lists that can be filtered. */
export const FILTERED_LISTS = ['devices', 'pending', 'stream', 'journal'] as const;
export type FilteredList = (typeof FILTERED_LISTS)[number];

/** Rows that an expression cannot be evaluated for (a division by zero), and why, for one of them. It does not hold for them. */
export interface BrokenRows {
  count: number;
  error: string;
}

/** What became of a filter that was asked for. */
export interface FilterReport {
  /** The expression that was asked for: what all of this is about. */
  asked: string;
  /** The expression in force: the one asked for, or the last valid one while that is wrong. '' lets everything through. */
  text: string;
  /** Why the one asked for cannot be used, in one line; null when it is in force. */
  error: string | null;
  /** Where in it the mistake is, in characters from 0; null where that is not known. */
  at: number | null;
  /** Rows let through: devices, groups, records, entries; of those looked at so far. */
  matched: number;
  broken?: BrokenRows;
  /** Rows looked at so far, of all: a long history is gone through in slices, so that no answer waits for it. */
  scanned: number;
  total: number;
}

/** Entries of the journal that are kept in memory: those the filter lets through, oldest first. */
export interface JournalWindow {
  /** Numbers of the entries since the start, from 1, rising. */
  seqs: number[];
  entries: JournalEntry[];
  /** How many entries let through are older than the first of the window, and newer than its last. */
  older: number;
  newer: number;
}

/** One group, whole or a part of it, for a closer look. Of one that is not held, the numbers are 0 and `queue` is -1. */
export interface GroupDetail {
  group: number;
  /** `evicted`: it was read, and its records are no longer held; `unknown`: it was never read. */
  found: 'held' | 'evicted' | 'unknown';
  queue: number;
  /** Records of the group, and which of them `records` begins with (from 0). */
  faults: number;
  from: number;
  /** Sequence number of the first record of the group. */
  seq: number;
  /** n × 40 bytes, iommu_hwpt_pgfault. */
  records: Uint8Array;
  /** Seconds since the start. */
  arrived: number;
  /** null where it is not known: an evicted group whose answer the journal in memory does not know. */
  state: RecordState | null;
  /** Of a group that is pending as its row says; else counted among the 65,536 records before it, as far as they are held. */
  repeats: number;
  /**
   * What answered it, or made the kernel answer, where the journal in memory still knows. `latencyNs` null: it is no
   * longer known when the group arrived.
   */
  answer: { t: number; cause: Cause; rule: string | null; latencyNs: number | null } | null;
}

/** What a rule would do, judged by the groups of the history and by those that are pending. Nothing is answered by it. */
export interface RuleTest {
  /** Of the request. */
  id: number;
  error: string | null;
  at: number | null;
  /** Groups of the history it holds for, of those looked at so far, of all. */
  matched: number;
  scanned: number;
  total: number;
  /** Of the history; it would hold them. */
  broken?: BrokenRows;
  /** Its condition is empty, or holds whatever comes. */
  everything: boolean;
  /** Of the matched ones: those that a rule before it would have taken, or held because it is broken for them. */
  shadowed: number;
  /** Pending groups that it would get: no rule before it takes them. */
  pending: number;
  /** The newest groups it holds for, at most 5. */
  sample: number[];
}

/** Pending groups that an action is meant for, in the words of the `respond` command. */
export type GroupChoice = Pick<RespondCommand, 'groups' | 'all' | 'devId' | 'pasid'>;

/** What is known of the groups of a choice at this moment. */
export interface GroupChoiceReport {
  /** Of the request. */
  id: number;
  pending: number;
  /** Those that were named by number and are pending no longer. */
  gone: number[];
  /** The numbers of all of them, where they were asked for and are at most 10,000. */
  numbers: number[] | null;
  /** Age of the oldest. */
  oldestNs: number | null;
  /** By device and PASID, most groups first, at most 100. */
  sources: GroupChoiceSource[];
  /** The oldest, at most 5. */
  oldest: { group: number; device: string; pasid: number | null; first: Hex }[];
  /** How many of them, oldest first, were looked at for what follows, here and in the sources. */
  looked: number;
  /** Groups with a page where no memory is mapped, and those of which that is not known. */
  unmapped: number;
  unknown: number;
  /** Groups whose page came before, and how often the one did that came most. */
  again: number;
  mostRepeats: number;
}

export interface GroupChoiceSource {
  devId: number;
  device: string;
  pasid: number | null;
  groups: number;
  /** Groups with a page where no memory is known to be mapped (PendingRow.mapped is false). */
  unmapped: number;
  /** Groups whose page came at least three times before, and how often the one did that came most. */
  repeated: number;
  repeats: number;
}

/** A snapshot for a screen: with the windows it asked for. */
export interface View {
  type: 'view';
  snapshot: Snapshot;
  /** Devices, and PASIDs of them, that their filter lets through; the snapshot has all. */
  devices: DeviceRow[];
  stream: StreamWindow;
  trend: Trend;
  /** A report for each filter that was asked for. */
  filters: Partial<Record<FilteredList, FilterReport>>;
  journal: JournalWindow | null;
  detail: GroupDetail | null;
  statistics: Statistics | null;
  test: RuleTest | null;
  chosen: GroupChoiceReport | null;
}

/** All that crosses the port to a front end in the same process. */
export type FromEngine = EngineEvent | Batch | AnswerBatch | VerdictBatch | View | Flush;

/**
 * What a screen shows: so many rows of the stream ending at `streamEnd` (null: the newest), so many pending groups from
 * `pendingFirst` in order of age, both as far as their filter lets them through. Views come at most `perSecond` times a
 * second, each after the one before was seen.
 */
export interface WindowRequest {
  control: 'window';
  streamRows: number;
  streamEnd: number | null;
  /** How many of the rows may be newer than `streamEnd`; default 0. */
  streamAhead?: number;
  pendingRows: number;
  pendingFirst: number;
  perSecond: number;
  /** CEL expressions by list; a list without one is not filtered. */
  filters?: Partial<Record<FilteredList, string>>;
  /** So many entries ending at number `end` (null: the newest), and `ahead` newer ones. */
  journal?: { rows: number; end: number | null; ahead?: number };
  detail?: { group: number; from: number; rows: number };
  statistics?: boolean;
  /** `before`: how many of the rules in force come before it. */
  test?: { id: number; rule: Rule; before: number };
  /**
   * Tell of these in `View.chosen`: on request with their numbers, and unless `pages` is false with what is known of their
   * pages; `id` comes back in it.
   */
  chosen?: GroupChoice & { id: number; numbers?: boolean; pages?: boolean };
}

/** The view, or the packet of events that ended with `flush`, has been taken: send more. */
export interface Seen {
  control: 'seen';
  what: 'view' | 'events';
}

/** What a front end in the same process sends. `cause` says on whose behalf: a key of the screen or a line of a script. */
export type ToEngine = { command: Command; cause: 'key' | 'script' } | WindowRequest | Seen;
