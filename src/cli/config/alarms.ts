// The keys of [alarms].
import { type AlarmThresholds, DEFAULT_ALARMS } from '../../engine/options.ts';
import { writeDuration } from '../../text/duration.ts';

export interface AlarmKey {
  readonly key: string;
  readonly field: keyof AlarmThresholds;
  readonly kind: 'integer' | 'number' | 'duration';
  readonly describe: string;
  /** For the documentation, where the default is off. */
  readonly example: string;
}

export const ALARM_KEYS: readonly AlarmKey[] = [
  { key: 'pending', field: 'pending', kind: 'integer', example: '1000', describe: 'Pending groups' },
  {
    key: 'oldest',
    field: 'oldestMs',
    kind: 'duration',
    example: '"10s"',
    describe: 'Age of the oldest pending group',
  },
  { key: 'rate', field: 'rate', kind: 'number', example: '50000', describe: 'Faults per second, all devices' },
  {
    key: 'refault',
    field: 'refault',
    kind: 'integer',
    example: '8',
    describe: 'Faults in a row at one page, each after the previous one was answered SUCCESS',
  },
  {
    key: 'dropped',
    field: 'dropped',
    kind: 'integer',
    example: '1',
    describe:
      'Faults, answers and messages not delivered to a slow reader, and journal entries not written, in the last minute',
  },
];

/** As a threshold: the alarm is never raised. */
export const OFF = 'off';

/** A threshold as TOML. */
export function alarmToml({ field, kind }: AlarmKey, alarms: AlarmThresholds = DEFAULT_ALARMS): string {
  const value = alarms[field];
  if (value === null) return `"${OFF}"`;
  return kind === 'duration' ? `"${writeDuration(value)}"` : String(value);
}
