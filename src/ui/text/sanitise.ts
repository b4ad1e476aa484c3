// Text from outside (device names, paths, the kernel's words) must neither move the cursor nor shift a column.

/** One cell wide in every terminal, for a class of a pattern. */
const NARROW = ' -~\xa1-\xac\xae-\u02ff';
const NOT_NARROW = new RegExp(`[^${NARROW}]`, 'gu');

/** One cell a character: controls, escapes and whatever may be wide, combining or invisible become '?'. */
export const sanitise = (text: string): string => text.replace(NOT_NARROW, '?');

const ASCII: Record<string, string> = {
  '─': '-',
  '│': '|',
  '├': '+',
  '┤': '+',
  '└': '`',
  '╭': '+',
  '╮': '+',
  '╰': '+',
  '╯': '+',
  '▶': '>',
  '▌': '|',
  '…': '~',
  '→': '>',
  '←': '<',
  '·': '-',
  '×': 'x',
  '✗': 'x',
  '↑': '^',
  '↓': 'v',
  '—': '-',
  '≤': '<',
  '▁': '_',
  '▂': '.',
  '▃': ':',
  '▄': '-',
  '▅': '=',
  '▆': '+',
  '▇': '*',
  '█': '#',
};

const DRAWN = new RegExp(`^[${NARROW}${Object.keys(ASCII).join('')}]$`);

/** The same for a cell of the screen, which also draws with characters of its own. */
export const sanitiseCell = (unit: string): string => (DRAWN.test(unit) ? unit : '?');

/** For terminals without unicode: every character the screen uses has one of ASCII in its place. */
export function toAscii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
  return text.replace(/[^\x00-\x7f]/g, (c) => ASCII[c] ?? (c.startsWith('µ') ? 'u' : '?'));
}
