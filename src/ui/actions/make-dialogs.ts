// Opening dialogs: their target is fixed here.
import type { Command, ExitPlan, Hello, Snapshot } from '../../protocol/messages.ts';
import { isBorrowed } from '../model/abilities.ts';
import {
  type AnswerCode,
  CANCEL,
  type Choice,
  type Dialog,
  PLAIN,
  type Target,
  targetName,
} from '../model/dialogs/dialog.ts';
import { hwptChoices } from '../model/dialogs/hwpts.ts';
import { pendingOf } from '../model/dialogs/pending-of.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { plural } from '../text/format.ts';

const VERB: Record<AnswerCode, string> = {
  success: 'Answer SUCCESS',
  invalid: 'Answer INVALID',
  map: 'Map and answer SUCCESS',
};

/** Puts the dialog on the screen, Cancel selected. */
export function show(state: UiState, dialog: Dialog): Outcome {
  const { nextId: id } = state;
  return { state: { ...state, nextId: id + 1, help: null, dialog: { ...dialog, id } }, effects: [] };
}

const withPasid = (target: Target) => (target.pasid === null ? {} : { pasid: target.pasid });

/** All pending groups of a device or PASID: exactly these, if the window has all of them, else all that are pending then. */
export function respondDialog(target: Target, code: AnswerCode, snapshot: Snapshot, canMap: boolean): Dialog {
  const pending = pendingOf(snapshot, target);
  const rows = snapshot.pending.filter(
    (row) => row.devId === target.devId && (target.pasid === null || row.pasid === target.pasid),
  );
  const known = rows.length === pending;
  const groups = known ? { groups: rows.map((row) => row.group) } : { devId: target.devId, ...withPasid(target) };
  const make = (answer: AnswerCode): Command => ({
    cmd: 'respond',
    ...(known ? {} : { all: true }),
    ...groups,
    code: answer,
  });
  const which = known ? plural(pending, 'group') : 'all of them';
  return {
    ...PLAIN,
    kind: code === 'map' ? 'map' : 'respond',
    title: `${VERB[code]} — ${targetName(target)}`,
    target,
    choices: [CANCEL, ...answers(code, which, make, canMap)],
    groups,
  };
}

/** SUCCESS should have memory behind it: if memory can be mapped, that choice comes first. */
function answers(code: AnswerCode, which: string, make: (code: AnswerCode) => Command, canMap: boolean): Choice[] {
  const codes: AnswerCode[] = code === 'success' && canMap ? ['map', 'success'] : [code];
  return codes.map((answer) => ({ label: `${VERB[answer]} to ${which}`, does: { command: make(answer) } }));
}

/** The marked groups, by number: never others. */
export function marksDialog(marks: readonly number[], code: AnswerCode, canMap: boolean): Dialog {
  const groups = [...marks].sort((a, b) => a - b);
  const make = (answer: AnswerCode): Command => ({ cmd: 'respond', groups, code: answer });
  return {
    ...PLAIN,
    kind: code === 'map' ? 'map' : 'respond',
    title: `${VERB[code]} — ${plural(groups.length, 'marked group')}`,
    choices: [CANCEL, ...answers(code, plural(groups.length, 'group'), make, canMap)],
    groups: { groups },
  };
}

/** A second look before SUCCESS to one group that it may not help. */
export function doubtDialog(group: number, canMap: boolean): Dialog {
  const make = (code: AnswerCode): Command => ({ cmd: 'respond', groups: [group], code });
  const map: Choice = { label: 'Map memory there and answer SUCCESS', does: { command: make('map') } };
  return {
    ...PLAIN,
    kind: 'doubt',
    title: `Answer SUCCESS — group ${group}`,
    choices: [CANCEL, ...(canMap ? [map] : []), { label: 'Answer SUCCESS anyway', does: { command: make('success') } }],
    groups: { groups: [group] },
  };
}

