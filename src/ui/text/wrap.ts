import { wrap as wrapText } from '../../text/wrap.ts';
import { cutCells } from './sanitise.ts';

/** Of what `sanitise` has made: a unit a cell. */
const UNITS = {
  widthOf: (text: string): number => text.length,
  cut: (text: string, width: number): string => cutCells(text, width) || text.slice(0, 2),
};

/** Lines of at most `width` cells, broken between words; a longer word is cut to pieces. */
export const wrap = (text: string, width: number): string[] => wrapText(text, width, UNITS);
