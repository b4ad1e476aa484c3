// Words that both directions use.

/** The version of the messages; a front end refuses any other major. */
export const PROTOCOL = 'iopftop/1';

export type Hex = `0x${string}`;
export type Answer = 'success' | 'invalid';
/** `map` maps memory at the faulting pages (an IOAS of ours) and then answers success. */
export type Verdict = Answer | 'map' | 'hold';
/** Who caused an answer or a change of attachment. `exit` is the exit plan. */
export type Cause = 'key' | 'rule' | 'script' | 'scenario' | 'exit';
/**
 * Where the fault queues come from: the simulated kernel, selftest devices, devices of this host (VFIO), another process
 * (--pid), descriptors that were inherited or handed over by a socket.
 */
export type TargetKind = 'mock' | 'selftest' | 'host' | 'process' | 'handed';
export type HwptKind = 'paging' | 'nested' | 'auto';
/**
 * Who handles the faults of an attachment: a fault queue of ours, the kernel (an SVA bond), or nobody. Of SVA bonds a real kernel
 * tells nobody: only those of the mock are known.
 */
export type Handler = 'us' | 'kernel' | 'nobody';

export interface Rule {
  /** Shown in the journal; defaults to its place in the list. */
  name?: string;
  /** A CEL expression over the group; without one the rule is for every group. */
  when?: string;
  then: Verdict;
  /** Answer only when the group has waited this long, in milliseconds. */
  afterMs?: number;
  /** A rule that is off stays in the list and decides nothing; default true. */
  enabled?: boolean;
}

/** What is done to outstanding groups at the end; `hold` leaves them, and the kernel answers INVALID. */
export type ExitPlan = 'hold' | 'invalid' | 'success';

/** Given by whoever sends a command; comes back in `done` and `error`. */
export type CommandId = string | number | WrittenNumber;

/** A whole number as it was written, which JavaScript would write in another way or cannot hold: 9007199254740993, 1.0, 1e400. */
export interface WrittenNumber {
  readonly json: string;
}

/** What happened to where the faults come from, beyond attachments. */
export const NOTICE_KINDS = [
  'taken',
  'stopped',
  'continued',
  'rescued',
  'owner-ended',
  'queue-opened',
  'queue-closed',
  'connected',
  'disconnected',
  'bound',
  'restored',
  'recovered',
  'faultless',
  'command-ended',
  'left-behind',
  'unfinished',
  'look-back',
  'rule-broken',
  'configuration',
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/**
 * What became of a rule: at the start it is `in-force` (journal only); `armed`: new and on; `added`: new and off; `same`: the list
 * that was given is the one that was; `more`: so many changes more, which are not told one by one.
 */
export const POLICY_CHANGES = [
  'in-force',
  'armed',
  'added',
  'on',
  'off',
  'moved',
  'changed',
  'deleted',
  'same',
  'more',
] as const;
export type PolicyChange = (typeof POLICY_CHANGES)[number];

/** What a line of the journal is about. `running`: what `start` said, and what has changed since, in a file that was emptied. */
export const JOURNAL_ACTIONS = [
  'start',
  'running',
  'answer',
  'auto-responded',
  'attached',
  'replaced',
  'detached',
  'policy',
  'alarm',
  'refused',
  ...NOTICE_KINDS,
  'end',
] as const;
export type JournalAction = (typeof JOURNAL_ACTIONS)[number];

/** Groups of one `trigger`: the kernel holds what is triggered without bound, so that a slip must not fill it. */
export const MOST_TRIGGERED = 65_536;
