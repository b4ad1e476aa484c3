// docs/config.md, from the tables that the checker goes by.
import { KEYS } from '../../ui/model/keys.ts';
import { THEMES } from '../../ui/text/theme-names.ts';
import type { Option } from '../option.ts';
import { CONFIGURABLE } from '../options.ts';
import { ALARM_KEYS, alarmToml } from './alarms.ts';
import { defaultToml } from './print.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (...cells: string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const code = (text: string): string => `\`${text}\``;

function valueText({ kind, choices, value, min, max }: Option): string {
  if (kind === 'flag') return 'true or false';
  if (choices) return choices.map((choice) => code(`"${choice}"`)).join(', ');
  if (kind === 'integer' || kind === 'number') return `a ${kind === 'integer' ? 'whole ' : ''}number, ${min} to ${max}`;
  return `a text, ${value}`;
}

const defaultText = (option: Option): string =>
  option.default === undefined && option.kind !== 'flag' ? '' : code(defaultToml(option));

const optionRows = (place: Option['config']): string[] =>
  CONFIGURABLE.filter(({ config }) => config === place).map((option) =>
    row(code(option.name), `${option.describe}.`, valueText(option), defaultText(option)),
  );

const HEAD = ['| Key | What it does | Value | Default |', '| --- | --- | --- | --- |'];

const alarmRows = ALARM_KEYS.map((alarm) => {
  const value = {
    integer: 'a whole number from 1',
    number: 'a number',
    duration: 'a time: `"500ms"`, `"10s"`, `"5m"`',
  };
  return row(code(alarm.key), `${alarm.describe}.`, `${value[alarm.kind]}, or \`"off"\``, code(alarmToml(alarm)));
});

const keyRows = KEYS.map(({ id, keys, help }) => row(code(id), keys.map((key) => code(key)).join(' '), help));

/** The text of the page. */
export const configPage = (): string =>
  `${[
    '# Configuration',
    '',
    'Made from the tables in `src/cli`; `npm run build` writes it anew.',
    '',
    '`$XDG_CONFIG_HOME/iopftop/config.toml` (`~/.config/iopftop/config.toml` where that is not set), or the file that',
    '`--config FILE` names; `--config none` reads none. The file is TOML. What the command line says wins over it; a flag is',
    'taken back with `--name=false`. What the file says for another backend than the one that runs is left aside.',
    'A default file that cannot be read is a notice, and the defaults are used; one that `--config` names must be there.',
    '',
    '```sh',
    'iopftop config print                                    # every key with its description; defaults in comments',
    'mkdir -p ~/.config/iopftop',
    'iopftop config print > ~/.config/iopftop/config.toml    # the first time: the shell empties a file that is there',
    'iopftop config check                                    # all that is wrong in it, by line; exit code 2',
    '```',
    '',
    'An editor that knows JSON Schema completes and checks it with `schema/config.schema.json`, by a first line such as',
    '`#:schema /usr/lib/node_modules/iopftop/schema/config.schema.json`.',
    '',
    '## At the top',
    '',
    'Options, by their names. They stand before the first `[table]`. A relative path counts from the directory of the file,',
    '`~/` from the home directory.',
    '',
    ...HEAD,
    ...optionRows('top'),
    '',
    'Themes:',
    '',
    ...THEMES.map(({ name, describe }) => `- ${code(name)}: ${describe}`),
    '',
    '## [alarms]',
    '',
    'When an alarm is raised. `"off"`, or `false`: never.',
    '',
    ...HEAD,
    ...alarmRows,
    ...optionRows('alarms'),
    '',
    '## [[rules]]',
    '',
    'The rules of the [README](../README.md#rules), in the order in which they are asked, with `enabled = false` for one that',
    'is off. `--rules` and `--answer` take their place; `answer` and `[[rules]]` in one file exclude each other.',
    '',
    '```toml',
    '[[rules]]',
    'when = \'device == "gpu0" && repeats < 3\'',
    'then = "map"',
    '```',
    '',
    '## [filters.NAME]',
    '',
    'Filters by name. `when` is a CEL expression; `list` is the list it is for: `"devices"`, `"pending"`, `"stream"` or',
    '`"journal"`; without it pending groups and the stream.',
    '',
    '```toml',
    '[filters.low-writes]',
    'list = "pending"',
    "when = 'write && addr < 0x100000'",
    '```',
    '',
    '## [keys]',
    '',
    'Keys by action, in place of the usual ones: `action = "key"` or `["key", "key"]`; `[]` takes the keys away. A key is a',
    'character, `ctrl-` or `alt-` with one, or `space`, `enter`, `esc`, `tab`, `shift-tab`, `up`, `down`, `left`, `right`,',
    '`home`, `end`, `pgup`, `pgdn`, `insert`, `delete`, `backspace`. Two actions cannot have one key in the same place.',
    '',
    '| Action | Keys | What it does |',
    '| --- | --- | --- |',
    ...keyRows,
  ].join('\n')}\n`;
