// `iopftop config print`: the configuration in force, as a file. Values from the file or the command line are set in it;
// defaults are commented out, so that the output, used as a file, sets no more than that.
import { DEFAULT_ALARMS } from '../../engine/options.ts';
import type { Rule } from '../../protocol/messages.ts';
import { writeDuration } from '../../text/duration.ts';
import { oneLine } from '../../text/one-line.ts';
import type { NamedFilter } from '../../ui/model/config.ts';
import { KEYS } from '../../ui/model/keys.ts';
import type { Given, Value } from '../given.ts';
import type { Option } from '../option.ts';
import { CONFIGURABLE, type OptionName } from '../options.ts';
import { ALARM_KEYS, alarmToml } from './alarms.ts';
import { defaultConfigFile, findConfig } from './file.ts';
import { type FileConfig, NO_CONFIG } from './file-config.ts';
import { loadConfig } from './load.ts';

const WIDTH = 100;

/** A text as TOML. */
export const quoted = (text: string): string =>
  // A basic string is JSON's, except DEL
  JSON.stringify(text).replace(/\x7f/g, '\\u007f');
const keyText = (key: string): string => (/^[A-Za-z0-9_-]+$/.test(key) ? key : quoted(key));
const toml = (value: Value): string => (typeof value === 'string' ? quoted(value) : String(value));
const listText = (keys: readonly string[]): string =>
  keys.length === 1 ? quoted(keys[0]!) : `[${keys.map(quoted).join(', ')}]`;

/** Comment lines of at most WIDTH columns. */
export function comment(text: string): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= WIDTH) lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(`## ${word}`);
  }
  return lines;
}

/** The default as TOML; for an option without one, an example. */
export function defaultToml({ kind, default: fallback, example = '' }: Option): string {
  if (kind === 'flag') return 'false';
  return kind === 'choice' || kind === 'text' ? quoted(fallback ?? example) : (fallback ?? example);
}

function optionLines(option: Option, given: Given): string[] {
  const value = given[option.name as OptionName];
  const choices = option.choices ? ` (${option.choices.join(', ')})` : '';
  const line = `${option.name} = ${value === undefined ? defaultToml(option) : toml(value)}`;
  return ['', ...comment(option.describe + choices), value === undefined ? `# ${line}` : line];
}

const optionsAt = (place: Option['config'], given: Given): string[] =>
  CONFIGURABLE.filter(({ config }) => config === place).flatMap((option) => optionLines(option, given));

function alarmLines(config: FileConfig, given: Given): string[] {
  const alarms = { ...DEFAULT_ALARMS, ...config.alarms };
  const thresholds = ALARM_KEYS.flatMap((alarm) => {
    const line = `${alarm.key} = ${alarmToml(alarm, alarms)}`;
    return ['', ...comment(alarm.describe), alarm.field in config.alarms ? line : `# ${line}`];
  });
  return ['', '## Alarm thresholds; "off" disables an alarm', '[alarms]', ...thresholds, ...optionsAt('alarms', given)];
}

function keyLines({ keys }: FileConfig): string[] {
  const lines = KEYS.flatMap(({ id, keys: usual, help }) => {
    const line = `${id} = ${listText(keys[id] ?? usual)}`;
    return [...comment(help), id in keys ? line : `# ${line}`];
  });
  return ['', '## action = "key" or ["key", "key"]', '[keys]', ...lines];
}

function filterLines(filters: readonly NamedFilter[]): string[] {
  const head = [
    '',
    '## Named filters: [filters.NAME] with list (devices, pending, stream, journal; default: pending and',
  ];
  const example = ['## stream) and when (a CEL expression)'];
  const tables = filters.flatMap(({ name, list, when }) => [
    `[filters.${keyText(name)}]`,
    ...(list === null ? [] : [`list = ${quoted(list)}`]),
    `when = ${quoted(when)}`,
  ]);
  return [...head, ...example, ...(tables.length ? tables : ['# [filters.writes]', '# when = "write"'])];
}

function ruleLines(rules: readonly Rule[] | null): string[] {
  const head = ['', '## Rules: the first that holds decides; name, when (a CEL expression), then, after, enabled'];
  const tables = (rules ?? []).flatMap(({ name, when, then, afterMs, enabled }) => [
    '[[rules]]',
    ...(name === undefined ? [] : [`name = ${quoted(name)}`]),
    ...(when === undefined ? [] : [`when = ${quoted(when)}`]),
    `then = ${quoted(then)}`,
    ...(afterMs === undefined ? [] : [`after = ${quoted(writeDuration(afterMs))}`]),
    ...(enabled === undefined ? [] : [`enabled = ${enabled}`]),
  ]);
  return [...head, ...(tables.length ? tables : ['# [[rules]]', '# when = "write && pasid == 5"', '# then = "hold"'])];
}

/** The file. `given` are the values of the command line over those of the file. */
export function configText(given: Given, config: FileConfig, head: readonly string[]): string {
  const answered = given.answer !== undefined;
  return `${[
    ...head.map((line) => `## ${line}`),
    ...optionsAt('top', given),
    ...alarmLines(config, given),
    ...keyLines(config),
    ...filterLines(config.filters),
    ...ruleLines(answered ? null : config.rules),
  ].join('\n')}\n`;
}

/** The configuration in force with these options. Throws UsageError. */
export async function configInForce(given: Given, env: NodeJS.ProcessEnv): Promise<string> {
  const { text, notice } = findConfig(given.config as string | undefined, env);
  const config = text ? await loadConfig(text) : NO_CONFIG;
  const place = defaultConfigFile(env);
  const without = notice ?? (place === null ? 'there is no home directory' : `${place} would be read`);
  const from = text ? `of ${text.file}` : `without a file (${oneLine(without)})`;
  const head = [`iopftop configuration, ${from}`, 'Defaults are commented out: remove the # to change one.'];
  return configText({ ...config.given, ...given }, config, head);
}
