// The manual page, from the tables of options and commands, in the roff of man(7).
import { argumentText, COMMANDS, type Command } from './commands.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { CONFIG_NOTE, HEADLESS_NOTE, TITLE } from './help.ts';
import { type Option, TABLE } from './options.ts';

const escaped = (text: string): string =>
  text.replaceAll('\\', '\\e').replaceAll('-', '\\-').replace(/^[.']/gm, '\\&$&').replaceAll('…', '\\|.\\|.\\|.');

const bold = (text: string): string => `\\fB${escaped(text)}\\fR`;
const italic = (text: string): string => `\\fI${escaped(text)}\\fR`;

const section = (title: string, ...lines: string[]): string => [`.SH ${title}`, ...lines].join('\n');
const item = (head: string, text: string): string => `.TP\n${head}\n${escaped(text)}`;
const paragraph = (text: string): string => `.PP\n${escaped(text)}`;

function optionItem(option: Option): string {
  const { name, alias, kind, value, choices, default: fallback, describe } = option;
  const taken = kind === 'flag' ? '' : ` ${value ? italic(value) : choices!.map(bold).join('|')}`;
  const names = alias === undefined ? bold(`--${name}`) : `${bold(`-${alias}`)}, ${bold(`--${name}`)}`;
  return item(names + taken, `${describe}.${fallback === undefined ? '' : ` Default: ${fallback}.`}`);
}

const optionGroups = (): string[] =>
  [...new Set(TABLE.map(({ group }) => group))].flatMap((group) => [
    `.SS ${escaped(group)}`,
    ...TABLE.filter((option) => option.group === group).map(optionItem),
  ]);

function commandItem({ words, arguments: args, describe }: Command): string {
  const rest = args.map((argument) => ` ${italic(argumentText(argument))}`).join('');
  return item(bold(['iopftop', ...words].join(' ')) + rest, `${describe}.`);
}

const FILES: readonly [string, string][] = [
  ['$XDG_CONFIG_HOME/iopftop/config.toml', 'The configuration file; in ~/.config if XDG_CONFIG_HOME is not set.'],
  ['/dev/iommu', 'The iommufd device, for --backend selftest and for devices of this host.'],
  ['/dev/vfio/devices', 'The character devices of VFIO, for devices of this host.'],
];

const ENVIRONMENT: readonly [string, string][] = [
  ['NO_COLOR', 'If set and not empty, the screen has no colours.'],
  [
    'TERM, LC_ALL, LC_CTYPE, LANG',
    'They decide whether the screen has colours, and whether the screen and other text use Unicode.',
  ],
  ['XDG_CONFIG_HOME', 'Directory of configuration files.'],
];

/** A test parses each and runs those that the mock can run. */
export const EXAMPLES: readonly [string, string][] = [
  ['iopftop', 'Shows and answers the faults of the embedded simulated kernel; ? shows the keys.'],
  [
    'iopftop --backend selftest --devices 2 --pasid 5',
    'The same with two mock devices of the running kernel, and PASID 5 of each.',
  ],
  [
    'iopftop --headless --duration 10s --answer success',
    'Answers everything for ten seconds and prints one JSON object per line.',
  ],
  [
    "iopftop --headless --duration 10s --answer success --expect 'success == groups'",
    'A test: exit code 4 if a group was not answered SUCCESS.',
  ],
  ['iopftop config print', 'Prints the configuration in force; redirect it to a file to start from.'],
];

const items = (list: readonly [string, string][]): string[] => list.map(([head, text]) => item(bold(head), text));

/** The page, as `man -l` takes it. No date is in it: the same sources make the same page. */
export function manPage(version: string): string {
  return `${[
    `.\\" made by \`iopftop man\``,
    `.TH IOPFTOP 1 "" "iopftop ${version}" "User Commands"`,
    section('NAME', `iopftop \\- ${escaped(TITLE)}`),
    section(
      'SYNOPSIS',
      `${bold('iopftop')} [${italic('options')}]`,
      '.br',
      `${bold('iopftop')} ${italic('command')} [${italic('options')}]`,
    ),
    section('DESCRIPTION', ...DESCRIPTION.map(paragraph).map((text, i) => (i ? text : text.replace('.PP\n', '')))),
    section('OPTIONS', ...optionGroups()),
    section('COMMANDS', ...COMMANDS.map(commandItem)),
    section('CONFIGURATION', escaped(CONFIG_NOTE)),
    section('EXIT STATUS', ...items(EXIT_CODES.map(({ code, meaning }): [string, string] => [code, `${meaning}.`]))),
    section('ENVIRONMENT', ...items(ENVIRONMENT)),
    section('FILES', ...items(FILES)),
    section('EXAMPLES', ...items(EXAMPLES)),
    section('SEE ALSO', `${bold('perf')}(1), ${bold('lspci')}(8)`),
  ].join('\n')}\n`;
}

const DESCRIPTION = [
  'A device asks the IOMMU for a page that is not there; Linux delivers that fault to user space through an iommufd fault \
object; somebody must answer, or the device hangs. iopftop opens those fault objects, shows what arrives, what waits and for \
how long, which device is attached to what, and answers: SUCCESS, INVALID, or another HWPT in place of the one attached.',
  'Leaving has consequences for the device: the kernel answers INVALID to whatever is outstanding when the queue closes, \
even when iopftop is killed. --on-exit sets what is done before that.',
  HEADLESS_NOTE,
];
