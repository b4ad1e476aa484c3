// What the engine says: each is a line of the NDJSON stream.
import type { Command } from './commands.ts';
import type {
  Answer,
  Cause,
  CommandId,
  ExitPlan,
  Handler,
  Hex,
  HwptKind,
  PROTOCOL,
  Rule,
  TargetKind,
  Verdict,
} from './terms.ts';

export interface Hello {
  type: 'hello';
  protocol: typeof PROTOCOL;
  version: string;
  target: { kind: TargetKind; mock: boolean; label: string; scenario: string | null; seed: number | null };
  readOnly: boolean;
  /** Rules decide and are counted, and nothing is answered by them. */
  dryRun: boolean;
  onExit: ExitPlan;
  rules: Rule[];
  /** Wall clock of the engine's start, ISO 8601: the origin of every `t`. */
  startedAt: string;
  /** Time is simulated, and with it the seed alone decides what is shown and when. */
  virtualTime: boolean;
  /** Where simulated time stops, seconds since the start; null: nowhere. */
  pauseAt: number | null;
}

/** One iommu_hwpt_pgfault record. */
export interface FaultMessage {
  type: 'fault';
  t: number;
  /** Number of the record since the start, from 1. */
  seq: number;
  /** The group's own number since the start, from 1; unlike the cookie it is never reused. */
  group: number;
  queue: number;
  cookie: number;
  devId: number;
  /** null without PASID_VALID. */
  pasid: number | null;
  grpid: number;
  perm: string[];
  addr: Hex;
  length: number;
  lastPage: boolean;
  flags: number;
}

/** What a group is known by. */
export interface GroupFields {
  group: number;
  queue: number;
  cookie: number;
  devId: number;
  device: string;
  pasid: number | null;
  grpid: number;
  faults: number;
  /** Address of the first and of the last record. */
  first: Hex;
  last: Hex;
  perm: string[];
}

/** The faults that are answered together. */
export interface GroupMessage extends GroupFields {
  type: 'group';
  t: number;
}

export interface AnswerMessage {
  type: 'answer';
  t: number;
  group: number;
  queue: number;
  cookie: number;
  devId: number;
  pasid: number | null;
  code: Answer;
  cause: Cause;
  /** Name of the rule, where a rule was the cause. */
  rule: string | null;
  /** `gone`: the kernel no longer knew the cookie (EINVAL), it had answered INVALID itself. */
  result: 'ok' | 'gone';
  /** From read() to this answer; the kernel gives no time of its own. */
  latencyNs: number;
}

/** In a dry run: what a rule would have done with a group, which is held instead. */
export interface VerdictMessage {
  type: 'verdict';
  t: number;
  group: number;
  queue: number;
  devId: number;
  pasid: number | null;
  rule: string;
  then: Verdict;
  /** How long after its read the rule would act. */
  afterNs: number;
}

/** Groups that the kernel answered INVALID by itself. */
export interface AutoRespondedMessage {
  type: 'auto-responded';
  t: number;
  groups: number[];
  devId: number;
  pasid: number | null;
  reason: 'replace' | 'detach' | 'destroy';
}

export interface AttachmentMessage {
  type: 'attachment';
  t: number;
  change: 'attached' | 'replaced' | 'detached';
  cause: Cause;
  devId: number;
  device: string;
  pasid: number | null;
  hwptId: number | null;
  oldHwptId: number | null;
  /** Pending groups that became INVALID by it. */
  invalidated: number;
}

export interface ErrorMessage {
  type: 'error';
  t: number;
  /** The command's id, where a command failed. */
  id: CommandId | null;
  /** usage: malformed; gone: what it names is not there; refused: not allowed; kernel: a system call failed. */
  kind: 'usage' | 'gone' | 'refused' | 'kernel';
  operation: string | null;
  errno: string | null;
  message: string;
  hint: string | null;
  /** So many more of this kind came since the one before; they are told once a second. */
  more?: number;
}

/** A command was carried out. */
export interface DoneMessage {
  type: 'done';
  t: number;
  id: CommandId | null;
  cmd: Command['cmd'];
  /** Groups answered, devices attached, faults triggered …: how many things it did. */
  count: number;
  /** What came of it, for `replace` and `attach` the HWPT. */
  hwptId?: number;
}

export interface DroppedMessage {
  type: 'dropped';
  t: number;
  /** Records that this stream did not get, because its reader was too slow. They were answered all the same. */
  faults: number;
  /** Answers, and in a dry run verdicts, that it did not hear of. */
  answers: number;
}

export interface Counters {
  /** Records read. */
  faults: number;
  /** Groups read. */
  groups: number;
  pending: number;
  success: number;
  invalid: number;
  /** Groups the kernel answered itself: detach, replace, destroy, or found gone at an answer. */
  auto: number;
  /** Commands and answers that were refused. */
  refused: number;
  /** Groups with the device, PASID and page of one before (within the last 4,096 distinct pages). */
  repeated: number;
  /** Records evicted from the history. */
  evicted: number;
  /** Records a slow stream reader did not get. */
  dropped: number;
}

export interface Latency {
  count: number;
  p50Ns: number;
  p95Ns: number;
  p99Ns: number;
  maxNs: number;
}

export interface AttachmentRow {
  devId: number;
  pasid: number | null;
  hwptId: number;
  hwptKind: HwptKind;
  ioasId: number;
  /** The fault object, null where the HWPT has none. */
  faultId: number | null;
  handler: Handler;
  pending: number;
  oldestNs: number | null;
  /** Faults a second over the last second, and in all, that came through this attachment. */
  rate: number;
  faults: number;
}

