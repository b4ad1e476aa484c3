// Opening dialogs: what they are for is fixed here.
import type { Command, ExitPlan, HwptRow, Snapshot } from '../../protocol/messages.ts';
import { plural } from '../text/format.ts';
import { CANCEL, type Choice, type Dialog, describeHwpt, pendingOf, type Target, targetName } from './dialog.ts';

type Code = 'success' | 'invalid' | 'map';
const VERB: Record<Code, string> = {
  success: 'Answer SUCCESS',
  invalid: 'Answer INVALID',
  map: 'Map and answer SUCCESS',
};

const withPasid = (target: Target) => (target.pasid === null ? {} : { pasid: target.pasid });

/** All pending groups of a device or PASID: exactly these, if all of them are in the window, else whatever there is then. */
export function respondDialog(target: Target, code: Code, snapshot: Snapshot): Dialog {
  const pending = pendingOf(snapshot, target);
  const rows = snapshot.pending.filter(
    (row) => row.devId === target.devId && (target.pasid === null || row.pasid === target.pasid),
  );
  const groups = rows.length === pending ? rows.map((row) => row.group) : null;
  const command: Command = groups
    ? { cmd: 'respond', groups, code }
    : { cmd: 'respond', all: true, devId: target.devId, ...withPasid(target), code };
  return {
    kind: code === 'map' ? 'map' : 'respond',
    title: `${VERB[code]} — ${targetName(target)}`,
    target,
    choices: [
      CANCEL,
      { label: `${VERB[code]} to ${groups ? plural(pending, 'group') : 'all of them'}`, act: { command } },
    ],
    at: 0,
    input: null,
    groups,
  };
}

function hwptChoices(
  hwpts: readonly HwptRow[],
  now: number | null,
  make: (hwpt: number | 'new-paging' | 'new-nested') => Command,
): Choice[] {
  const existing = hwpts.filter((hwpt) => hwpt.hwptId !== now);
  return [
    ...existing.map((hwpt) => ({ label: describeHwpt(hwpt), act: { command: make(hwpt.hwptId) } })),
    { label: 'new paging HWPT with a fault queue', act: { command: make('new-paging') } },
    { label: 'new nested HWPT with a fault queue', act: { command: make('new-nested') } },
  ];
}

export function replaceDialog(target: Target, snapshot: Snapshot): Dialog {
  const make = (hwpt: number | 'new-paging' | 'new-nested'): Command => ({
    cmd: 'replace',
    devId: target.devId,
    ...withPasid(target),
    hwpt,
  });
  return {
    kind: 'replace',
    title: `Replace the HWPT — ${targetName(target)}`,
    target,
    choices: [CANCEL, ...hwptChoices(snapshot.hwpts, target.hwptId, make)],
    at: 0,
    input: null,
    groups: null,
  };
}

/** The device itself when it is free, else a PASID of it, whose number can be typed. */
export function attachDialog(target: Target, pasid: number | null, snapshot: Snapshot): Dialog {
  const make = (hwpt: number | 'new-paging' | 'new-nested'): Command => ({ cmd: 'attach', devId: target.devId, hwpt });
  return {
    kind: 'attach',
    title: `${pasid === null ? 'Attach' : 'Attach a PASID'} — ${targetName({ ...target, pasid: null })}`,
    target,
    choices: [CANCEL, ...hwptChoices(snapshot.hwpts, null, make)],
    at: 0,
    input: pasid === null ? null : { label: 'PASID', value: String(pasid) },
    groups: null,
  };
}

export function detachDialog(target: Target): Dialog {
  const command: Command = { cmd: 'detach', devId: target.devId, ...withPasid(target) };
  return {
    kind: 'detach',
    title: `Detach — ${targetName(target)}`,
    target,
    choices: [CANCEL, { label: `Detach ${targetName(target)}`, act: { command } }],
    at: 0,
    input: null,
    groups: null,
  };
}

/** Without a number: faults go on arriving while it is open, and the count that it concerns is told anew in its text. */
export function quitDialog(onExit: ExitPlan): Dialog {
  const how: Record<ExitPlan, string> = {
    hold: 'Quit, leave them to the kernel (INVALID)',
    invalid: 'Quit, answer INVALID',
    success: 'Quit, answer SUCCESS',
  };
  const plans: ExitPlan[] = [onExit, ...(['invalid', 'success'] as const).filter((plan) => plan !== onExit)];
  return {
    kind: 'quit',
    title: 'Quit',
    target: null,
    choices: [CANCEL, ...plans.map((plan) => ({ label: how[plan], act: { quit: plan } }))],
    at: 0,
    input: null,
    groups: null,
  };
}
