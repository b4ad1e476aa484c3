// The table of a configuration file → its values, and everything that is wrong in it.

import { homeDirectory } from '../../files/home.ts';
import { FILTERED_LISTS, type FilteredList } from '../../protocol/messages.ts';
import { isObject } from '../../text/is-object.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { NamedFilter } from '../../ui/model/config.ts';
import { CONFIGURABLE, type OptionName, TABLE } from '../options.ts';
import { RuleKeyError, ruleOf } from '../rules-file.ts';
import { UsageError } from '../usage-error.ts';
import { ALARM_KEYS, type AlarmKey, OFF } from './alarms.ts';
import type { FileConfig } from './file-config.ts';
import { checkKeys } from './keys.ts';
import { type Problems, pathText } from './problems.ts';
import { duration, fits, optionValue, resolvePath, show, wanted } from './values.ts';

type Table = Record<string, unknown>;

const TOP = CONFIGURABLE.filter(({ config }) => config === 'top');
const IN_ALARMS = CONFIGURABLE.filter(({ config }) => config === 'alarms');
const SECTIONS: Record<string, (problems: Problems, value: unknown, into: FileConfig) => void> = {
  alarms: (problems, value, into) => inTable(problems, 'alarms', value, (table) => readAlarms(problems, table, into)),
  keys: (problems, value, into) => inTable(problems, 'keys', value, (table) => readKeys(problems, table, into)),
  filters: (problems, value, into) =>
    inTable(problems, 'filters', value, (table) => readFilters(problems, table, into)),
  rules: readRuleList,
};
const FILTER_KEYS = ['list', 'when'];
const ALARM_NAMES = [...ALARM_KEYS.map(({ key }) => key), ...IN_ALARMS.map(({ name }) => name)];

/** All keys that are allowed at the top. */
export const TOP_KEYS: readonly string[] = [...TOP.map(({ name }) => name), ...Object.keys(SECTIONS)];

/** Reads the whole table and adds everything wrong to `problems`. Conditions are not compiled. */
export function checkTable(table: Table, problems: Problems): FileConfig {
  const config: FileConfig = { file: problems.file, given: {}, alarms: {}, keys: {}, filters: [], rules: null };
  for (const [key, value] of Object.entries(table)) {
    const option = TOP.find(({ name }) => name === key);
    const section = Object.hasOwn(SECTIONS, key) ? SECTIONS[key] : undefined;
    if (option) readOption(problems, [key], value, config);
    else if (section) section(problems, value, config);
    else problems.add([key], `unknown key ${JSON.stringify(key)}`, unknownTop(key));
  }
  if (table.answer !== undefined && table.rules !== undefined) {
    problems.add(['answer'], 'answer and [[rules]] cannot be combined', 'leave one of them out');
  }
  return config;
}

function unknownTop(key: string): string {
  if (ALARM_NAMES.includes(key)) return `it belongs in the [alarms] table`;
  if (TABLE.some(({ name }) => name === key)) return `--${key} is for the command line only`;
  return didYouMean(key, TOP_KEYS);
}

function readOption(problems: Problems, path: string[], value: unknown, into: FileConfig): void {
  const name = path.at(-1);
  const option = CONFIGURABLE.find((o) => o.name === name)!;
  const read = optionValue(problems, path, value, option);
  if (read === undefined) return;
  const isPath = option.names === 'file' || (option.names === 'scenario' && /\/|\.toml$/.test(String(read)));
  const resolved = isPath ? resolvePath(String(read), problems.file, homeDirectory(process.env)) : read;
  if (resolved === null)
    problems.add(path, `${pathText(path)} is ${show(value)}`, 'there is no home directory: set HOME');
  else into.given[name as OptionName] = resolved;
}

function inTable(problems: Problems, name: string, value: unknown, read: (table: Table) => void): void {
  if (isObject(value)) read(value);
  else problems.add([name], `${name} is ${show(value)}`, `write a table: [${name}]`);
}

function readAlarms(problems: Problems, table: Table, into: FileConfig): void {
  for (const [key, value] of Object.entries(table)) {
    const alarm = ALARM_KEYS.find((a) => a.key === key);
    if (alarm) {
      const threshold = readThreshold(problems, alarm, value);
      if (threshold !== undefined) into.alarms[alarm.field] = threshold;
    } else if (IN_ALARMS.some(({ name }) => name === key)) {
      readOption(problems, ['alarms', key], value, into);
    } else {
      problems.add(['alarms', key], `[alarms] has no key ${JSON.stringify(key)}`, misplaced(key, ALARM_NAMES));
    }
  }
}

