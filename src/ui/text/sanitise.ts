// Text from outside (device names, paths, the kernel's words) must neither move the cursor nor shift a column.
import { hasWide, isWide, visible } from '../../text/visible.ts';

/**
 * Stands after a wide character, so that a text has as many UTF-16 units as cells, and all that counts, cuts and pads by units
 * does so by cells; a wide character of two units needs none. It is not a character, and never reaches the terminal.
 */
export const FILLER = '\ufdd0';

const ALL_NARROW = /^[ -~\xa1-\xac\xae-\u02ff]*$/;

/** As `visible` makes it, one unit a cell. */
export function sanitise(text: string): string {
  const shown = visible(text);
  if (ALL_NARROW.test(shown) || !hasWide(shown)) return shown;
  return [...shown].map((c) => (isWide(c) && c.length === 1 ? c + FILLER : c)).join('');
}

/** The text itself, for what is not the grid of the screen: the clipboard, Ink. */
export const bare = (text: string): string => (text.includes(FILLER) ? text.replaceAll(FILLER, '') : text);

/** The first `units` of it, or one less where a wide character stands across the end. */
export function cutCells(text: string, units: number): string {
  if (units >= text.length) return text;
  const next = text.charCodeAt(units);
  const across = next === FILLER.charCodeAt(0) || (next >= 0xdc00 && next <= 0xdfff);
  return text.slice(0, Math.max(0, across ? units - 1 : units));
}

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

const DRAWN = new RegExp(`^[ -~\xa1-\xac\xae-\u02ff${Object.keys(ASCII).join('')}]$`);

/** The same for what stands in a cell of the screen, which also draws with characters of its own. */
export const sanitiseCell = (character: string): string =>
  DRAWN.test(character) || (character && visible(character) === character) ? character : '?';

/** For terminals without unicode: every character the screen uses has one of ASCII in its place. */
export function toAscii(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
  return text.replace(/[^\x00-\x7f]/g, (c) => ASCII[c] ?? (c.startsWith('µ') ? 'u' : '?'));
}
