// Editing one line of text: a key → the line as it is then. Pure; what is typed and pasted is one cell a character.
import type { KeyPress } from '../terminal/key-press.ts';
import { sanitise } from './sanitise.ts';

export interface EditedLine {
  text: string;
  /** Where the cursor is, in characters: 0 before the first, text.length after the last. */
  at: number;
}

/** Longer than any expression that somebody types, and short enough to be compiled at every key. */
export const MAX_LINE = 1024;

/** One blank for a run of line ends and other controls; '?' for what is not one cell wide. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const oneLine = (text: string): string => sanitise(text.replace(/[\x00-\x1f\x7f-\x9f]+/g, ' '));

/** With the cursor at the end. */
export function lineOf(text: string): EditedLine {
  const clean = oneLine(text).slice(0, MAX_LINE);
  return { text: clean, at: clean.length };
}

type Edit = (line: EditedLine) => EditedLine;

const goTo = (line: EditedLine, at: number): EditedLine => ({
  ...line,
  at: Math.max(0, Math.min(at, line.text.length)),
});
const without = ({ text }: EditedLine, from: number, to: number): EditedLine => ({
  text: text.slice(0, from) + text.slice(to),
  at: from,
});

/** The beginning of the word before the cursor, over the blanks between. */
const wordStart = ({ text, at }: EditedLine): number => Math.max(0, text.slice(0, at).search(/\S+\s*$/));

const left: Edit = (line) => goTo(line, line.at - 1);
const right: Edit = (line) => goTo(line, line.at + 1);
const home: Edit = (line) => goTo(line, 0);
const end: Edit = (line) => goTo(line, line.text.length);
const backspace: Edit = (line) => (line.at ? without(line, line.at - 1, line.at) : line);
const remove: Edit = (line) => (line.at < line.text.length ? without(line, line.at, line.at + 1) : line);

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
  const clean = oneLine(text).slice(0, Math.max(0, MAX_LINE - line.text.length));
  return { text: line.text.slice(0, line.at) + clean + line.text.slice(line.at), at: line.at + clean.length };
}

/** The line after a key; null: the key means nothing to an editor (Enter, Esc, Tab, up, down, … are the caller's). */
export function editLine(line: EditedLine, key: KeyPress): EditedLine | null {
  const edit = Object.hasOwn(EDITS, key.name) ? EDITS[key.name] : undefined;
  if (edit) return edit(line);
  return key.text ? insert(line, key.text) : null;
}

/**
 * The part of the line that `width` cells show, padded to them: which character it begins with, and the cell of the cursor,
 * which is always in sight.
 */
export function lineInSight({ text, at }: EditedLine, width: number): { text: string; from: number; cursor: number } {
  const from = Math.max(0, at - Math.max(0, width - 1));
  return { text: text.slice(from, from + width).padEnd(width), from, cursor: at - from };
}
