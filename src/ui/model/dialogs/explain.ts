// What a dialog says about its target now, not when the dialog opened.
import type { ExitPlan, Hello, Snapshot, View } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { count, plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { isBorrowed } from '../abilities.ts';
import { oldestDevice } from '../ages.ts';
import { reportOf } from '../choice.ts';
import { doubtsOfMany, sourcesText } from '../doubts.ts';
import { hasEnded } from '../owner/state-words.ts';
import { rulesChanged } from '../rules.ts';
import { explainEverything } from './arm-everything.ts';
import { type Dialog, type Target, targetName } from './dialog.ts';
import { explainOwner } from './explain-owner.ts';
import { explainOne, explainRespond, scopeText } from './explain-respond.ts';
import { type Explanation, gone, here, lookingLines } from './explanation.ts';
import { nameHwpt } from './hwpts.ts';
import { attachedPending } from './pending-of.ts';

export function explain(dialog: Dialog, view: View, hello: Hello): Explanation {
  if (dialog.kind === 'quit') return explainQuit(dialog, view, hello);
  if (dialog.pid !== null) return explainOwner(dialog, view.snapshot);
  if (dialog.kind === 'everything') return explainEverything(dialog, view);
  if (dialog.kind === 'rules') return explainRules(dialog, view);
  const { target } = dialog;
  return (target && targetLost(target, dialog, view.snapshot)) ?? explainAction(dialog, view);
}

/** null: it is what it was. */
function targetLost(target: Target, { kind }: Dialog, snapshot: Snapshot): Explanation | null {
  const device = snapshot.devices.find((d) => d.devId === target.devId);
  if (!device) return gone(`${targetName(target)} is gone.`);
  const now = device.attachments.find((a) => a.pasid === target.pasid)?.hwptId ?? null;
  if (kind === 'attach' ? target.hwptId !== null || now === null : now === target.hwptId) return null;
  const to = now === null ? 'detached' : `attached to HWPT ${now}`;
  const was = target.hwptId === null ? 'detached' : `on HWPT ${target.hwptId}`;
  return gone(`${targetName(target)} is now ${to} (it was ${was}).`);
}

function explainAction(dialog: Dialog, view: View): Explanation {
  const { kind, target } = dialog;
  if (kind === 'doubt') return explainOne(dialog, view);
  if (kind === 'respond' || kind === 'map') return explainRespond(dialog, view);
  const { snapshot } = view;
  const others = groupOthers(snapshot, target!);
  const there = [target!, ...others].reduce((sum, of) => sum + attachedPending(snapshot, of), 0);
  switch (kind) {
    case 'replace':
      return here([`Now on ${nameHwpt(snapshot, target!.hwptId)}.`, invalidated(there)], goWithIt(others));
    case 'detach':
      return here(
        [`Detach from HWPT ${target!.hwptId}.`, invalidated(there), 'Later faults are answered INVALID, unseen.'],
        goWithIt(others),
      );
    default:
      return here(['Its faults arrive here if the HWPT has a fault queue.']);
  }
}

/** The other attached devices of its IOMMU group. */
function groupOthers({ devices }: Snapshot, { devId, pasid }: Target): Pick<Target, 'devId' | 'pasid' | 'device'>[] {
  const group = devices.find((device) => device.devId === devId)?.group;
  if (group === undefined) return [];
  return devices
    .filter(
      (other) => other.group === group && other.devId !== devId && other.attachments.some((a) => a.pasid === pasid),
    )
    .map(({ devId, name }) => ({ devId, pasid, device: name }));
}

const goWithIt = (others: readonly { device: string }[]): string[] =>
  others.length === 0
    ? []
    : [`${others.map(({ device }) => sanitise(device)).join(', ')} goes with it: same IOMMU group.`];

function invalidated(pending: number): string {
  if (pending === 0) return 'No group is pending there.';
  return `The kernel answers INVALID to the ${plural(pending, 'group')} pending there.`;
}

function explainRules(dialog: Dialog, view: View): Explanation {
  if (rulesChanged(dialog.rules!, view.snapshot.rules)) {
    return gone('The rules have been changed meanwhile, by another front end or a script.');
  }
  return here(['Groups that it would have answered wait for you, or for later rules.']);
}

const PLAN: Record<ExitPlan, string> = {
  hold: 'left unanswered, so the kernel answers INVALID when the queue closes',
  invalid: 'answered INVALID',
  success: 'answered SUCCESS',
};

function explainQuit(dialog: Dialog, view: View, hello: Hello): Explanation {
  const { onExit } = hello;
  const { snapshot } = view;
  const { pending } = snapshot.counters;
  const owner = ownerLines(snapshot);
  const ended = commandWords(hello);
  if (!pending) {
    const nothing = hello.command === undefined ? 'Nothing is outstanding now.' : 'Nothing is outstanding.';
    return here([nothing, ...owner], ended);
  }
  const waiting = snapshot.devices.filter((d) => d.pending).length;
  const oldest = oldestDevice(snapshot.devices)?.oldestNs ?? 0;
  const report = reportOf(view, dialog.id);
  const where = report ? `: ${sourcesText(report)}` : '';
  const does = dialog.choices[dialog.at]?.does;
  const success = does && 'quit' in does ? does.quit === 'success' : onExit === 'success';
  const said = here(
    [
      scopeText(pending, null),
      `The oldest has waited ${duration(oldest)}; on ${plural(waiting, 'device')}${where}.`,
      `By the exit plan (--on-exit ${onExit}) they are ${planWords(hello)}.`,
      ...hungLines(snapshot),
      ...owner,
    ],
    [...ended, ...(success && report ? doubtsOfMany(view, report) : success ? lookingLines(1) : [])],
  );
  return { ...said, looking: success && !report };
}

const planWords = (hello: Hello): string =>
  hello.onExit === 'hold' && isBorrowed(hello)
    ? 'answered INVALID: nobody else can answer what was read here'
    : PLAN[hello.onExit];

/** For `iopftop exec`. */
const commandWords = ({ command }: Hello): string[] =>
  command === undefined
    ? []
    : [`${sanitise(command)} is ended first (SIGTERM, then SIGKILL): its devices are taken from it.`];

/** What leaving means for the process whose queues they are. */
function ownerLines({ owner }: Snapshot): string[] {
  if (!owner || hasEnded(owner)) return [];
  const unread = owner.taken ? [`Unread groups stay in its queues for PID ${owner.pid}.`] : [];
  return owner.stopped
    ? [...unread, `PID ${owner.pid}, which is stopped, ${owner.goesOnAtEnd ? 'is resumed' : 'stays stopped'}.`]
    : unread;
}

/** At most this many are named. */
const MOST_HUNG = 3;

function hungLines({ devices }: Snapshot): string[] {
  const hung = devices.filter((d) => d.hungNs !== null).sort((a, b) => b.hungNs! - a.hungNs!);
  if (!hung.length) return [];
  const names = hung.slice(0, MOST_HUNG).map(({ name }) => sanitise(name));
  const rest = hung.length - names.length;
  const who = [...names, ...(rest ? [`${count(rest)} more`] : [])];
  const list = who.length === 1 ? who[0] : `${who.slice(0, -1).join(', ')} and ${who.at(-1)}`;
  return [`${list} ${hung.length === 1 ? 'is' : 'are'} already stuck.`];
}
