// What the engine says: each is a line of the NDJSON stream.
import type { Command } from './commands.ts';
import type { OwnerRow, RescueReport } from './owner.ts';
import type {
  Alarm,
  BrokenRule,
  Counters,
  DeviceRow,
  GroupFields,
  HwptRow,
  Latency,
  PendingRow,
  QueueRow,
  Statistics,
} from './rows.ts';
import type {
  Answer,
  Cause,
  CommandId,
  ExitPlan,
  Hex,
  NoticeKind,
  PolicyChange,
  PROTOCOL,
  Rule,
  TargetKind,
  Verdict,
} from './terms.ts';

export interface Hello {
  type: 'hello';
  protocol: typeof PROTOCOL;
  version: string;
  target: {
    kind: TargetKind;
    mock: boolean;
    label: string;
    scenario: string | null;
    seed: number | null;
    /** Faults can be triggered (`trigger`): its devices are mock devices. Left out: no. */
    triggers?: boolean;
  };
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
  /** Descriptors and ids of what is open: what `iopftop exec` gives to its command. Not for a process or handed descriptors. */
  handles?: Handles;
  /** The command that `iopftop exec` has started, and ends when the run ends first. */
  command?: string;
}

export interface Handles {
  iommufd: number;
  ioasId: number;
  faultId: number;
  devices: { address: string; fd: number; devId: number; hwptId: number }[];
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
  /** Memory was mapped at its pages first, for this answer; left out where not. */
  mapped?: true;
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

/** Groups that the kernel answered INVALID by itself; `reused`: a group came with the cookie of one that was pending. */
export interface AutoRespondedMessage {
  type: 'auto-responded';
  t: number;
  groups: number[];
  devId: number;
  pasid: number | null;
  reason: 'replace' | 'detach' | 'destroy' | 'reused';
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
  /**
   * usage: malformed; gone: what it names is not there; refused: not allowed; kernel: a system call failed; bug: one of
   * iopftop's own, and the run ends.
   */
  kind: 'usage' | 'gone' | 'refused' | 'kernel' | 'bug';
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
  /** For `respond` by several numbers: how many of them were not pending any more. */
  gone?: number;
  /** What came of it, for `replace` and `attach` the HWPT. */
  hwptId?: number;
  /** Of `rescue`. */
  rescue?: RescueReport;
}

/** Something happened to where the faults come from: the owner was stopped, a queue was handed over, a driver was bound … */
export interface NoticeMessage {
  type: 'notice';
  t: number;
  what: NoticeKind;
  /** In words. */
  text: string;
  /** What it is about, where it is one of these. */
  pid?: number;
  queue?: number;
  device?: string;
  rule?: string;
  group?: number;
  /** Why a rule could not be evaluated. */
  error?: string;
  /** `unfinished`: the run that has no end in the journal. */
  former?: FormerRunRow;
}

/** The rules were changed by a command: one message for each rule and change. */
export interface PolicyMessage {
  type: 'policy';
  t: number;
  cause: Cause;
  change: PolicyChange;
  /** Its name. */
  rule?: string;
  /** Its place in the list, from 1; of a deleted one the place that it had. */
  number?: number;
  /** `moved`: the place that it had. */
  from?: number;
  /** As it is now; of a deleted one as it was. */
  when?: string;
  then?: Verdict;
  afterMs?: number;
  enabled?: boolean;
  /** `changed`: as it was. */
  before?: { name: string; when?: string; then: Verdict; afterMs?: number };
  /** Rules in the list now. */
  count: number;
  /** `more`: how many. */
  changes?: number;
}

/** A run that has no end in the journal. */
export interface FormerRunRow {
  /** Its id; null: a version wrote it whose entries have none. */
  run: string | null;
  /** `unknown`: killed, or still running. */
  state: 'killed' | 'running' | 'unknown';
  /** ISO 8601; null: its start is not in the journal. */
  startedAt: string | null;
  /** Of its last entry, in seconds since its start. */
  lastT: number;
  /** Whose queues it had: simulated ones, its own, those of another process, or handed over; null: not known. */
  queues: 'simulated' | 'own' | 'process' | 'handed' | null;
  /** What it had read and not answered may still be outstanding: the processes that `iopftop rescue --pid` is for. */
  rescue: number[];
}

export interface DroppedMessage {
  type: 'dropped';
  t: number;
  /** Records that this stream did not get, because its reader was too slow. They were answered all the same. */
  faults: number;
  /** Answers, and in a dry run verdicts, that it did not hear of. */
  answers: number;
  /** Messages of other kinds (`auto-responded`, `attachment`, `alarm`, `notice`, an `error` without id); `snapshot` says how things stand. */
  messages: number;
}

/** An alarm was raised (or its level has changed: `raised` once more), or is over. */
export interface AlarmMessage extends Alarm {
  type: 'alarm';
  t: number;
  change: 'raised' | 'cleared';
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
  /** `everything`: its condition is empty, or holds whatever comes. */
  rules: (Rule & { name: string; enabled: boolean; hits: number; broken?: BrokenRule; everything?: true })[];
  alarms: Alarm[];
  /** The process whose queues they are (--pid); null: there is none. */
  owner: OwnerRow | null;
  /** Only where it was asked for. */
  statistics?: Statistics;
  journal: { path: string | null; entries: number; error: string | null };
}

export interface Summary {
  type: 'summary';
  t: number;
  reason:
    | 'duration'
    | 'count'
    | 'idle'
    | 'quit'
    | 'eof'
    | 'signal'
    | 'command'
    | 'owner-ended'
    | 'output-closed'
    | 'error';
  counters: Counters;
  latency: Latency;
  /**
   * Groups that were outstanding when it ended, and how many the exit plan answered; `gone`, where there are any: the kernel had
   * answered them INVALID by then; `unmapped`, where SUCCESS was the plan: those answered had a page where no memory was mapped.
   */
  outstanding: { groups: number; plan: ExitPlan; answered: number; gone?: number; unmapped?: number };
  /**
   * With --count: what waited behind the groups that were asked for, and was read at the end. Counted and answered as all others; the
   * stream has no lines for it. Absent where there was none.
   */
  beyond?: { groups: number; faults: number };
  /** Of --expect, in its order; absent without one. */
  expectations?: Expectation[];
}

/** A condition over the summary, and what came of it. */
export interface Expectation {
  /** The CEL expression. */
  expr: string;
  holds: boolean;
  /** The variables that it speaks of. */
  values: Record<string, number>;
  /** Why it cannot be evaluated (a division by zero), so that it does not hold; null: it could. */
  error: string | null;
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
  | NoticeMessage
  | PolicyMessage
  | Snapshot
  | Summary;
