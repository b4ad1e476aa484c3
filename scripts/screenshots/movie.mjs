// The moving picture: frames of the screen as one SVG that CSS moves, so that GitHub's <img> plays it without a script.
// What several frames have in common is drawn once, and shown in each of them.
import { glyph } from './glyphs.mjs';
import {
  BASELINE,
  CELL_HEIGHT,
  CELL_WIDTH,
  cellsOf,
  colours,
  drawBackgrounds,
  drawing,
  FOREGROUND,
  markup,
  n,
  PADDING,
  style,
} from './svg.mjs';

/** Below the screen: which key is pressed, and what happens. */
const CAPTION_HEIGHT = 40;
const CAPTION_SIZE = 16;
const KEY = { fill: '#f0c674', ink: '#14161b' };

/** @typedef {import('./svg.mjs').BufferCell} BufferCell */
/** @typedef {import('./svg.mjs').Terminal} Terminal */
/** @typedef {{key?: string, text: string}} Caption */
/** @typedef {{seconds: number, under: string[], over: string[]}} Frame under: what letters stand on */

/** Of one colour and style, so that they can be drawn as one. @param {BufferCell} cell */
const look = (cell) => `${colours(cell).foreground}${style(cell)}`;

/** Letters whose widths every monospace font agrees on. @param {string} text */
const plain = (text) => /^[!-~]+$/.test(text);

/**
 * Where a piece that begins at `from` ends: a word, or a line of one character.
 *
 * @param {BufferCell[]} cells @param {number} from
 */
function endOfPiece(cells, from) {
  const first = /** @type {BufferCell} */ (cells[from]);
  const text = first.getChars();
  const belongs = plain(text) ? plain : (/** @type {string} */ chars) => text === '─' && chars === text;
  let to = from + 1;
  for (let cell = cells[to]; cell && belongs(cell.getChars()) && look(cell) === look(first); cell = cells[to]) to++;
  return to;
}

/** @param {BufferCell[]} cells @param {number} column @param {number} row */
function drawPiece(cells, column, row) {
  const [cell] = /** @type {[BufferCell]} */ (cells);
  const [x, y, width] = [PADDING + column * CELL_WIDTH, PADDING + row * CELL_HEIGHT, cells.length * CELL_WIDTH];
  const { foreground } = colours(cell);
  const text = cells.map((each) => each.getChars()).join('');
  const shape = glyph(cell.getChars(), { x, y, width, height: CELL_HEIGHT }, foreground);
  if (shape) return shape;
  const fill = foreground === FOREGROUND ? '' : ` fill="${foreground}"`;
  const length = cells.length > 1 ? ` textLength="${n(width)}"` : '';
  return `<text x="${n(x)}" y="${n(y + BASELINE)}"${length}${fill}${style(cell)}>${markup(text)}</text>`;
}

/** @param {BufferCell[]} cells @param {number} row */
function drawRow(cells, row) {
  const pieces = [];
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const text = cells[from]?.getChars();
    to = !text || text === ' ' ? from + 1 : endOfPiece(cells, from);
    if (text && text !== ' ') pieces.push(drawPiece(cells.slice(from, to), from, row));
  }
  return pieces;
}

/** @param {Caption} caption @param {number} top */
function drawCaption({ key, text }, top) {
  const [middle, width] = [top + CAPTION_HEIGHT / 2, (key?.length ?? 0) * 10 + 20];
  const cap = key
    ? `<rect x="${PADDING}" y="${n(middle - 13)}" width="${width}" height="26" rx="4" fill="${KEY.fill}"/>` +
      `<text x="${PADDING + width / 2}" y="${n(middle + 6)}" text-anchor="middle" font-size="${CAPTION_SIZE}"` +
      ` font-weight="bold" fill="${KEY.ink}">${markup(key)}</text>`
    : '';
  const x = PADDING + (key ? width + 12 : 2);
  return `${cap}<text x="${x}" y="${n(middle + 6)}" font-size="${CAPTION_SIZE}">${markup(text)}</text>`;
}

/**
 * What the terminal shows now, as a frame that stays for `seconds`.
 *
 * @param {Terminal} terminal @param {number} seconds @param {Caption} caption @returns {Frame}
 */