export interface DeviceRow {
  devId: number;
  name: string;
  pasidCapable: boolean;
  attachments: AttachmentRow[];
  pending: number;
  /** Age of the oldest pending group. */
  oldestNs: number | null;
  /** Faults a second, over the last second. */
  rate: number;
  faults: number;
  /** Age of the newest fault, null before the first. */
  quietNs: number | null;
  /** For how long a simulated device has stopped for want of an answer; null on real ones, which do not say. */
  hungNs: number | null;
  /** What a simulated device says of itself ("waits for an answer since 3.2 s"); null on real ones. */
  note: string | null;
}

export interface QueueRow {
  /** Index used as `queue` everywhere. */
  queue: number;
  faultId: number;
  fd: number;
  /** poll(2) says that groups wait in it. */
  readable: boolean;
  pending: number;
  faults: number;
}

export interface HwptRow {
  hwptId: number;
  kind: HwptKind;
  ioasId: number;
  faultId: number | null;
  /** Attachments that use it. */
  users: number;
}

export interface PendingRow extends GroupFields {
  /** Since read(). */
  ageNs: number;
  /** How often this device, PASID and page was seen before. */
  repeats: number;
  /**
   * Whether memory is known to be mapped at all of its pages: null where the page tables are not ours (nested), or the
   * memory was not mapped by us.
   */
  mapped: boolean | null;
  /** The rule that holds for it and what it will do (in a dry run: would do), in so long; null: the operator decides. */
  rule: { name: string; then: Verdict; dueNs: number } | null;
}

/** What an alarm watches: pending groups, age of the oldest, faults a second, a page that faults again after SUCCESS … */
export const ALARM_KINDS = ['hung', 'oldest', 'pending', 'refault', 'rate', 'dropped'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export interface Alarm {
  kind: AlarmKind;
  level: 'warning' | 'critical';
  /** Groups, nanoseconds, faults a second or records, as `threshold`. */
  value: number;
  threshold: number;
  /** Seconds since the start. */
  since: number;
  /** Where it is of one device. */
  devId: number | null;
  pasid: number | null;
  /** In words. */
  text: string;
}

/** An alarm was raised (or its level has changed: `raised` once more), or is over. */
export interface AlarmMessage extends Alarm {
  type: 'alarm';
  t: number;
  change: 'raised' | 'cleared';
}

/** One entry a second, the newest last; at most 300. */
export interface Trend {
  /** Seconds since the start of the newest entry's end. */
  t: number;
  /** Faults read in each second. */
  faults: number[];
  /** Groups answered in each second, by us or by the kernel. */
  answered: number[];
  /** Pending groups at the end of each second. */
  pending: number[];
}

export interface Statistics {
  /** Read-to-answer times: answers that took at most `toNs` and more than the bucket before; from 1 µs in steps 1-2-5. */
  latency: { toNs: number; count: number }[];
  /**
   * The pages that faulted most, most first, at most 50. A group counts for the page of its first fault. `faults` and
   * `repeats` are exact while there are few pages; a page that others crowd out for a while has had at least so many.
   */
  pages: { devId: number; device: string; pasid: number | null; page: Hex; faults: number; repeats: number }[];
  /** By device and PASID since the start, most faults first, at most 200. `read` to `priv` count faults. */
  sources: {
    devId: number;
    device: string;
    pasid: number | null;
    groups: number;
    faults: number;
    repeated: number;
    read: number;
    write: number;
    exec: number;
    priv: number;
  }[];
  /** Groups of the sources that are not listed. */
  otherGroups: number;
  trend: Trend;
}

/** One line of the journal. */
export interface JournalEntry {
  /** Seconds since the engine started; the first entry has the wall clock. */
  t: number;
  action:
    | 'start'
    | 'answer'
    | 'auto-responded'
    | 'attached'
    | 'replaced'
    | 'detached'
    | 'policy'
    | 'alarm'
    | 'refused'
    | 'end';
  cause?: Cause;
  rule?: string | null;
  code?: Answer;
  /** Group numbers as ranges: "1-1638,1640". */
  groups?: string;
  count?: number;
  devId?: number;
  pasid?: number | null;
  hwptId?: number | null;
  result?: string;
  [detail: string]: unknown;
}

export interface Snapshot {
  type: 'snapshot';
  t: number;
  devices: DeviceRow[];
  queues: QueueRow[];
  hwpts: HwptRow[];
  /** The oldest pending groups, from `pendingFirst`; as many as the window asked for (--once: all). */
  pending: PendingRow[];
  pendingFirst: number;
  counters: Counters;
  latency: Latency;
  /** Faults a second over the last second, all devices. */
  rate: number;
  rules: (Rule & { name: string; enabled: boolean; hits: number })[];
  alarms: Alarm[];
  /** Only where it was asked for. */
  statistics?: Statistics;
  journal: { path: string | null; entries: number; error: string | null };
}

export interface Summary {
  type: 'summary';
  t: number;
  reason: 'duration' | 'count' | 'idle' | 'quit' | 'eof' | 'signal' | 'output-closed' | 'error';
  counters: Counters;
  latency: Latency;
  /** Groups that were outstanding when it ended, and what the exit plan did to them. */
  outstanding: { groups: number; plan: ExitPlan; answered: number };
}

export type EngineEvent =
  | Hello
  | FaultMessage
  | GroupMessage
  | AnswerMessage
  | VerdictMessage
  | AutoRespondedMessage
  | AttachmentMessage
  | ErrorMessage
  | DoneMessage
  | DroppedMessage
  | AlarmMessage
  | Snapshot
  | Summary;
