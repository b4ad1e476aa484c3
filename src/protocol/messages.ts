// What the engine and the front ends say to each other. In one process these objects cross a MessagePort; headless they
// are NDJSON, one object a line, and the same stream is the recording. Addresses are hex strings ("0x7f00"), times are
// seconds since the engine started, durations nanoseconds where the name ends in Ns. schema.ts holds the JSON Schema.

/** The version of the messages; a front end refuses any other major. */
export const PROTOCOL = 'iopftop/1';

export type Hex = `0x${string}`;
export type Answer = 'success' | 'invalid';
/** `map` maps memory at the faulting pages (an IOAS of ours) and then answers success. */
export type Verdict = Answer | 'map' | 'hold';
/** Who caused an answer or a change of attachment. `exit` is the exit plan. */
export type Cause = 'key' | 'rule' | 'script' | 'scenario' | 'exit';
export type TargetKind = 'mock' | 'selftest';
export type HwptKind = 'paging' | 'nested' | 'auto';
/** Who handles the faults of an attachment: a fault queue of ours, the kernel (SVA), or nobody. */
export type Handler = 'us' | 'kernel' | 'nobody';

export interface Rule {
  /** Shown in the journal; defaults to its place in the list. */
  name?: string;
  /** A CEL expression over the group; without one the rule is for every group. */
  when?: string;
  then: Verdict;
  /** Answer only when the group has waited this long, in milliseconds. */
  afterMs?: number;
}

// ---- engine → front end ----

export interface Hello {
  type: 'hello';
  protocol: typeof PROTOCOL;
  version: string;
  target: { kind: TargetKind; mock: boolean; label: string; scenario: string | null; seed: number | null };
  readOnly: boolean;
  onExit: ExitPlan;
  rules: Rule[];
  /** Wall clock of the engine's start, ISO 8601: the origin of every `t`. */
  startedAt: string;
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

/** The faults that are answered together. */
export interface GroupMessage {
  type: 'group';
  t: number;
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

export interface PendingRow {
  group: number;
  queue: number;
  cookie: number;
  devId: number;
  device: string;
  pasid: number | null;
  grpid: number;
  faults: number;
  first: Hex;
  last: Hex;
  perm: string[];
  /** Since read(). */
  ageNs: number;
  /** How often this device, PASID and page was seen before. */
  repeats: number;
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
  rules: (Rule & { hits: number })[];
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
 * End of a packet of events. The front end answers `{control: 'seen', what: 'events'}` once it has put them where they
 * go; until then the engine holds back further ones (bounded: `dropped`). Not part of the NDJSON stream.
 */
export interface Flush {
  type: 'flush';
}

/** The part of the stream that a screen shows, undecoded. Not part of the NDJSON stream. */
export interface StreamWindow {
  /** Sequence number of the first record of the window. */
  first: number;
  /** Oldest and newest record held; 0 when there is none. */
  oldest: number;
  newest: number;
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

/** A snapshot for a screen: with the window it asked for. */
export interface View {
  type: 'view';
  snapshot: Snapshot;
  stream: StreamWindow;
}

export type EngineEvent =
  | Hello
  | FaultMessage
  | GroupMessage
  | AnswerMessage
  | AutoRespondedMessage
  | AttachmentMessage
  | ErrorMessage
  | DoneMessage
  | DroppedMessage
  | Snapshot
  | Summary;

/** All that crosses the port to a front end in the same process. */
export type FromEngine = EngineEvent | Batch | AnswerBatch | View | Flush;

// ---- front end → engine ----

/** Given by whoever sends a command; comes back in `done` and `error`. */
export type CommandId = string | number;

export type ExitPlan = 'hold' | 'invalid' | 'success';

interface Base {
  id?: CommandId;
}

/** What to answer: one group by its number, or all pending ones, narrowed by device, PASID or a CEL expression. */
export interface RespondCommand extends Base {
  cmd: 'respond';
  group?: number;
  groups?: number[];
  all?: boolean;
  devId?: number;
  pasid?: number;
  when?: string;
  code: Answer | 'map';
}

/** `hwpt`: an id, or what to make. Without `pasid` the device itself. */
export interface ReplaceCommand extends Base {
  cmd: 'replace';
  devId: number;
  pasid?: number;
  hwpt: number | 'new-paging' | 'new-nested';
}

export interface AttachCommand extends Base {
  cmd: 'attach';
  devId: number;
  pasid?: number;
  hwpt: number | 'new-paging' | 'new-nested';
}

export interface DetachCommand extends Base {
  cmd: 'detach';
  devId: number;
  pasid?: number;
}

export interface TriggerCommand extends Base {
  cmd: 'trigger';
  devId: number;
  pasid?: number;
  addr?: Hex | number;
  /** Any of read, write, exec, priv; default read. */
  perm?: string[];
  grpid?: number;
  /** How many groups, each at the next page; default 1. */
  count?: number;
}

/** Replaces the whole rule list. */
export interface PolicyCommand extends Base {
  cmd: 'policy';
  rules: Rule[];
}

export interface SnapshotCommand extends Base {
  cmd: 'snapshot';
}

export interface QuitCommand extends Base {
  cmd: 'quit';
  onExit?: ExitPlan;
}

/** Commands of the NDJSON input. */
export type Command =
  | RespondCommand
  | ReplaceCommand
  | AttachCommand
  | DetachCommand
  | TriggerCommand
  | PolicyCommand
  | SnapshotCommand
  | QuitCommand;

/**
 * What a screen shows: so many rows of the stream ending at `streamEnd` (null: the newest), so many pending groups from
 * `pendingFirst` in order of age. Views come at most `perSecond` times a second, each after the one before was seen.
 */
export interface WindowRequest {
  control: 'window';
  streamRows: number;
  streamEnd: number | null;
  pendingRows: number;
  pendingFirst: number;
  perSecond: number;
}

/** The view, or the packet of events that ended with `flush`, has been taken: send more. */
export interface Seen {
  control: 'seen';
  what: 'view' | 'events';
}

/** What a front end in the same process sends. `cause` says on whose behalf: a key of the screen or a line of a script. */
export type ToEngine = { command: Command; cause: 'key' | 'script' } | WindowRequest | Seen;
