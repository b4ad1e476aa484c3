// What snapshots and events are made of: rows, counters, alarms, statistics, entries of the journal.
import {
  anyInt,
  anyNumber,
  bool,
  define,
  described,
  type Fields,
  hex,
  int,
  list,
  number,
  object,
  oneOf,
  openObject,
  orNull,
  type Static,
  text,
  the,
} from './schema-parts.ts';
import * as terms from './terms.ts';

const { attachedPasid, device, devId, nanoseconds, pasid, queue, rate } = terms;
const nanosecondsLeft = described('nanoseconds', anyNumber);

/** What identifies a group. */
export const GROUP = {
  group: terms.group,
  queue,
  cookie: terms.cookie,
  devId,
  device,
  pasid,
  grpid: terms.grpid,
  faults: described('records of the group', int),
  first: described('address of the first record', hex),
  last: described('address of the last record', hex),
  perm: terms.perm,
} as const satisfies Fields;

/** How often the condition of a rule could not be evaluated. Such groups are held. */
const brokenRule = object({
  count: int,
  error: described('why, the last time', text),
  group: described('for which group', int),
});

export const ruleDefinition = define('rule', terms.rule);

export const ruleRow = define(
  'ruleRow',
  object({
    name: terms.RULE['name?'],
    'when?': terms.RULE['when?'],
    then: terms.RULE.then,
    'afterMs?': terms.RULE['afterMs?'],
    enabled: terms.RULE['enabled?'],
    hits: described('groups that it decided about', int),
    'broken?': described('how often its condition could not be evaluated: such groups are held', brokenRule),
    'everything?': described('its condition is empty or always holds', the(true)),
  }),
);

export const counters = define(
  'counters',
  object({
    faults: described('records read', int),
    groups: described('groups read', int),
    pending: described('groups read and not answered', int),
    success: described('groups answered SUCCESS', int),
    invalid: described('groups answered INVALID by iopftop', int),
    unseen: described("another process's groups, answered without having been seen here (rescue)", int),
    auto: described(
      'groups that the kernel answered itself: detach, replace, destroy, or found gone at an answer',
      int,
    ),
    refused: described('commands and answers that were refused', int),
    repeated: described(
      'groups with the same device, PASID and page as an earlier one (of the last 4,096 distinct pages)',
      int,
    ),
    evicted: described('records dropped from the history', int),
    dropped: described('records that a slow reader of the stream did not get', int),
  }),
);
export type Counters = Static<typeof counters.schema>;

export const latency = define(
  'latency',
  object(
    {
      count: described('answers', int),
      p50Ns: described('median', nanoseconds),
      p95Ns: described('95th percentile', nanoseconds),
      p99Ns: described('99th percentile', nanoseconds),
      maxNs: described('longest', nanoseconds),
    },
    'From read() to answer.',
  ),
);
export type Latency = Static<typeof latency.schema>;

const SVA = "null, as are its kind and IOAS: an SVA bond, whose faults the kernel answers from a process's memory";

export const attachmentRow = define(
  'attachmentRow',
  object({
    devId,
    pasid: attachedPasid,
    hwptId: described(SVA, orNull(int)),
    hwptKind: orNull(terms.hwptKind),
    ioasId: orNull(int),
    faultId: described('the fault object; null: the HWPT has none', orNull(int)),
    handler: described('who handles its faults: iopftop, the kernel (an SVA bond) or nobody', terms.handler),
    pending: described('pending groups', int),
    oldestNs: described('age of the oldest', orNull(nanoseconds)),
    rate,
    faults: described('since the start', int),
  }),
);
export type AttachmentRow = Static<typeof attachmentRow.schema>;

const HUNG =
  'how long a simulated device has been stopped because it has no answer; null for real ones, which do not say';

export const deviceRow = define(
  'deviceRow',
  object({
    devId,
    name: text,
    pasidCapable: bool,
    'group?': described(
      'its IOMMU group, if other devices here share it: replacing or detaching one does so for all',
      int,
    ),
    attachments: list(attachmentRow.ref),
    pending: described('pending groups', int),
    oldestNs: described('age of the oldest', orNull(nanoseconds)),
    rate,
    faults: described('since the start', int),
    quietNs: described('age of the newest fault; null before the first', orNull(nanoseconds)),
    hungNs: described(HUNG, orNull(nanoseconds)),
    note: described('what a simulated device says about itself; null for real ones', orNull(text)),
  }),
);
export type DeviceRow = Static<typeof deviceRow.schema>;

export const queueRow = define(
  'queueRow',
  object({
    queue: described('index, used as `queue` everywhere', int),
    faultId: int,
    fd: described('-1 once it is closed', anyInt),
    readable: described('poll(2) says that groups wait in it', bool),
    pending: described('pending groups', int),
    faults: described('since the start', int),
    closed: described('it is no longer read: the process that handed it over took it back, or has ended', bool),
  }),
);
export type QueueRow = Static<typeof queueRow.schema>;

