// What the engine reports about the whole run: the first message, the snapshot, the last message.

import { ownerRow, rescueReport } from './owner.ts';
import * as rows from './rows.ts';
import {
  bool,
  described,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  record,
  type Schema,
  type Static,
  text,
  the,
} from './schema-parts.ts';
import { answer, exitPlan, PROTOCOL, rate, t, targetKind } from './terms.ts';

const handles = object({
  iommufd: int,
  ioasId: int,
  faultId: int,
  devices: list(object({ address: text, fd: int, devId: int, hwptId: int })),
});
export type Handles = Static<typeof handles>;

const abilities = object(
  {
    answer: described('groups are answered here: `respond`, `policy` (`policy` works without it in a dry run)', bool),
    attach: described('attachments can be changed: `attach`, `replace`, `detach`', bool),
    map: described('memory can be mapped at faulting pages: `respond` with `map`', bool),
    trigger: described('devices can be made to fault, as mock devices can: `trigger`', bool),
    owner: described('the queues belong to another process (--pid): `take`, `stop`, `continue`, `rescue`', bool),
    hold: described(
      'outstanding groups can be left to the kernel at the end, which answers them (`--on-exit hold`); for queues that stay open elsewhere they are answered INVALID instead',
      bool,
    ),
  },
  'What can be done with the source of the faults; `readOnly` forbids all of it. A command that needs a missing ability is refused, with the reason. Queues and devices handed over later can add abilities.',
);
export type Abilities = Static<typeof abilities>;

const wallClock: Schema<string> = {
  type: 'string',
  format: 'date-time',
  description: "wall clock of the engine's start, ISO 8601: the origin of every `t`",
};

const spoken = object({ min: described('the oldest', int), max: described('the newest', int) });

export const hello = object(
  {
    type: the('hello'),
    protocol: the(PROTOCOL),
    'speaks?': described('versions of the messages that this engine speaks; if absent: 1', spoken),
    version: described('version of iopftop', text),
    target: object({
      kind: targetKind,
      mock: described('its kernel is simulated', bool),
      label: text,
      scenario: orNull(text),
      seed: orNull(int),
      'triggers?': described('like `abilities.trigger`; if absent: false', bool),
    }),
    abilities,
    readOnly: bool,
    dryRun: described('rules decide and are counted, but answer nothing', bool),
    onExit: exitPlan,
    rules: list(rows.ruleDefinition.ref),
    startedAt: wallClock,
    virtualTime: described('time is simulated, and the seed alone decides what is shown and when', bool),
    pauseAt: described('where simulated time stops, in seconds since the start; null: nowhere', orNull(number)),
    'handles?': described(
      'descriptors and ids of what is open, which `iopftop exec` gives to its command; not for a process or handed descriptors',
      handles,
    ),
    'command?': described('the command that `iopftop exec` started, and ends if the run ends first', text),
  },
  'First: version, target (and whether it is the mock), what can be done there (`abilities`), rules, exit plan, whether it is read-only or a dry run.',
);
export type Hello = Static<typeof hello>;

export const snapshot = object(
  {
    type: the('snapshot'),
    t,
    devices: list(rows.deviceRow.ref),
    queues: list(rows.queueRow.ref),
    hwpts: list(rows.hwptRow.ref),
    pending: described(
      'pending groups, oldest first: all, or for a screen as many as it requested',
      list(rows.pendingRow.ref),
    ),
    pendingFirst: described('how many older groups come before the first of them', int),
    counters: rows.counters.ref,
    latency: rows.latency.ref,
    rate: described('all devices', rate),
    rules: list(rows.ruleRow.ref),
    alarms: list(rows.alarm.ref),
    owner: described('the process that owns the queues (--pid); null: there is none', orNull(ownerRow.ref)),
    'statistics?': described('only if requested', rows.statistics.ref),
    journal: object({ path: orNull(text), entries: int, error: orNull(text) }),
  },
  'The current state: devices, attachments, queues, HWPTs, all pending groups, counters, rules with their hits, ' +
    'alarms, and with `--pid` the `owner`.',
);
export type Snapshot = Static<typeof snapshot>;

/** A condition over the summary, and its outcome. */
const expectation = object({
  expr: described('the CEL expression', text),
  holds: bool,
  values: described('the variables that it uses', record(number)),
  error: described(
    'why it cannot be evaluated (a division by zero), so that it does not hold; null: it can',
    orNull(text),
  ),
});
export type Expectation = Static<typeof expectation>;

const REASONS = [
  'duration',
  'count',
  'idle',
  'quit',
  'eof',
  'signal',
  'command',
  'owner-ended',
  'output-closed',
  'error',
] as const;

const outstanding = object({
  groups: described('outstanding when it ended', int),
  plan: exitPlan,
  answered: described('of these, answered by the exit plan', int),
  'gone?': described('of these, answered INVALID by the kernel meanwhile; if absent: none', int),
  'unmapped?': described(
    'if the plan was `success`: groups answered although no memory was mapped at a page; if absent: none',
    int,
  ),
});

export const summary = object(
  {
    type: the('summary'),
    t,
    reason: oneOf(...REASONS),
    counters: rows.counters.ref,
    latency: rows.latency.ref,
    outstanding,
    'beyond?': described(
      'with --count: what waited behind the requested groups and was read at the end; counted and ' +
        'answered like all others, without lines in the stream',
      object({ groups: int, faults: int }),
    ),
    'expectations?': described('the conditions of --expect, in order', list(expectation)),
  },
  'Last: why it ended (`signal` for a signal; the journal says which), counters, latency, what was outstanding.',
);
export type Summary = Static<typeof summary>;

/** The one object of `iopftop rescue --json`. */
export const rescue = object(
  {
    type: the('rescue'),
    protocol: the(PROTOCOL),
    pid: int,
    dryRun: bool,
    stop: bool,
    resume: bool,
    code: answer,
    owner: described('as it was found', orNull(ownerRow.ref)),
    report: described('null: nothing was started', orNull(rescueReport.ref)),
    error: described('why it was not done; null: it was', orNull(object({ message: text, hint: orNull(text) }))),
  },
  'What `iopftop rescue --json` prints.',
);
