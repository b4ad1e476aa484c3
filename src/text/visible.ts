// Text from people, files, devices and other programs, as cells that every terminal counts the same way.
import { eastAsianWidth } from 'get-east-asian-width';

/** Made when it is first needed: compiling Unicode classes takes half as long as the first frame, and most text is ASCII. */
function later(make: () => RegExp): () => RegExp {
  let made: RegExp | undefined;
  return () => {
    made ??= make();
    return made;
  };
}

/** One cell: Latin without what is invisible or combines; Greek, Cyrillic, Armenian and Georgian letters. */
const LATIN = ' -~\\xa1-\\xac\\xae-\\u02ff';
const OTHER_LETTERS = '[\\p{Script=Greek}\\p{Script=Cyrillic}\\p{Script=Armenian}\\p{Script=Georgian}]';
const narrowLetter = later(() => new RegExp(`^(?=${OTHER_LETTERS})[\\p{Lu}\\p{Ll}\\p{Lo}]$`, 'u'));
/**
 * Two cells: letters of Chinese, Japanese and Korean, their punctuation, the wide forms of ASCII. No emoji: terminals disagree.
 */
const WIDE =
  '\\u3001-\\u3003\\u3005-\\u3011\\u3041-\\u3096\\u309d-\\u309f\\u30a1-\\u30ff\\u3105-\\u312f\\u3131-\\u3163\\u3400-\\u4dbf\\u4e00-\\u9fff\\uac00-\\ud7a3\\uff01-\\uff5e';
const WIDE_BEYOND = '\\u{20000}-\\u{2a6df}\\u{2a700}-\\u{2ebe0}\\u{30000}-\\u{3134a}';
const IS_WIDE = new RegExp(`^[${WIDE}${WIDE_BEYOND}]$`, 'u');
const ANY_WIDE = new RegExp(`[${WIDE}${WIDE_BEYOND}]`, 'u');

const ALL_PLAIN = /^[ -~]*$/;
/** Text that looks like one of our escapes is escaped itself, so that different texts stay different. */
const LIKE_AN_ESCAPE = /<(?=U\+[0-9A-F]{4,6}>)/g;
/** A letter of another alphabet beside a Latin one is probably an imitation. */
const word = later(() => /[\p{L}\p{M}]+/gu);
const latinLetter = later(() => /\p{Script=Latin}/u);

const escaped = (character: string): string =>
  `<U+${character.codePointAt(0)!.toString(16).toUpperCase().padStart(4, '0')}>`;

const LATIN_CELL = new RegExp(`^[${LATIN}]$`, 'u');
/** A character whose canonical form is another one looks like that one. */
const isOwnForm = (character: string): boolean => character.normalize('NFC') === character;

const KEPT = new Map<string, boolean>();

let onlyAscii = false;

/**
 * A terminal, or a locale, without Unicode: nothing outside ASCII is kept. It applies to the whole process, as the locale
 * does.
 */
export function keepOnlyAscii(only: boolean): void {
  onlyAscii = only;
}

/** Whether terminals agree on its width and position, and that it is a character by itself. */
function isKept(character: string): boolean {
  let kept = KEPT.get(character);
  if (kept === undefined) {
    const code = character.codePointAt(0)!;
    const wide = IS_WIDE.test(character) && eastAsianWidth(code) === 2;
    const narrow = LATIN_CELL.test(character) || (narrowLetter().test(character) && eastAsianWidth(code) === 1);
    kept = (wide || narrow) && isOwnForm(character);
    if (KEPT.size > 10_000) KEPT.clear();
    KEPT.set(character, kept);
  }
  return kept;
}

function unmixed(letters: string): string {
  if (!latinLetter().test(letters)) return letters;
  return [...letters].map((c) => (narrowLetter().test(c) ? escaped(c) : c)).join('');
}

/**
 * The text with `<U+202E>` in place of each character that controls a terminal, reverses a line, combines, is invisible, or
 * has a width that depends on the terminal (emoji), and of everything outside ASCII after `keepOnlyAscii`. What is left is
 * one cell wide, or two where `isWide`. Different texts stay different. Apply it once: escaped text would be escaped again.
 */
export function visible(text: string): string {
  const own = text.replace(LIKE_AN_ESCAPE, escaped('<'));
  if (ALL_PLAIN.test(own)) return own;
  if (onlyAscii) return [...own].map((c) => (ALL_PLAIN.test(c) ? c : escaped(c))).join('');
  return [...own.replace(word(), unmixed)].map((c) => (isKept(c) ? c : escaped(c))).join('');
}

/** Whether a character that `visible` lets through takes two cells. */
export const isWide = (character: string): boolean => IS_WIDE.test(character);
export const hasWide = (text: string): boolean => ANY_WIDE.test(text);

/** Cells of a text that came through `visible`. */
export function cellsOf(text: string): number {
  if (!hasWide(text)) return text.length;
  return [...text].reduce((cells, c) => cells + (isWide(c) ? 2 : 1), 0);
}

/** As much of it as fits into `cells`: never half a character. */
export function firstCells(text: string, cells: number): string {
  if (!hasWide(text)) return text.slice(0, Math.max(0, cells));
  let room = cells;
  let end = 0;
  for (const c of text) {
    room -= isWide(c) ? 2 : 1;
    if (room < 0) break;
    end += c.length;
  }
  return text.slice(0, end);
}

const blanks = (text: string, cells: number): string => ' '.repeat(Math.max(0, cells - cellsOf(text)));
export const padCellsEnd = (text: string, cells: number): string => text + blanks(text, cells);
export const padCellsStart = (text: string, cells: number): string => blanks(text, cells) + text;