export function replaceDialog(target: Target, snapshot: Snapshot): Dialog {
  const make = (hwpt: number | 'new-paging' | 'new-nested'): Command => ({
    cmd: 'replace',
    devId: target.devId,
    ...withPasid(target),
    hwpt,
  });
  return {
    ...PLAIN,
    kind: 'replace',
    title: `Replace the HWPT — ${targetName(target)}`,
    target,
    choices: [CANCEL, ...hwptChoices(snapshot.hwpts, target.hwptId, make)],
  };
}

/** The device itself when it is free, else a PASID of it, whose number can be typed. */
export function attachDialog(target: Target, pasid: number | null, snapshot: Snapshot): Dialog {
  const make = (hwpt: number | 'new-paging' | 'new-nested'): Command => ({ cmd: 'attach', devId: target.devId, hwpt });
  return {
    ...PLAIN,
    kind: 'attach',
    title: `${pasid === null ? 'Attach' : 'Attach a PASID'} — ${targetName({ ...target, pasid: null })}`,
    target,
    choices: [CANCEL, ...hwptChoices(snapshot.hwpts, null, make)],
    input: pasid === null ? null : { label: 'PASID', value: String(pasid) },
  };
}

export function detachDialog(target: Target): Dialog {
  const command: Command = { cmd: 'detach', devId: target.devId, ...withPasid(target) };
  return {
    ...PLAIN,
    kind: 'detach',
    title: `Detach — ${targetName(target)}`,
    target,
    choices: [CANCEL, { label: `Detach ${targetName(target)}`, does: { command } }],
  };
}

const LEAVING: Record<ExitPlan, Choice> = {
  hold: {
    label: 'Quit, leave them to the kernel (INVALID)',
    does: { quit: 'hold' },
    note: 'The kernel answers INVALID when the queue closes: the devices see that the page request failed.',
  },
  invalid: {
    label: 'Quit, answer INVALID',
    does: { quit: 'invalid' },
    note: 'The same for the devices; in the journal it is our answer.',
  },
  success: {
    label: 'Quit, answer SUCCESS',
    does: { quit: 'success' },
    note: 'The devices retry; their new faults are answered INVALID, unseen.',
  },
};

/** Memory mapped here is unmapped when iopftop ends: an exit plan that maps would promise what it then takes away. */
const STAY_AND_MAP: Choice = {
  label: 'Stay: map memory and answer SUCCESS',
  does: { command: { cmd: 'respond', all: true, code: 'map' } },
  note: 'The devices resume with memory mapped, which lasts as long as iopftop runs. Quit once they are done.',
};

/** Queues that are not ours stay open: their owner keeps reading them. */
const LEAVING_BORROWED: Partial<Record<ExitPlan, Choice>> = {
  invalid: {
    ...LEAVING.invalid,
    note: 'Nobody else can answer what was read here: the devices see that the page request failed.',
  },
  success: {
    ...LEAVING.success,
    note: 'The devices retry; their new faults wait for the process that owns the queues.',
  },
};

/**
 * If nothing is outstanding there is nothing to choose: later faults follow the exit plan, as its text then says.
 * The choices have no numbers: faults keep arriving while it is open, and its text always has the present count.
 */
export function quitDialog(hello: Hello, pending: number, canMap: boolean): Dialog {
  const borrowed = isBorrowed(hello);
  const all: readonly ExitPlan[] = borrowed ? ['invalid', 'success'] : ['hold', 'invalid', 'success'];
  const first = all.filter((plan) => plan === hello.onExit);
  const leaving = (plan: ExitPlan): Choice => (borrowed && LEAVING_BORROWED[plan]) || LEAVING[plan];
  const withMap = (plan: ExitPlan): Choice[] =>
    plan === 'success' && canMap && !hello.readOnly ? [STAY_AND_MAP, leaving(plan)] : [leaving(plan)];
  const plans = hello.readOnly ? all.slice(0, 1) : [...first, ...all.filter((plan) => plan !== hello.onExit)];
  return {
    ...PLAIN,
    kind: 'quit',
    title: 'Quit',
    choices: [CANCEL, ...(pending ? plans.flatMap(withMap) : [{ label: 'Quit', does: { quit: hello.onExit } }])],
    groups: { all: true },
  };
}
