// Where two pictures of a screen differ, in words.
import { framesOf } from './movie.mjs';
import { BASELINE, CELL_HEIGHT, CELL_WIDTH, PADDING } from './svg.mjs';

const LETTERS = /<text x="([\d.]+)"[^>]*>([^<]*)<\/text>/g;
/** @type {Record<string, string>} */
const ENTITIES = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&quot;': '"' };
const MOST = 12;

/** The text of one line of the file, each character in its column. @param {string} line */
function rowText(line) {
  let text = '';
  for (const [, x, character = ''] of line.matchAll(LETTERS)) {
    const column = Math.round((Number(x) - PADDING) / CELL_WIDTH);
    text = text.padEnd(column) + character.replace(/&\w+;/g, (entity) => ENTITIES[entity] ?? entity);
  }
  return text;
}

/**
 * What differs between two SVGs of terminalSvg(), the first `MOST` rows of it; empty when nothing does.
 *
 * @param {string} before @param {string} after
 */
export function differences(before, after) {
  if (before === after) return [];
  const [old, now] = [before.split('\n'), after.split('\n')];
  if (old[0] !== now[0]) return ['another size'];
  const rows = now.flatMap((line, i) => {
    if (line === old[i]) return [];
    const [was, is] = [rowText(old[i] ?? ''), rowText(line)];
    // two lines stand before the first row
    return was === is ? [`row ${i - 1}: other colours or lines`] : [`row ${i - 1}: - ${was}`, `row ${i - 1}: + ${is}`];
  });
  return rows.length > MOST ? [...rows.slice(0, MOST), `… and ${rows.length - MOST} more`] : rows;
}

/** The rows of text of each frame of a moving picture. @param {string} svg of movieSvg() */
function frameTexts(svg) {
  /** @type {Map<number, string>[]} */
  const frames = [];
  for (const [, name = '', drawn = ''] of svg.matchAll(/<g class="(f[\d_-]+)"[^>]*>(.*)<\/g>/g)) {
    for (const frame of framesOf(name)) {
      const rows = frames[frame] ?? new Map();
      frames[frame] = rows;
      for (const [text, y] of drawn.matchAll(/<text x="[\d.]+" y="([\d.]+)".*?<\/text>/g)) {
        const row = Math.floor((Number(y) - PADDING - BASELINE) / CELL_HEIGHT) + 1;
        rows.set(row, (rows.get(row) ?? '') + text);
      }
    }
  }
  return frames;
}

/** Pieces in the order of their columns. @param {string | undefined} pieces of one row */
function inOrder(pieces = '') {
  const texts = [...pieces.matchAll(LETTERS)].sort(([, a], [, b]) => Number(a) - Number(b));
  return rowText(texts.map(([text]) => text).join(''));
}

/**
 * What differs between two SVGs of movieSvg(): the first `MOST` rows of text, by frame.
 *
 * @param {string} before @param {string} after
 */
export function movieDifferences(before, after) {
  if (before === after) return [];
  const [old, now] = [frameTexts(before), frameTexts(after)];
  if (old.length !== now.length) return [`${now.length} frames, not ${old.length}`];
  const found = now.flatMap((rows, frame) =>
    [...new Set([...rows.keys(), ...(old[frame]?.keys() ?? [])])].flatMap((row) => {
      const [was, is] = [inOrder(old[frame]?.get(row)), inOrder(rows.get(row))];
      return was === is ? [] : [`frame ${frame}, row ${row}: - ${was}`, `frame ${frame}, row ${row}: + ${is}`];
    }),
  );
  if (!found.length) return ['other colours, lines or times'];
  return found.length > MOST ? [...found.slice(0, MOST), `… and ${found.length - MOST} more`] : found;
}
