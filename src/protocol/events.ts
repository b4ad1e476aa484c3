// What the engine reports while it runs: each is a line of the NDJSON stream.
import { COMMANDS } from './commands.ts';
import { rescueReport } from './owner.ts';
import { ALARM, formerRun, GROUP } from './rows.ts';
import {
  bool,
  described,
  hex,
  int,
  list,
  number,
  object,
  oneOf,
  orNull,
  type Schema,
  type Static,
  text,
  the,
} from './schema-parts.ts';
import * as terms from './terms.ts';

const { attachedPasid, cookie, device, devId, nanoseconds, pasid, queue, t } = terms;

const commandId: Schema<terms.CommandId | null> = {
  type: ['string', 'integer', 'null'],
  description: "the command's id; null: it had none",
};

/** One iommu_hwpt_pgfault record. */
export const fault = object(
  {
    type: the('fault'),
    t,
    seq: described('number of the record since the start, from 1', int),
    group: terms.group,
    queue,
    cookie,
    devId,
    pasid,
    grpid: terms.grpid,
    perm: terms.perm,
    addr: hex,
    length: int,
    lastPage: described('LAST_PAGE: the group ends with it', bool),
    flags: described('as the kernel gave them', int),
  },
  'One iommu_hwpt_pgfault record, as it was read, with its `group`: `--stream faults` (default).',
);
export type FaultMessage = Static<typeof fault>;

export const groupMessage = object(
  { type: the('group'), t, ...GROUP },
  'Faults that are answered together, with their first and last address: `--stream groups`.',
);

export const answerMessage = object(
  {
    type: the('answer'),
    t,
    group: terms.group,
    queue,
    cookie,
    devId,
    pasid,
    code: terms.answer,
    cause: terms.cause,
    rule: described('name of the rule, if a rule was the cause', orNull(text)),
    'mapped?': described('memory was mapped at its pages first, for this answer', the(true)),
    result: described(
      'gone: the kernel no longer knew the cookie (EINVAL); it had answered INVALID itself',
      oneOf('ok', 'gone'),
    ),
    latencyNs: described('from read() to this answer; the kernel provides no timestamps', nanoseconds),
  },
  'A group was answered: by whom (`key`, `rule`, `script`, `exit`), with what result and how long after its read.',
);

export const verdictMessage = object(
  {
    type: the('verdict'),
    t,
    group: terms.group,
    queue,
    devId,
    pasid,
    rule: text,
    then: terms.verdict,
    afterNs: described('how long after its read the rule would act', nanoseconds),
  },
  'In a dry run: what a rule would have done with a group, which is held instead; not with `--stream none`.',
);

export const autoResponded = object(
  {
    type: the('auto-responded'),
    t,
    groups: list(int),
    devId,
    pasid: attachedPasid,
    reason: described(
      'reused: another process did one of these, and a new group arrived with the cookie of a pending one',
      oneOf('replace', 'detach', 'destroy', 'reused'),
    ),
  },
  'Groups that the kernel answered INVALID by itself, because of a replace or detach.',
);
export type AutoRespondedMessage = Static<typeof autoResponded>;

export const attachment = object(
  {
    type: the('attachment'),
    t,
    change: oneOf('attached', 'replaced', 'detached'),
    cause: terms.cause,
    devId,
    device,
    pasid: attachedPasid,
    hwptId: orNull(int),
    oldHwptId: orNull(int),
    invalidated: described('pending groups that became INVALID because of it', int),
  },
  'A device or PASID was attached, replaced or detached.',
);

export const errorMessage = object(
  {
    type: the('error'),
    t,
    id: commandId,
    kind: described(
      'usage: malformed; gone: its target does not exist; refused: not allowed; kernel: a system call failed; ' +
        'bug: a bug in iopftop, and the run ends',
      oneOf('usage', 'gone', 'refused', 'kernel', 'bug'),
    ),
    operation: orNull(text),
    errno: orNull(text),
    message: text,
    hint: orNull(text),
    'more?': described(
      'how many more of this kind came since the previous one; they are reported once per second',
      int,
    ),
  },
  'Why a command failed, with its `id`. An error without an `id` comes from a rule or from the run.',
);
export type ErrorMessage = Static<typeof errorMessage>;

export const done = object(
  {
    type: the('done'),
    t,
    id: commandId,
    cmd: oneOf(...(Object.keys(COMMANDS) as (keyof typeof COMMANDS)[])),
    count: described('number of groups answered, devices attached, faults triggered …', int),
    'gone?': described('`respond` with `groups`: how many of them were no longer pending', int),
    'hwptId?': described('`replace` and `attach`: the HWPT', int),
    'rescue?': rescueReport.ref,
  },
  'A command was carried out, with its `id`.',
);
export type DoneMessage = Static<typeof done>;

export const notice = object(
  {
    type: the('notice'),
    t,
    what: oneOf(...terms.NOTICE_KINDS),
    text: described('human-readable text', text),
    'pid?': described('the process that it is about', int),
    'queue?': described('the queue that it is about', int),
    'device?': described('the device that it is about', text),
    'former?': described('`unfinished`: the run without an end in the journal', formerRun.ref),
    'rule?': described('`rule-broken`: the rule that could not be evaluated', text),
    'group?': described('`rule-broken`: for this group', int),
    'error?': described('`rule-broken`: why', text),
  },
  'Something happened at the source of the faults: a text, and the `pid`, `queue` or `device` that it is ' +
    'about. `configuration`: the default file could not be read, and the defaults are used. ' +
    '`unfinished`: a run without an end in the journal. `rule-broken` is reported the first, tenth, hundredth time …',
);
export type NoticeMessage = Static<typeof notice>;

const before = object({
  name: text,
  'when?': text,
  then: terms.verdict,
  'afterMs?': described('milliseconds', number),
});

export const policy = object(
  {
    type: the('policy'),
    t,
    cause: terms.cause,
    change: oneOf(...terms.POLICY_CHANGES),
    'rule?': described('its name', text),
    'number?': described('its place in the list, from 1; for a deleted rule, its former place', int),
    'from?': described('`moved`: its former place', int),
    'when?': described('its condition now; for a deleted rule, its last one', text),
    'then?': terms.verdict,
    'afterMs?': described('milliseconds', number),
    'enabled?': bool,
    'before?': described('`changed`: its former values', before),
    count: described('rules in the list now', int),
    'changes?': described('`more`: how many', int),
  },
  'The rules were changed by a command: one message for each rule and change, with its cause and the former values.',
);
export type PolicyMessage = Static<typeof policy>;

export const dropped = object(
  {
    type: the('dropped'),
    t,
    faults: described('records', int),
    answers: described('answers, and in a dry run verdicts', int),
    messages: described(
      'messages of other kinds: `auto-responded`, `attachment`, `alarm`, `notice`, `policy`, an `error` without an `id`',
      int,
    ),
  },
  'What this stream dropped because its reader was too slow. The groups were answered anyway; a `snapshot` has the ' +
    'current state.',
);

export const alarmMessage = object(
  { type: the('alarm'), t, change: oneOf('raised', 'cleared'), ...ALARM },
  'An alarm was raised (again when its level changes) or cleared: its kind, its level, the measured value and a text.',
);
export type AlarmMessage = Static<typeof alarmMessage>;
