// Completing the names of variables in an expression. Pure.

import { type EditedLine, insert } from '../text/line-editor.ts';
import type { Completion } from './overlays.ts';

/** The names that fit the word at the cursor, and which of them stands in the line. */
const WORD = /[A-Za-z_]\w*$/;

/** The unfinished word before the cursor; null inside a string, which no name belongs in. */
function wordBefore({ text, at }: EditedLine): string | null {
  const before = text.slice(0, at);
  const rest = before.replace(/"(\\.|[^"\\])*"|'(\\.|[^'\\])*'/g, '');
  return /["']/.test(rest) ? null : (WORD.exec(before)?.[0] ?? '');
}

const startAlike = (names: readonly string[]): string =>
  names.reduce((common, name) => {
    let i = 0;
    while (i < common.length && common[i] === name[i]) i++;
    return common.slice(0, i);
  });

const replaceWord = (line: EditedLine, word: string, by: string): EditedLine =>
  insert({ text: line.text.slice(0, line.at - word.length) + line.text.slice(line.at), at: line.at - word.length }, by);

/**
 * The line after Tab, and the names to choose from; null: no name fits. Where one fits it is put in; where several do,
 * what they have in common, and each one in turn by the next Tabs (`step` -1: backwards).
 */
export function complete(
  line: EditedLine,
  before: Completion | null,
  step: 1 | -1,
  known: readonly string[],
): { line: EditedLine; completion: Completion } | null {
  const word = wordBefore(line);
  if (word === null) return null;
  if (before && before.names.length > 1) {
    const { names } = before;
    const at = before.at < 0 && step < 0 ? names.length - 1 : (before.at + step + names.length) % names.length;
    return { line: replaceWord(line, word, names[at]!), completion: { names, at } };
  }
  const names = known.filter((name) => name.startsWith(word));
  if (!names.length) return null;
  return { line: replaceWord(line, word, startAlike(names)), completion: { names, at: names.length === 1 ? 0 : -1 } };
}