/** A run without an end in the journal. */
export const formerRun = define(
  'formerRun',
  object(
    {
      run: described('its id; null: written by a version without ids', orNull(text)),
      state: described('unknown: killed, or still running', oneOf('killed', 'running', 'unknown')),
      startedAt: described('ISO 8601; null: its start is not in the journal', orNull(text)),
      lastT: described('time of its last entry, in seconds since its start', number),
      queues: described(
        "whose queues it had: simulated, its own, another process's, or handed over; null: not known",
        orNull(oneOf('simulated', 'own', 'process', 'handed')),
      ),
      rescue: described(
        'processes to run `iopftop rescue --pid` on: what the run had read and not answered may still be outstanding',
        list(int),
      ),
    },
    'A run without an end in the journal.',
  ),
);
export type FormerRunRow = Static<typeof formerRun.schema>;

export const hwptRow = define(
  'hwptRow',
  object({
    hwptId: int,
    kind: terms.hwptKind,
    ioasId: int,
    faultId: described('the fault object; null: it has none', orNull(int)),
    users: described('attachments that use it', int),
  }),
);
export type HwptRow = Static<typeof hwptRow.schema>;

/** The rule that holds for a pending group. */
const pendingRule = object({
  name: text,
  then: described('what it will do, or in a dry run would do', terms.verdict),
  dueNs: described('time until then; 0 or less: now, or in a dry run that long ago', nanosecondsLeft),
  'error?': described('its condition cannot be evaluated for this group, which is held', text),
});

export const pendingRow = define(
  'pendingRow',
  object({
    ...GROUP,
    ageNs: described('since its read()', nanoseconds),
    repeats: described('how often the same device, PASID and page faulted before', int),
    mapped: described(
      'memory is mapped at all of its pages; null: not known, since iopftop does not map there (a nested HWPT)',
      orNull(bool),
    ),
    rule: described('null: the operator decides, also after a `map` rule has failed', orNull(pendingRule)),
  }),
);
export type PendingRow = Static<typeof pendingRow.schema>;

export const ALARM = {
  kind: described(
    'dropped: lost in the last minute to a slow reader of this stream or by the journal, not what the history evicts',
    oneOf(...terms.ALARM_KINDS),
  ),
  level: described('warning at the threshold, critical at twice it', oneOf('warning', 'critical')),
  value: described('groups, nanoseconds, faults per second or records, like `threshold`', number),
  threshold: number,
  since: described('seconds since the start', number),
  devId: described('null: not about one device', orNull(int)),
  pasid: attachedPasid,
  text: described('human-readable text', text),
} as const satisfies Fields;

export const alarm = define('alarm', object(ALARM));
export type Alarm = Static<typeof alarm.schema>;

export const trend = define(
  'trend',
  object(
    {
      t: described('end of the newest entry, in seconds since the start', number),
      faults: described('faults read in each second', list(int)),
      answered: described('groups answered in each second, by iopftop or by the kernel', list(int)),
      pending: described('pending groups at the end of each second', list(int)),
    },
    'One entry per second, the newest last; at most 300.',
  ),
);
export type Trend = Static<typeof trend.schema>;

const bucket = object({
  toNs: described('upper end, in steps 1-2-5 from 1 µs', nanoseconds),
  count: described('answers that took at most this long, and longer than the previous bucket', int),
});

const ATMOST = 'exact while there are few pages; a lower bound for a page that others crowded out for a while';

const hotPage = object({
  devId,
  device,
  pasid,
  page: described('address; a group counts for the page of its first fault', hex),
  faults: described(ATMOST, int),
  repeats: described('like `faults`', int),
});

const source = object({
  devId,
  device,
  pasid,
  groups: int,
  faults: int,
  repeated: described('groups whose page faulted before', int),
  read: described('faults that ask for READ', int),
  write: described('faults that ask for WRITE', int),
  exec: described('faults that ask for EXEC', int),
  priv: described('faults that ask for PRIV', int),
});

export const statistics = define(
  'statistics',
  object({
    latency: described('read-to-answer times', list(bucket)),
    pages: described('the pages with the most faults, highest first; at most 50', list(hotPage)),
    sources: described('devices and PASIDs since the start, most faults first; at most 200', list(source)),
    otherGroups: described('groups of the sources that are not listed', int),
    trend: trend.ref,
  }),
);
export type Statistics = Static<typeof statistics.schema>;

export const journalEntry = define(
  'journalEntry',
  openObject(
    {
      t: described('seconds since the start; the first entry has the wall clock', number),
      'run?': described('which run wrote it: several may write to one file', text),
      action: oneOf(...terms.JOURNAL_ACTIONS),
      'cause?': described('start: it was already so at the start', oneOf(...terms.CAUSES, 'start')),
      'change?': text,
      'rule?': orNull(text),
      'code?': terms.answer,
      'mapped?': described("memory was mapped at the groups' pages first, for this answer", the(true)),
      'groups?': described('group numbers as ranges: "1-1638,1640"', text),
      'count?': int,
      'devId?': int,
      'pasid?': orNull(int),
      'hwptId?': described('null: nothing is attached now', orNull(int)),
      'result?': text,
    },
    'A line of the journal. Its other fields depend on its action.',
  ),
);
export type JournalEntry = Static<typeof journalEntry.schema>;
