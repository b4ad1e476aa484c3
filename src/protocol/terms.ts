// Terms that both directions use.
import { PERM_WORDS } from '../uapi/perm.ts';
import {
  bool,
  described,
  type Fields,
  type hex,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  type Static,
  text,
} from './schema-parts.ts';
import { VERDICTS } from './verdicts.ts';

/** The version of the messages; a front end refuses any other major. */
export const PROTOCOL = 'iopftop/1';

export type Hex = Static<typeof hex>;

export const answer = oneOf('success', 'invalid');
export type Answer = Static<typeof answer>;

export const verdict = oneOf(...VERDICTS);
export type Verdict = Static<typeof verdict>;

/** Who caused an answer or a change of attachment. `exit` is the exit plan. */
export const CAUSES = ['key', 'rule', 'script', 'scenario', 'exit'] as const;
export const cause = oneOf(...CAUSES);
export type Cause = Static<typeof cause>;

/**
 * Where the fault queues come from: the simulated kernel, selftest devices, devices of this host (VFIO), another process
 * (--pid), descriptors that were inherited or handed over by a socket.
 */
export const targetKind = oneOf('mock', 'selftest', 'host', 'process', 'handed');

export const hwptKind = oneOf('paging', 'nested', 'auto');
export type HwptKind = Static<typeof hwptKind>;

/**
 * Who handles the faults of an attachment: a fault queue of ours, the kernel (an SVA bond), or nobody. A real kernel does not
 * report SVA bonds: only the mock's are known.
 */
export const handler = oneOf('us', 'kernel', 'nobody');
export type Handler = Static<typeof handler>;

export const perm: Schema<string[]> = list(oneOf(...PERM_WORDS));

/** What is done to outstanding groups at the end; `hold` leaves them, and the kernel answers INVALID. */
export const exitPlan = oneOf('hold', 'invalid', 'success');
export type ExitPlan = Static<typeof exitPlan>;

/** A whole number as written, which JavaScript would write differently or cannot hold: 9007199254740993, 1.0, 1e400. */
export interface WrittenNumber {
  readonly json: string;
}

/** Chosen by the sender of a command; returned in `done` and `error`. */
export type CommandId = string | number | WrittenNumber;

export const RULE = {
  'name?': described('shown in the journal; default: its place in the list (`rule 2`)', text),
  'when?': described('a CEL expression over the group; without one the rule applies to every group', text),
  then: described(
    'what to answer; `map` maps memory at the faulting pages first; `hold` leaves it to the operator',
    verdict,
  ),
  'afterMs?': described('answer only when the group has waited this long, in milliseconds', number),
  'enabled?': described('a disabled rule stays in the list but decides nothing; default true', bool),
} as const satisfies Fields;
export const rule = object(RULE);
export type Rule = Static<typeof rule>;

// Fields that many messages have.
export const t = described('seconds since the start', number);
export const nanoseconds = described('nanoseconds', number);
export const rate = described('faults per second, over the last second', number);
export const group = described("the group's own number since the start, from 1; never used again", int);
export const queue = described('index of the fault queue', int);
export const cookie = described("the kernel's name for the group while it is outstanding; reused at once", int);
export const devId = described('id of the iommufd device object', int);
export const device = described('name of the device', text);
export const pasid = described('null without PASID_VALID', orNull(int));
export const attachedPasid = described('null: the device itself', orNull(int));
export const grpid = described('Page Request Group Index of the device; not unique', int);

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
 * What became of a rule: at the start it is `in-force` (journal only); `armed`: new and on; `added`: new and off; `same`: the
 * list that was given is the one that was; `more`: further changes, not reported one by one.
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

/** What a line of the journal is about. `running`: what `start` said and what has changed since, in a file that was emptied. */
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

/** What an alarm watches: a stuck device, a rule that cannot be evaluated, a page that faults again after SUCCESS … */
export const ALARM_KINDS = ['hung', 'broken', 'oldest', 'pending', 'refault', 'rate', 'dropped'] as const;

/** auto: the kernel answered INVALID. */
export const RECORD_STATES = ['pending', 'success', 'invalid', 'auto'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** The lists that can be filtered. */
export const FILTERED_LISTS = ['devices', 'pending', 'stream', 'journal'] as const;
export type FilteredList = (typeof FILTERED_LISTS)[number];

/** Most groups of one `trigger`: the kernel queues triggered faults without bound, and a typo must not fill its memory. */
export const MOST_TRIGGERED = 65_536;
