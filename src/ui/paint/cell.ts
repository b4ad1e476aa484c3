// A cell is one number: its glyph and its look.
//   bits 0–20   a code point, or the place of a longer cluster in a table; 0: the second half of a wide character
//   bits 21–31  its style, the place of its SGR parameters in a table
import { glyphOf } from './glyph.ts';
import { type StyleId, sgrOf } from './style.ts';

export type Cell = number;

const STYLE_AT = 21;
const GLYPH = (1 << STYLE_AT) - 1;
const SPACE = 0x20;

export const BLANK: Cell = SPACE;
/** No cell has this value: the terminal's own content is not known. */
export const UNKNOWN: Cell = 0xffffffff;

export const cellOf = (glyph: number, style: StyleId): Cell => ((style << STYLE_AT) | glyph) >>> 0;
export const glyphIn = (cell: Cell): number => cell & GLYPH;
export const styleOf = (cell: Cell): StyleId => cell >>> STYLE_AT;
export const isSecondHalf = (cell: Cell): boolean => (cell & GLYPH) === 0;
/** The cell's look, around a blank. */
export const emptied = (cell: Cell): Cell => ((cell & ~GLYPH) | SPACE) >>> 0;
export const textOfCell = (cell: Cell): string => glyphOf(cell & GLYPH);
export const sgrOfCell = (cell: Cell): string => sgrOf(cell >>> STYLE_AT);
