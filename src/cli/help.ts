import { EXIT_CODES } from './exit-codes.ts';
import { type Option, TABLE } from './options.ts';

const LEFT = 30;

/** `text` in lines of at most `width` columns. */
function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  return [...lines, line];
}

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

const TITLE = 'iopftop: top for I/O page faults: shows the faults of iommufd fault objects and answers them';

const NOTES = `Headless: the run ends by --duration, --count, --idle, a quit command, SIGINT, SIGTERM or SIGHUP. Without the first \
three it also ends at the end of input, if at least one command came from it; input that ends without a command \
(< /dev/null) ends nothing. A reader that closes the pipe ends the run quietly. The last line is always the summary.`;

/** The text of --help, at most `columns` wide. */
export function helpText(columns = 100): string {
  const width = Math.max(60, Math.min(columns, 110));
  const groups = [...new Set(TABLE.map((option) => option.group))];
  const sections = groups.map((group) =>
    [`${group}:`, ...TABLE.filter((o) => o.group === group).map((o) => optionEntry(o, width))].join('\n'),
  );
  const codes = EXIT_CODES.map(({ code, meaning }) => entry(`  ${code}`, meaning, width)).join('\n');
  return `${[
    wrap(TITLE, width).join('\n'),
    'Usage: iopftop [options]',
    ...sections,
    `Exit codes:\n${codes}`,
    wrap(NOTES, width).join('\n'),
  ].join('\n\n')}\n`;
}
