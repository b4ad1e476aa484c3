// Command line over configuration file over defaults.
import { type AlarmThresholds, DEFAULT_ALARMS } from '../../engine/options.ts';
import type { Rule } from '../../protocol/messages.ts';
import { DEFAULT_SCREEN, type ScreenConfig } from '../../ui/model/config.ts';
import type { Given } from '../given.ts';
import { CONFIGURABLE, type OptionName, TABLE } from '../options.ts';
import { checkTogether, obstacle } from '../together.ts';
import type { FileConfig } from './file-config.ts';

/** Everything that determines a run. */
export interface Settings {
  given: Given;
  /** The file's rules, where the command line gives none. */
  rules: Rule[] | null;
  alarms: AlarmThresholds;
  screen: ScreenConfig;
  /** The source of a value that is not from the command line, for messages. */
  file: string | null;
}

/**
 * Puts both together. What the file says for another backend or front end than the one that runs is left out; what the
 * command line says must go together. Throws UsageError.
 */
export function merge(given: Given, config: FileConfig): Settings {
  const all: Given = { ...given };
  // In the order of the table: an option comes after the one that it needs
  for (const option of CONFIGURABLE) {
    const name = option.name as OptionName;
    const value = config.given[name];
    if (value === undefined || given[name] !== undefined) continue;
    if (obstacle(option, all) === null && !isExcluded(name, given)) all[name] = value;
  }
  checkTogether(all);
  const answered = given.answer !== undefined || given.rules !== undefined;
  return {
    given: all,
    rules: answered ? null : config.rules,
    alarms: { ...DEFAULT_ALARMS, ...config.alarms },
    screen: screenOf(all, config),
    file: config.file,
  };
}

const isExcluded = (name: string, given: Given): boolean =>
  TABLE.some((option) => given[option.name as OptionName] !== undefined && option.conflicts?.includes(name));

function screenOf(given: Given, { keys, filters }: FileConfig): ScreenConfig {
  const { theme, unicode, time, refresh, mouse, bell } = given;
  return {
    theme: (theme ?? DEFAULT_SCREEN.theme) as ScreenConfig['theme'],
    unicode: (unicode ?? DEFAULT_SCREEN.unicode) as ScreenConfig['unicode'],
    time: (time ?? DEFAULT_SCREEN.time) as ScreenConfig['time'],
    refresh: Number(refresh ?? DEFAULT_SCREEN.refresh),
    mouse: mouse === true,
    bell: bell === true,
    keys,
    filters,
  };
}
