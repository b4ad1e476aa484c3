// Editing one line of text: a key → the line as it is then. Pure; what is typed and pasted stays as it is, and is shown as
// cells.
import type { KeyPress } from '../../terminal/key-press.ts';
import { cutCells, sanitise } from './sanitise.ts';

export interface EditedLine {
  text: string;
  /** Where the cursor is, in characters: 0 before the first, text.length after the last. */
  at: number;
}

/** Longer than any expression that is typed, and short enough to be compiled at every key. */
export const MAX_LINE = 1024;

/** One space for a run of line ends and other controls; lone surrogates are replaced. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f-\x9f\u2028\u2029]+/g, ' ').toWellFormed();

/** As much of it as MAX_LINE has room for beside `taken`, whole characters. */
const whatFits = (text: string, taken: number): string => text.slice(0, Math.max(0, MAX_LINE - taken)).toWellFormed();

/** With the cursor at the end. */
export function lineOf(text: string): EditedLine {
  const clean = whatFits(oneLine(text), 0);
  return { text: clean, at: clean.length };
}

type Edit = (line: EditedLine) => EditedLine;

const goToPage = (line: EditedLine, at: number): EditedLine => ({
  ...line,
  at: Math.max(0, Math.min(at, line.text.length)),
});
const without = ({ text }: EditedLine, from: number, to: number): EditedLine => ({
  text: text.slice(0, from) + text.slice(to),
  at: from,
});

/** The beginning of the word before the cursor, over the blanks between. */
const wordStart = ({ text, at }: EditedLine): number => Math.max(0, text.slice(0, at).search(/\S+\s*$/));

/** Where the character before the cursor begins, and where the one under it ends. */
const before = ({ text, at }: EditedLine): number => at - ([...text.slice(0, at)].at(-1)?.length ?? 0);
const after = ({ text, at }: EditedLine): number => at + characterAt(text, at).length;
/** '' at the end. */
const characterAt = (text: string, at: number): string =>
  at < text.length ? String.fromCodePoint(text.codePointAt(at)!) : '';

const left: Edit = (line) => goToPage(line, before(line));
const right: Edit = (line) => goToPage(line, after(line));
const home: Edit = (line) => goToPage(line, 0);
const end: Edit = (line) => goToPage(line, line.text.length);
const backspace: Edit = (line) => (line.at ? without(line, before(line), line.at) : line);
const remove: Edit = (line) => (line.at < line.text.length ? without(line, line.at, after(line)) : line);

/** By the names of the decoder; the control keys are those of every shell. */
const EDITS: Record<string, Edit> = {
  left,
  right,
  home,
  end,
  backspace,
  delete: remove,
  'ctrl-a': home,
  'ctrl-e': end,
  'ctrl-b': left,
  'ctrl-f': right,
  'ctrl-d': remove,
  'ctrl-u': (line) => without(line, 0, line.at),
  'ctrl-k': (line) => ({ ...line, text: line.text.slice(0, line.at) }),
  'ctrl-w': (line) => without(line, wordStart(line), line.at),
};

/** Puts `text` in at the cursor, as much of it as there is room for. */
export function insert(line: EditedLine, text: string): EditedLine {
  const clean = whatFits(oneLine(text), line.text.length);
  return { text: line.text.slice(0, line.at) + clean + line.text.slice(line.at), at: line.at + clean.length };
}

/** The line after a key; null: the key means nothing to an editor (Enter, Esc, Tab, up, down, … are the caller's). */
export function editLine(line: EditedLine, key: KeyPress): EditedLine | null {
  const edit = Object.hasOwn(EDITS, key.name) ? EDITS[key.name] : undefined;
  if (edit) return edit(line);
  return key.text ? insert(line, key.text) : null;
}

export interface LineInSight {
  /** Exactly `width` cells, a unit each (see sanitise). */
  text: string;
  /** The cell of the cursor, which is always in sight, and how many the character there takes. */
  cursor: number;
  cursorCells: number;
  /** The cell where the character at `at` begins; below 0 and from `width` on it is out of sight. */
  cellOf(at: number): number;
}

/** The part of the line that `width` cells show. A character that cannot be shown as it is takes the cells of its escape. */
export function lineInSight({ text, at }: EditedLine, width: number): LineInSight {
  const cellOf = (index: number): number => shown(text.slice(0, index)).length;
  const here = cellOf(at);
  const under = Math.min(width, Math.max(1, shown(characterAt(text, at)).length));
  const from = firstInSight(text, Math.max(0, here + under - width));
  return {
    text: cutCells(shown(text).slice(from), width).padEnd(width),
    cursor: here - from,
    cursorCells: under,
    cellOf: (index) => cellOf(index) - from,
  };
}

/** Character by character, so that each has its cells whatever stands beside it. */
const shown = (text: string): string => (/^[ -~]*$/.test(text) ? text : [...text].map(sanitise).join(''));

/** `cell`, or the one after it where a wide character stands across. */
const firstInSight = (text: string, cell: number): number =>
  cutCells(shown(text), cell).length < cell ? cell + 1 : cell;
