// Which alarms are new, for the bell.
import type { Alarm } from '../../../protocol/messages.ts';

const key = ({ kind, devId, pasid }: Alarm): string => `${kind} ${devId} ${pasid}`;

/** Whether `now` has an alarm that was not there before, or one that has become worse. */
export function isRaised(before: readonly Alarm[], now: readonly Alarm[]): boolean {
  const levels = new Map(before.map((alarm) => [key(alarm), alarm.level]));
  return now.some((alarm) => {
    const level = levels.get(key(alarm));
    return level === undefined || (level === 'warning' && alarm.level === 'critical');
  });
}
