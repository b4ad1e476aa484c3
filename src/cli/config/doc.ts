// docs/config.md, from the tables that the checker uses.
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
  return `a string, ${value}`;
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
    duration: 'a duration: `"500ms"`, `"10s"`, `"5m"`',
  };
  return row(code(alarm.key), `${alarm.describe}.`, `${value[alarm.kind]}, or \`"off"\``, code(alarmToml(alarm)));
});

const keyRows = KEYS.map(({ id, keys, help }) => row(code(id), keys.map((key) => code(key)).join(' '), help));

/** The text of the page. */
export const configPage = (): string =>
  `${[
    '# Configuration',
    '',
    'Generated from the tables in `src/cli` by `npm run build`.',
    '',
    '`$XDG_CONFIG_HOME/iopftop/config.toml` (`~/.config/iopftop/config.toml` where that is not set), or the file that',
    '`--config FILE` names; `--config none` reads none. The file is TOML. The command line wins over it; `--name=false`',
    'unsets a flag. Keys for a backend other than the one in use are ignored. If the default file cannot be read, a notice',
    'says so and the defaults are used; a file that `--config` names must exist.',
    '',
    '```sh',
    'iopftop config print                                    # every key with its description; defaults in comments',
    'mkdir -p ~/.config/iopftop',
    'iopftop config print > ~/.config/iopftop/config.toml    # only the first time: the shell empties an existing file',
    'iopftop config check                                    # everything that is wrong in it, by line; exit code 2',
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
    'An editor that supports JSON Schema completes and checks it with `schema/config.schema.json`, given a first line such as',
    '`#:schema /usr/lib/node_modules/iopftop/schema/config.schema.json`.',
    '',
    '## At the top',
    '',
    'Options, by name, before the first `[table]`. A relative path starts at the directory of the file,',
    '`~/` at the home directory.',
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
    'The thresholds at which alarms are raised. `"off"` or `false` disables an alarm.',
    '',
    ...HEAD,
    ...alarmRows,
    ...optionRows('alarms'),
    '',
    '## [[rules]]',
    '',
    '[Rules](rules.md), in the order in which they are evaluated; `enabled = false` turns one',
    'off. `--rules` and `--answer` replace them; a file cannot have both `answer` and `[[rules]]`.',
    '',
    '```toml',
    '[[rules]]',
    'when = \'device == "gpu0" && repeats < 3\'',
    'then = "map"',
    '```',
    '',
    '## [filters.NAME]',
    '',
    'Named filters. `when` is a CEL expression; `list` names the list it filters: `"devices"`, `"pending"`, `"stream"` or',
    '`"journal"`; without `list` it filters pending groups and the stream.',
    '',
    '```toml',
    '[filters.low-writes]',
    'list = "pending"',
    "when = 'write && addr < 0x100000'",
    '```',
    '',
    '## [keys]',
    '',
    'Keys by action, instead of the default ones: `action = "key"` or `["key", "key"]`; `[]` unbinds an action. A key is a',
    'character, `ctrl-` or `alt-` with one, or `space`, `enter`, `esc`, `tab`, `shift-tab`, `up`, `down`, `left`, `right`,',
    '`home`, `end`, `pgup`, `pgdn`, `insert`, `delete`, `backspace`. Two actions cannot share a key in the same place.',
    '',
    '| Action | Keys | What it does |',
    '| --- | --- | --- |',
    ...keyRows,
  ].join('\n')}\n`;
