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
    'Made from the tables in `src/cli`; `npm run build` writes it.',
    '',
    'The file is `$XDG_CONFIG_HOME/iopftop/config.toml` (`~/.config/iopftop/config.toml` if that is not set), or the file that',
    '`--config FILE` names; `--config none` reads none. It is TOML: options by their names, alarms, keys, filters by name, rules.',
    'The command line wins over it; `--name=false` turns a flag of the file off. Settings for another backend than the one that',
    'runs are ignored. If a default file cannot be read, a notice says so and the defaults are used; a file that `--config`',
    'names must exist.',
    '',
    '```sh',
    'iopftop config print                                    # every key with its description; defaults in comments',
    'mkdir -p ~/.config/iopftop',
    'iopftop config print > ~/.config/iopftop/config.toml    # the first time: the shell empties a file that exists',
    'iopftop config check                                    # every error in it, by line; exit code 2',
    '```',
    '',
    '```toml',
    'read-only = true                        # --read-only=false turns it off once',
    'theme = "colour-blind"                  # auto, dark, light, colour-blind, mono',
    '',
    '[alarms]',
    'oldest = "5s"                           # "off": never',
    'bell = true',
    '',
    '[keys]',
    'freeze = ["p", "ctrl-s"]',
    '',
    '[filters.low-writes]',
    'when = "write && addr < 0x100000"',
    '',
    '[[rules]]                               # as in a rules file',
    'when = "device == \'gpu0\'"',
    'then = "map"',
    '```',
    '',
    'An editor that knows JSON Schema completes and checks it with `schema/config.schema.json`, by a first line such as',
    '`#:schema /usr/lib/node_modules/iopftop/schema/config.schema.json`.',
    '',
    '## At the top',
    '',
    'Options, by their names, before the first `[table]`. A relative path is relative to the directory of the file, `~/` to the',
    'home directory.',
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
    '[Rules](rules.md), in the order in which they are tried; `enabled = false` switches a rule off. `--rules` and `--answer`',
    'replace them. A file cannot have both `answer` and `[[rules]]`.',
    '',
    '```toml',
    '[[rules]]',
    'when = \'device == "gpu0" && repeats < 3\'',
    'then = "map"',
    '```',
    '',
    '## [filters.NAME]',
    '',
    'Filters by name. `when` is a CEL expression; `list` is the list that it filters: `"devices"`, `"pending"`, `"stream"` or',
    '`"journal"`; without `list`, pending groups and the stream.',
    '',
    '```toml',
    '[filters.low-writes]',
    'list = "pending"',
    "when = 'write && addr < 0x100000'",
    '```',
    '',
    '## [keys]',
    '',
    'Keys by action, instead of the default ones: `action = "key"` or `["key", "key"]`; `[]` removes the keys. A key is a',
    'character, `ctrl-` or `alt-` with one, or `space`, `enter`, `esc`, `tab`, `shift-tab`, `up`, `down`, `left`, `right`,',
    '`home`, `end`, `pgup`, `pgdn`, `insert`, `delete`, `backspace`. Two actions cannot have one key in the same place.',
    '',
    '| Action | Keys | What it does |',
    '| --- | --- | --- |',
    ...keyRows,
  ].join('\n')}\n`;
