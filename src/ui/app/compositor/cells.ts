// A line of text with colours, as cells. A character takes one cell, or two: text from outside has been sanitised.
import { isWide } from '../../../text/visible.ts';
import { FILLER } from '../../text/sanitise.ts';

export interface CellRow {
  /** The character in each cell; FILLER in the second one of a wide character. */
  chars: string[];
  /** SGR parameters of each cell, '' for plain. */
  styles: string[];
}

export function blankRow(width: number): CellRow {
  return { chars: new Array<string>(width).fill(' '), styles: new Array<string>(width).fill('') };
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const SGR = /\x1b\[([0-9;]*)m/y;

/** Reads `line` (text and SGR sequences, nothing else) into `row` from cell `left`, at most `width` cells. */
export function parseInto(row: CellRow, line: string, left: number, width: number): void {
  let style = '';
  let cell = left;
  const end = Math.min(left + width, row.chars.length);
  for (let i = 0; i < line.length && cell < end; ) {
    if (line.charCodeAt(i) === 0x1b) {
      SGR.lastIndex = i;
      const match = SGR.exec(line);
      if (match) {
        style = applySgr(style, match[1] ?? '');
        i += match[0].length;
        continue;
      }
    }
    const character = characterAt(line, i);
    i += character.length;
    if (character === FILLER) continue;
    const wide = character > WIDE_FROM && isWide(character);
    put(row, cell++, wide && cell >= end ? ' ' : character, style);
    if (wide && cell < end) put(row, cell++, FILLER, style);
  }
}

/** Before it no character is wide: most text is never looked up. */
const WIDE_FROM = '\u2fff';

function characterAt(line: string, i: number): string {
  const code = line.charCodeAt(i);
  return code >= 0xd800 && code < 0xdc00 ? String.fromCodePoint(line.codePointAt(i)!) : line[i]!;
}

function put(row: CellRow, cell: number, character: string, style: string): void {
  row.chars[cell] = character;
  row.styles[cell] = style;
}

/** A wide character of which something has taken one half gives up the other: half of one cannot be shown. */
export function dropHalves({ chars }: CellRow): void {
  for (let i = 0; i < chars.length; i++) {
    const character = chars[i]!;
    if (character <= WIDE_FROM) continue;
    if (character === FILLER) chars[i] = ' ';
    else if (isWide(character)) {
      if (chars[i + 1] === FILLER) i++;
      else chars[i] = ' ';
    }
  }
}

/** Which slot of a style a parameter sets, and which it clears. */
const SLOT_OF: Record<number, number> = { 1: 0, 2: 1, 3: 2, 4: 3, 7: 4, 9: 5 };
const CLEARS: Record<number, number[]> = { 22: [0, 1], 23: [2], 24: [3], 27: [4], 29: [5], 39: [6], 49: [7] };
const known = new Map<string, string>();

function applySgr(style: string, parameters: string): string {
  const key = `${style}|${parameters}`;
  let result = known.get(key);
  if (result === undefined) {
    result = mergeSgr(style, parameters);
    if (known.size > 4096) known.clear();
    known.set(key, result);
  }
  return result;
}

/** A style after more SGR parameters, in a canonical order, so that equal looks are equal strings. */
function mergeSgr(style: string, parameters: string): string {
  const slots = new Array<string>(8).fill('');
  setSlots(slots, style);
  setSlots(slots, parameters || '0');
  return slots.filter(Boolean).join(';');
}

function setSlots(slots: string[], parameters: string): void {
  const codes = parameters ? parameters.split(';').map(Number) : [];
  for (let i = 0; i < codes.length; i++) {
    const code = codes[i] ?? 0;
    const extended = code === 38 || code === 48;
    const taken = extended ? (codes[i + 1] === 5 ? 3 : 5) : 1;
    const text = codes.slice(i, i + taken).join(';');
    i += taken - 1;
    const slot = SLOT_OF[code];
    if (code === 0) slots.fill('');
    else if (slot !== undefined) slots[slot] = text;
    else if (CLEARS[code]) for (const cleared of CLEARS[code]) slots[cleared] = '';
    else slots[isForeground(code) ? 6 : 7] = text;
  }
}

const isForeground = (code: number): boolean => (code >= 30 && code <= 38) || (code >= 90 && code <= 97);
