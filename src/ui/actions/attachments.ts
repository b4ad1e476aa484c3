// Replacing, attaching, detaching, and triggering a fault.

import type { Target } from '../model/dialogs/dialog.ts';
import { keyFor } from '../model/key-words.ts';
import type { DeviceLine } from '../model/places/device-tree.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { attachDialog, detachDialog, replaceDialog, show } from './make-dialogs.ts';
import { say } from './say.ts';
import { sendCommand } from './send-command.ts';
import { attachmentTarget, bondWords, deviceTarget, lineTarget, selectedLine } from './target.ts';

/** Asks for another HWPT for the device or PASID under the cursor. */
export function replace(state: UiState): Outcome {
  const target = attachmentTarget(state);
  if (!target || !state.view) return say(state, 'info', 'Nothing is selected whose HWPT could be replaced.');
  const bond = bondWords(state);
  if (bond) return say(state, 'info', bond);
  if (target.hwptId === null) return say(state, 'info', `Not attached: press ${keyFor(state, 'attach')} to attach it.`);
  return show(state, replaceDialog(target, state.view.snapshot));
}

/** Asks for an HWPT to attach to: the device, or its next free PASID. */
export function attach(state: UiState): Outcome {
  const line = selectedLine(state);
  const target = line && lineTarget({ ...line, attachment: ownAttachment(line), branch: 'device' });
  if (!line || !target || !state.view) return say(state, 'info', 'No device is selected.');
  if (target.hwptId === null) {
    return show(state, attachDialog(target, null, state.view.snapshot));
  }
  if (!line.device.pasidCapable) return say(state, 'info', 'Already attached; the device has no PASIDs.');
  const taken = new Set(line.device.attachments.map((a) => a.pasid));
  let pasid = 1;
  while (taken.has(pasid)) pasid++;
  return show(state, attachDialog(target, pasid, state.view.snapshot));
}

const ownAttachment = (line: DeviceLine) => line.device.attachments.find((a) => a.pasid === null) ?? null;

/** Asks before it detaches the device or PASID under the cursor. */
export function detach(state: UiState): Outcome {
  const target = deviceTarget(state);
  if (!target) return say(state, 'info', 'No device is selected.');
  const bond = bondWords(state);
  if (bond) return say(state, 'info', bond);
  if (target.hwptId === null) return say(state, 'info', 'Not attached.');
  return show(state, detachDialog(target));
}

/** Triggers one fault on the device or PASID under the cursor: only devices of the mock and of the selftest can. */
export function trigger(state: UiState): Outcome {
  const target = attachmentTarget(state) ?? deviceTarget(state);
  if (!target) return say(state, 'info', 'There is no device to trigger a fault on.');
  const pasid = target.pasid === null ? {} : { pasid: target.pasid };
  return sendCommand(state, { cmd: 'trigger', devId: target.devId, ...pasid }, unseen(state, target));
}

/** Why a fault of the target will not be seen here, added to the result; '' if it will be. */
function unseen(state: UiState, { devId, pasid }: Target): string {
  const device = state.view?.snapshot.devices.find((d) => d.devId === devId);
  const attachment = device?.attachments.find((a) => a.pasid === pasid);
  if (attachment?.handler === 'us') return '';
  if (attachment?.handler === 'kernel') return '; the kernel handles it itself (SVA)';
  const why = attachment ? 'its HWPT has no fault queue' : 'not attached';
  return `; ${why}, so the kernel answers INVALID unseen`;
}
