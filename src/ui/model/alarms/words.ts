// Alarms in words: a letter and a style for the level, and as short as the place for them is.

import type { Alarm, Snapshot } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { distinctCuts } from '../../text/distinct.ts';
import { count, rate } from '../../text/format.ts';
import { deviceName, withPasid } from '../../text/names.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';

export const ALARM_LETTER: Record<Alarm['level'], string> = { critical: 'C', warning: 'W' };
export const ALARM_STYLE: Record<Alarm['level'], Style> = { critical: 'bad', warning: 'warn' };

/** A longer name of a device is cut if several are shown, and stays distinct from the others. */
const NAME = 14;

type Devices = Snapshot['devices'];

function place({ devId, pasid }: Alarm, devices: Devices): string {
  if (devId === null) return '';
  const name = sanitise(deviceName(devices, devId));
  if (name.length <= NAME) return withPasid(name, pasid);
  const cuts = distinctCuts([name, ...devices.map((device) => sanitise(device.name))], NAME);
  return withPasid(cuts.get(name) ?? name, pasid);
}

const SHORT: Record<Alarm['kind'], (alarm: Alarm, place: string) => string> = {
  hung: ({ value }, at) => `${at} stuck ${duration(value)}`,
  broken: ({ value }) => `rule broken: ${count(value)} held`,
  oldest: ({ value }, at) => `${at || 'oldest'} waits ${duration(value)}`,
  pending: ({ value }) => `${count(value)} pending`,
  refault: ({ value }, at) => `${at} refaults ${count(value)}×`,
  rate: ({ value }) => `${rate(value)} faults/s`,
  dropped: ({ value }) => `${count(value)} dropped`,
};

/** "C nvme0 stuck 12.3 s". */
export function shortAlarm(alarm: Alarm, devices: Devices): string {
  return `${ALARM_LETTER[alarm.level]} ${SHORT[alarm.kind](alarm, place(alarm, devices))}`;
}

/** The engine's sentence. */
export function fullAlarm(alarm: Alarm): string {
  return `${ALARM_LETTER[alarm.level]} ${sanitise(alarm.text)}`;
}
