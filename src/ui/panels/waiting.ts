// Why no fault has arrived yet, and what to press.
import type { DeviceRow, Snapshot } from '../../protocol/messages.ts';
import { seconds } from '../../text/duration.ts';
import { isBorrowed } from '../model/abilities.ts';
import { keyFor } from '../model/key-words.ts';
import { hasEnded } from '../model/owner/state-words.ts';
import { shownView, type UiState } from '../model/state.ts';
import { plural } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

/** Whether its faults come to us. */
const listens = (device: DeviceRow): boolean => device.attachments.some(({ handler }) => handler === 'us');

/** The selected device, if its faults can arrive; else the first whose faults can. */
function awaited(state: UiState): DeviceRow | undefined {
  const devices = shownView(state)?.snapshot.devices ?? [];
  const selected = Number(state.devices.key?.split(':')[0]);
  return devices.find((d) => d.devId === selected && listens(d)) ?? devices.find(listens);
}

/** Devices of queues that are not ours are known only by their faults. */
function borrowedWords({ queues, counters }: Snapshot, label: string): string {
  const open = queues.filter(({ closed }) => !closed).length;
  if (!open) return `No fault can arrive: no queue is open here (${sanitise(label)}).`;
  return counters.faults
    ? 'Every fault so far is older than the history.'
    : `No fault has arrived through ${plural(open, 'open queue')} yet.`;
}

/** Why there is nothing while another process's queues are only watched; [] if they are not. */
export function lookingWords(state: UiState): string[] {
  const { owner, counters } = shownView(state)?.snapshot ?? {};
  if (!owner || owner.taken) return [];
  if (hasEnded(owner)) {
    const ended = `PID ${owner.pid} has ended, and its devices' faults will not arrive here.`;
    return counters?.groups ? [ended] : [ended, 'Nothing was read from its queues.'];
  }
  const looking = `Watching PID ${owner.pid}: nothing is read.`;
  if (state.hello.readOnly) return [looking];
  const [take, rescue] = [keyFor(state, 'take'), keyFor(state, 'rescue')];
  return owner.queues.length ? [`${looking} ${take} takes its queues over, ${rescue} frees its devices.`] : [looking];
}

/** For panels that have nothing to show. */
export function waitingWords(state: UiState): string[] {
  const view = shownView(state);
  if (!view) return ['Waiting for the engine to start.'];
  const { readOnly, target, abilities } = state.hello;
  const looking = lookingWords(state);
  if (looking.length) return looking;
  if (!abilities.answer) return [`No fault has been seen so far (${sanitise(target.label)}).`];
  const device = awaited(state);
  if (!device && isBorrowed(state.hello)) return [borrowedWords(view.snapshot, target.label)];
  if (!device) {
    const attach = `Press ${keyFor(state, 'devices')}, select a device, then ${keyFor(state, 'attach')} to attach it.`;
    const why = 'No fault can arrive: no device is attached to a HWPT with a fault queue.';
    return readOnly ? [why] : [why, attach];
  }
  const quiet = seconds(device.quietNs === null ? view.snapshot.t : device.quietNs / 1e9);
  const none = `No fault has arrived from ${sanitise(device.name)} in ${quiet}`;
  const canTrigger = !readOnly && abilities.trigger;
  if (canTrigger) return [`${none}; press ${keyFor(state, 'trigger')} to trigger one.`];
  return [`${none}: it faults when it touches a page that is not mapped.`];
}
