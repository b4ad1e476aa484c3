// Dialogs as data. A dialog latches its target when it opens; what it says of it is worked out anew from each view.
import type { Command, ExitPlan, HwptRow, Snapshot } from '../../protocol/messages.ts';
import { duration, plural } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

/** A device or a PASID of it, and what it was attached to when the dialog opened. */
export interface Target {
  devId: number;
  pasid: number | null;
  device: string;
  hwptId: number | null;
}

export type Act = { command: Command } | { quit: ExitPlan };

export interface Choice {
  label: string;
  /** null: cancel. */
  act: Act | null;
}

export type DialogKind = 'respond' | 'map' | 'replace' | 'attach' | 'detach' | 'quit';

export interface Dialog {
  kind: DialogKind;
  title: string;
  /** null: the whole session. */
  target: Target | null;
  choices: Choice[];
  /** The selected choice; 0, Cancel, at first. */
  at: number;
  /** A number that is typed in, for a PASID. */
  input: { label: string; value: string } | null;
  /** Groups that the action is for, where they were all in sight when it opened; null: whatever is pending then. */
  groups: number[] | null;
}

export const CANCEL: Choice = { label: 'Cancel', act: null };

export function targetName(target: Target): string {
  const device = sanitise(target.device);
  return target.pasid === null ? device : `${device} PASID ${target.pasid}`;
}

/** "HWPT 7 · paging · IOAS 3 · fault queue 5 · 2 users": everything to tell it from the others. */
export function describeHwpt(hwpt: HwptRow): string {
  const queue = hwpt.faultId === null ? 'no fault queue' : `fault queue ${hwpt.faultId}`;
  return `HWPT ${hwpt.hwptId} · ${hwpt.kind} · IOAS ${hwpt.ioasId} · ${queue} · ${plural(hwpt.users, 'user')}`;
}

function nameHwpt(snapshot: Snapshot, hwptId: number | null): string {
  const hwpt = snapshot.hwpts.find((h) => h.hwptId === hwptId);
  return hwpt ? describeHwpt(hwpt) : `HWPT ${hwptId}`;
}

export interface Explanation {
  lines: string[];
  /** What the dialog was opened for is there no more, or is something else by now: only Cancel is left. */
  gone: boolean;
}

/** What the dialog says, of the world as it is now. */
export function explain(dialog: Dialog, snapshot: Snapshot, onExit: ExitPlan): Explanation {
  if (dialog.kind === 'quit') return explainQuit(snapshot, onExit);
  const target = dialog.target!;
  const device = snapshot.devices.find((d) => d.devId === target.devId);
  if (!device) return { gone: true, lines: [`${targetName(target)} is gone.`] };
  const attachment = device.attachments.find((a) => a.pasid === target.pasid);
  if ((attachment?.hwptId ?? null) !== target.hwptId && dialog.kind !== 'attach') {
    return { gone: true, lines: [changed(target, attachment?.hwptId ?? null)] };
  }
  const there = attachment?.pending ?? 0;
  switch (dialog.kind) {
    case 'respond':
    case 'map':
      return explainRespond(dialog, snapshot, pendingOf(snapshot, target));
    case 'replace':
      return { gone: false, lines: [`Now on ${nameHwpt(snapshot, target.hwptId)}.`, invalidated(there)] };
    case 'detach':
      return {
        gone: false,
        lines: [`Detach from HWPT ${target.hwptId}.`, invalidated(there), 'Later faults are answered INVALID, unseen.'],
      };
    case 'attach':
      return { gone: false, lines: ['Faults of it arrive here if the HWPT has a fault queue.'] };
  }
}

/** Pending groups that an answer for the target concerns: all of the device, or those of the PASID. */
export function pendingOf(snapshot: Snapshot, target: Target): number {
  const device = snapshot.devices.find((d) => d.devId === target.devId);
  if (target.pasid === null) return device?.pending ?? 0;
  return device?.attachments.find((a) => a.pasid === target.pasid)?.pending ?? 0;
}

function changed(target: Target, now: number | null): string {
  const to = now === null ? 'detached' : `attached to HWPT ${now}`;
  return `${targetName(target)} is ${to} by now (it was ${target.hwptId === null ? 'detached' : `on HWPT ${target.hwptId}`}).`;
}

function invalidated(pending: number): string {
  if (pending === 0) return 'No group is pending there.';
  return `The kernel answers INVALID to the ${plural(pending, 'group')} pending there.`;
}

function explainRespond(dialog: Dialog, snapshot: Snapshot, pending: number): Explanation {
  if (!dialog.groups) {
    return {
      gone: pending === 0,
      lines: pending
        ? [`All that is pending when you choose: ${plural(pending, 'group')} now.`]
        : ['Nothing is pending any more.'],
    };
  }
  const here = new Set(snapshot.pending.map((row) => row.group));
  const left = dialog.groups.filter((group) => here.has(group)).length;
  const lines = [`${plural(dialog.groups.length, 'group')} at this moment; later ones are left alone.`];
  if (left < dialog.groups.length) lines.push(`${plural(dialog.groups.length - left, 'group')} of them gone by now.`);
  return { gone: left === 0, lines };
}

const PLAN: Record<ExitPlan, string> = {
  hold: 'left unanswered, so the kernel answers INVALID when the queue closes',
  invalid: 'answered INVALID',
  success: 'answered SUCCESS',
};

function explainQuit(snapshot: Snapshot, onExit: ExitPlan): Explanation {
  const { pending } = snapshot.counters;
  if (!pending) return { gone: false, lines: ['Nothing is outstanding any more.'] };
  const oldest = Math.max(0, ...snapshot.devices.map((d) => d.oldestNs ?? 0));
  return {
    gone: false,
    lines: [
      `${plural(pending, 'group')} outstanding, the oldest for ${duration(oldest)}.`,
      `By the exit plan (--on-exit ${onExit}) they are ${PLAN[onExit]}.`,
    ],
  };
}
