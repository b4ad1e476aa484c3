import { wrap } from '../text/wrap.ts';
import { argumentText, COMMANDS, type Command, commandText } from './commands.ts';
import { EXIT_CODES } from './exit-codes.ts';
import { type Option, TABLE } from './options.ts';

const LEFT = 30;

function entry(left: string, text: string, width: number): string {
  const [first = '', ...rest] = wrap(text, width - LEFT);
  const head = left.length < LEFT ? left.padEnd(LEFT) + first : `${left}\n${' '.repeat(LEFT)}${first}`;
  return [head, ...rest.map((line) => ' '.repeat(LEFT) + line)].join('\n');
}

function optionEntry(option: Option, width: number): string {
  const short = option.alias ? `-${option.alias}, ` : '    ';
  const value = option.kind === 'flag' ? '' : ` ${option.value ?? option.choices?.join('|')}`;
  const fallback = option.default ? ` [${option.default}]` : '';
  return entry(`  ${short}--${option.name}${value}`, option.describe + fallback, width);
}

const widthFor = (columns: number): number => Math.max(60, Math.min(columns, 110));

const commandEntries = (commands: readonly Command[], width: number): string =>
  ['Commands:', ...commands.map((command) => entry(`  ${commandText(command)}`, command.describe, width))].join('\n');

/** What the program is, in one line. */
export const TITLE = 'top for I/O page faults: shows the faults of iommufd fault objects and answers them';

/** How a headless run ends. */
export const HEADLESS_NOTE = `Headless: the run ends on --duration, --count, --idle, a quit command, SIGINT, SIGTERM or \
SIGHUP. Without the first three it also ends at the end of input, if it had at least one command; input \
without a command (< /dev/null) does not end it. A reader that closes the pipe ends the run quietly. The last line is always \
the summary.`;

/** How the configuration file relates to the options. */
export const CONFIG_NOTE = `Most options can be set in the configuration file, by name; the command line wins, and \
--name=false unsets a flag. \`iopftop config print\` prints a file to start from.`;

/** The text of --help, at most `columns` wide. */
export function helpText(columns = 100): string {
  const width = widthFor(columns);
  const groups = [...new Set(TABLE.map((option) => option.group))];
  const sections = groups.map((group) =>
    [`${group}:`, ...TABLE.filter((o) => o.group === group).map((o) => optionEntry(o, width))].join('\n'),
  );
  const codes = EXIT_CODES.map(({ code, meaning }) => entry(`  ${code}`, meaning, width)).join('\n');
  return `${[
    wrap(`iopftop: ${TITLE}`, width).join('\n'),
    'Usage: iopftop [options]\n       iopftop COMMAND [options]',
    ...sections,
    commandEntries(COMMANDS, width),
    `Exit codes:\n${codes}`,
    wrap(HEADLESS_NOTE, width).join('\n'),
    wrap(CONFIG_NOTE, width).join('\n'),
  ].join('\n\n')}\n`;
}

function commandHelp(command: Command, width: number): string {
  const { words, describe, options } = command;
  const usage = ['iopftop', ...words, ...command.arguments.map(argumentText), '[options]'].join(' ');
  const list = ['Options:', ...options.map((option) => optionEntry(option, width))].join('\n');
  return `Usage: ${usage}\n\n${wrap(describe, width).join('\n')}\n\n${list}\n`;
}

/** --help after these words: of one command, of all that begin with the first word, or of the whole program. */
export function helpFor(words: readonly string[], columns = 100): string {
  const width = widthFor(columns);
  const group = COMMANDS.filter((command) => command.words[0] === words[0]);
  const command = group.find((c) => c.words.every((word, i) => word === words[i]));
  if (command) return commandHelp(command, width);
  return group.length ? `${commandEntries(group, width)}\n` : helpText(columns);
}