export function frameOf(terminal, seconds, caption) {
  const rows = Array.from({ length: terminal.rows }, (_, row) => ({ row, cells: cellsOf(terminal, row) }));
  const over = rows.flatMap(({ row, cells }) => drawRow(cells, row));
  over.push(drawCaption(caption, terminal.rows * CELL_HEIGHT + PADDING));
  return { seconds, under: rows.flatMap(({ row, cells }) => drawBackgrounds(cells, row)), over };
}

/** Frames in which something shows, as the name of a class: `f0-3_7-7`. @param {number[]} frames in ascending order */
function className(frames) {
  const ranges = frames.filter((frame, i) => frame !== (frames[i - 1] ?? -2) + 1);
  return `f${ranges.map((from) => `${from}-${lastOf(frames, from)}`).join('_')}`;
}

/** @param {number[]} frames @param {number} from */
function lastOf(frames, from) {
  let last = from;
  while (frames.includes(last + 1)) last++;
  return last;
}

/** The frames of a class's name. @param {string} name */
export const framesOf = (name) =>
  name
    .slice(1)
    .split('_')
    .flatMap((range) => {
      const [from = 0, to = 0] = range.split('-').map(Number);
      return Array.from({ length: to - from + 1 }, (_, i) => from + i);
    });

/** Pieces by the frames that they show in: class → pieces. @param {string[][]} frames */
function grouped(frames) {
  /** @type {Map<string, number[]>} */
  const shown = new Map();
  for (const [i, pieces] of frames.entries()) {
    for (const piece of pieces) shown.set(piece, [...(shown.get(piece) ?? []), i]);
  }
  /** @type {Map<string, string[]>} */
  const groups = new Map();
  for (const [piece, at] of shown) groups.set(className(at), [...(groups.get(className(at)) ?? []), piece]);
  return [...groups];
}

/** @param {string} name @param {Frame[]} frames */
function keyframes(name, frames) {
  const shows = new Set(framesOf(name));
  const total = frames.reduce((sum, { seconds }) => sum + seconds, 0);
  let [at, rules] = [0, ''];
  for (const [i, { seconds }] of frames.entries()) {
    const turns = i === 0 || shows.has(i) !== shows.has(i - 1);
    if (turns) rules += `${n((at / total) * 100)}%{visibility:${shows.has(i) ? 'visible' : 'hidden'}}`;
    at += seconds;
  }
  return `@keyframes ${name}{${rules}}.${name}{animation:${name} ${n(total)}s step-end infinite}`;
}

/**
 * The moving picture. Where nothing moves (`prefers-reduced-motion`, a program that draws no animation) it is frame `still`.
 *
 * @param {Frame[]} frames @param {{columns: number, rows: number, still: number}} size
 */
export function movieSvg(frames, { columns, rows, still }) {
  const groups = [...grouped(frames.map(({ under }) => under)), ...grouped(frames.map(({ over }) => over))];
  const moving = new Set(groups.map(([name]) => name).filter((name) => framesOf(name).length < frames.length));
  const css = [...moving].map((name) => `${keyframes(name, frames)}\n`).join('');
  const drawn = groups.map(([name, pieces]) => {
    const hidden = framesOf(name).includes(still) ? '' : ' visibility="hidden"';
    return `<g class="${name}"${hidden}>${pieces.join('')}</g>\n`;
  });
  const [width, height] = [columns * CELL_WIDTH + 2 * PADDING, rows * CELL_HEIGHT + 2 * PADDING + CAPTION_HEIGHT];
  const style = `<style>@media (prefers-reduced-motion:no-preference){\n${css}}</style>\n`;
  return drawing(width, height, `${style}<g fill="${FOREGROUND}">\n${drawn.join('')}</g>\n`);
}

/** Frame `i` alone, without what moves. @param {string} svg of movieSvg() @param {number} i */
export const stillOf = (svg, i) =>
  svg
    .replace(/<style>[\s\S]*<\/style>\n/, '')
    .replace(/<g class="(f[\d_-]+)"(?: visibility="hidden")?>(.*)<\/g>\n/g, (_, name, drawn) =>
      framesOf(name).includes(i) ? `<g>${drawn}</g>\n` : '',
    );
