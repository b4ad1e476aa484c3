// What a configuration file says.
import type { AlarmThresholds } from '../../engine/options.ts';
import type { Rule } from '../../protocol/messages.ts';
import type { NamedFilter } from '../../ui/model/config.ts';
import type { Given } from '../given.ts';

/** Keys that it does not set are absent. */
export interface FileConfig {
  /** Null: there is no file. */
  file: string | null;
  given: Given;
  alarms: Partial<AlarmThresholds>;
  keys: Record<string, readonly string[]>;
  filters: NamedFilter[];
  /** Null: none are given. */
  rules: Rule[] | null;
}

export const NO_CONFIG: FileConfig = { file: null, given: {}, alarms: {}, keys: {}, filters: [], rules: null };
