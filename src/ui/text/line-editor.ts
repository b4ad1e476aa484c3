// Editing one line of text: a key → the next text and place of the cursor. Pure.
import type { KeyPress } from '../terminal/input.ts';

export interface EditedLine {
  text: string;
  /** Cursor, in characters from 0; text.length is behind the last. */
  at: number;
}

/** With the cursor at the end. */
export const lineOf = (text: string): EditedLine => ({ text, at: text.length });

type Edit = (line: EditedLine) => EditedLine;

const backTo = ({ text, at }: EditedLine, from: number): EditedLine => ({
  text: text.slice(0, from) + text.slice(at),
  at: from,
});

/** Where the word before the cursor begins, blanks behind it included. */
function wordStart({ text, at }: EditedLine): number {
  let from = at;
  while (from > 0 && text[from - 1] === ' ') from--;
  while (from > 0 && text[from - 1] !== ' ') from--;
  return from;
}

const home: Edit = (line) => ({ ...line, at: 0 });
const end: Edit = ({ text }) => lineOf(text);

const EDITS: Record<string, Edit> = {
  left: ({ text, at }) => ({ text, at: Math.max(0, at - 1) }),
  right: ({ text, at }) => ({ text, at: Math.min(text.length, at + 1) }),
  home,
  'ctrl-a': home,
  end,
  'ctrl-e': end,
  backspace: (line) => backTo(line, Math.max(0, line.at - 1)),
  delete: ({ text, at }) => ({ text: text.slice(0, at) + text.slice(at + 1), at }),
  'ctrl-u': (line) => backTo(line, 0),
  'ctrl-k': ({ text, at }) => lineOf(text.slice(0, at)),
  'ctrl-w': (line) => backTo(line, wordStart(line)),
};

/** What is pasted may hold line ends and other controls: one blank for a run of them. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is replaced
const oneLine = (text: string): string => text.replace(/[\x00-\x1f\x7f]+/g, ' ');

/** The line after the key; null: the key edits nothing. */
export function editLine(line: EditedLine, key: KeyPress): EditedLine | null {
  const edit = EDITS[key.name];
  if (edit) return edit(line);
  if (!key.text) return null;
  const text = oneLine(key.text);
  return { text: line.text.slice(0, line.at) + text + line.text.slice(line.at), at: line.at + text.length };
}

/**
 * The part of the line that `width` cells show, padded to them: which character it begins with, and the cell of the cursor,
 * which is always in sight.
 */
export function lineInSight({ text, at }: EditedLine, width: number): { text: string; from: number; cursor: number } {
  const from = Math.max(0, at - Math.max(0, width - 1));
  return { text: text.slice(from, from + width).padEnd(width), from, cursor: at - from };
}