/** A key of the top below a [table] is in that table: the commonest mistake in TOML. */
const misplaced = (key: string, known: readonly string[]): string =>
  TOP_KEYS.includes(key) ? `${key} belongs at the top of the file, before the first [table]` : didYouMean(key, known);

function readThreshold(problems: Problems, { key, kind }: AlarmKey, value: unknown): number | null | undefined {
  if (value === false || value === OFF) return null;
  const path = ['alarms', key];
  if (kind === 'duration') {
    const ms = duration(problems, path, value, `give a duration such as "10s", or "${OFF}"`);
    if (ms !== 0) return ms;
    problems.add(path, `alarms.${key} is ${show(value)}`, `give a longer duration, or "${OFF}"`);
    return undefined;
  }
  const range = { kind, min: kind === 'integer' ? 1 : 0.001 };
  if (fits(value, range)) return value;
  problems.add(path, `alarms.${key} is ${show(value)}`, `give ${wanted(range)}, or "${OFF}"`);
  return undefined;
}

function readKeys(problems: Problems, table: Table, into: FileConfig): void {
  const read: [string, string[]][] = [];
  for (const [action, value] of Object.entries(table)) {
    const keys: unknown[] = Array.isArray(value) ? value : [value];
    if (isKeyList(keys)) read.push([action, withoutTwice(problems, action, keys)]);
    else problems.add(['keys', action], `keys.${action} is ${show(value)}`, 'give a key, or a list: ["a", "ctrl-a"]');
  }
  // Built from entries, so that __proto__ is a name like any other
  into.keys = Object.fromEntries(read);
  for (const { action, message, hint } of checkKeys(into.keys)) {
    const elsewhere = TOP_KEYS.includes(action) && message.startsWith('keys: there is no action');
    problems.add(['keys', action], message, elsewhere ? misplaced(action, []) : hint);
  }
}

function withoutTwice(problems: Problems, action: string, keys: string[]): string[] {
  const twice = keys.find((key, i) => keys.indexOf(key) < i);
  if (twice !== undefined) problems.add(['keys', action], `keys.${action} has ${show(twice)} twice`, 'leave one out');
  return [...new Set(keys)];
}

const isKeyList = (keys: unknown[]): keys is string[] => keys.every((key) => typeof key === 'string');

function readFilters(problems: Problems, table: Table, into: FileConfig): void {
  for (const [name, value] of Object.entries(table)) {
    const filter = readFilter(problems, name, value);
    if (filter) into.filters.push(filter);
  }
}

function readFilter(problems: Problems, name: string, value: unknown): NamedFilter | null {
  const path = ['filters', name];
  const at = `filters.${name}`;
  if (!isObject(value)) {
    problems.add(path, `${at} is ${show(value)}`, `write a table: [${at}] with when = "a CEL expression"`);
    return null;
  }
  const { list = null, when } = value;
  for (const key of Object.keys(value).filter((k) => !FILTER_KEYS.includes(k))) {
    problems.add([...path, key], `${at} has no key ${JSON.stringify(key)}`, misplaced(key, FILTER_KEYS));
  }
  const known = list === null || FILTERED_LISTS.some((l) => l === list);
  if (!known) {
    const hint = typeof list === 'string' ? didYouMean(list, FILTERED_LISTS) : `one of ${FILTERED_LISTS.join(', ')}`;
    problems.add([...path, 'list'], `${at}.list: there is no ${show(list)}`, hint);
  }
  if (typeof when === 'string' && when.trim() !== '') {
    return known ? { name, list: list as FilteredList | null, when } : null;
  }
  const said = when === undefined ? `${at} has no when` : `${at}.when is ${show(when)}`;
  problems.add([...path, 'when'], said, `give a CEL expression in quotes, such as 'pasid == 5'`);
  return null;
}

function readRuleList(problems: Problems, value: unknown, into: FileConfig): void {
  if (!Array.isArray(value)) {
    problems.add(['rules'], `rules is ${show(value)}`, 'write [[rules]] tables');
    return;
  }
  into.rules = [];
  for (const [i, item] of value.entries()) {
    try {
      into.rules.push(ruleOf(item, `rule ${i + 1}`));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      const key = error instanceof RuleKeyError ? error.key : null;
      problems.add(key === null ? ['rules', i] : ['rules', i, key], error.message, error.hint);
    }
  }
}
