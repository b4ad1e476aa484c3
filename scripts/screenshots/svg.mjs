// The buffer of a terminal as an SVG. Every cell stands at a place of its own, so columns cannot drift, whatever the font.
import { glyph } from './glyphs.mjs';

export const CELL_WIDTH = 8.4;
export const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
/** From the top of a cell to the line that letters stand on. */
export const BASELINE = 13.5;
export const PADDING = 10;
export const BACKGROUND = '#14161b';
export const FOREGROUND = '#d6d8de';
const BASE = [
  '#23262e',
  '#f07178',
  '#9ccc65',
  '#f0c674',
  '#82aaff',
  '#c792ea',
  '#6fd3e0',
  '#d6d8de',
  '#7f8694',
  '#ff8b92',
  '#b7e58a',
  '#ffdb8a',
  '#a4c4ff',
  '#dfb2ff',
  '#9aeaf3',
  '#ffffff',
];

/** A colour of the 256-colour palette. @param {number} index */
function palette(index) {
  if (index < 16) return BASE[index] ?? FOREGROUND;
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  /** @param {number} n */
  const level = (n) => (n === 0 ? 0 : 55 + n * 40);
  const i = index - 16;
  return `rgb(${level(Math.floor(i / 36))},${level(Math.floor(i / 6) % 6)},${level(i % 6)})`;
}

/** @param {number} value */
const trueColour = (value) => `#${value.toString(16).padStart(6, '0')}`;

/** @param {BufferCell} cell */
export function colours(cell) {
  const [fg, bg] = [cell.getFgColor(), cell.getBgColor()];
  let foreground = cell.isFgDefault() ? FOREGROUND : cell.isFgRGB() ? trueColour(fg) : palette(fg);
  let background = cell.isBgDefault() ? BACKGROUND : cell.isBgRGB() ? trueColour(bg) : palette(bg);
  if (cell.isInverse()) [foreground, background] = [background, foreground];
  return { foreground, background };
}

/** @type {Record<string, string>} */
const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
/** @param {string} text */
export const markup = (text) => text.replace(/[&<>"]/g, (c) => ESCAPES[c] ?? c);

/** @param {number} value */
export const n = (value) => Number(value.toFixed(2));

/** @typedef {import('@xterm/headless').IBufferCell} BufferCell */
/** @typedef {import('@xterm/headless').Terminal} Terminal */

/**
 * The cells' backgrounds, a rectangle for each run of one colour: no seams between cells.
 *
 * @param {BufferCell[]} cells @param {number} row
 */
export function drawBackgrounds(cells, row) {
  const backgrounds = cells.map((cell) => colours(cell).background);
  const out = [];
  for (let from = 0, to = 0; from < cells.length; from = to) {
    const background = backgrounds[from];
    for (to = from + 1; to < cells.length && backgrounds[to] === background; ) to++;
    if (background === BACKGROUND) continue;
    const [x, y] = [PADDING + from * CELL_WIDTH, PADDING + row * CELL_HEIGHT];
    out.push(
      `<rect x="${n(x)}" y="${y}" width="${n((to - from) * CELL_WIDTH)}" height="${CELL_HEIGHT}" fill="${background}"/>`,
    );
  }
  return out;
}

/** @param {BufferCell} cell */
export const style = (cell) =>
  [
    cell.isBold() ? ' font-weight="bold"' : '',
    cell.isDim() ? ' fill-opacity="0.6"' : '',
    cell.isUnderline() ? ' text-decoration="underline"' : '',
  ].join('');

/** @param {BufferCell} cell @param {number} column @param {number} row */
function drawCell(cell, column, row) {
  const [x, y] = [PADDING + column * CELL_WIDTH, PADDING + row * CELL_HEIGHT];
  const { foreground } = colours(cell);
  const text = cell.getChars();
  if (!text || (text === ' ' && !cell.isUnderline())) return '';
  const shape = glyph(text, { x, y, width: CELL_WIDTH, height: CELL_HEIGHT }, foreground);
  if (shape) return shape;
  return `<text x="${n(x)}" y="${n(y + BASELINE)}" fill="${foreground}"${style(cell)}>${markup(text)}</text>`;
}

/** The cells of a row of the screen. @param {Terminal} terminal @param {number} row */
export function cellsOf(terminal, row) {
  const { active } = terminal.buffer;
  const line = active.getLine(active.baseY + row);
  return Array.from({ length: terminal.cols }, (_, column) => line?.getCell(column)).filter(
    (cell) => cell !== undefined,
  );
}

/** The frame of a drawing; its first line says the size. @param {number} width @param {number} height @param {string} drawn */
export const drawing = (width, height, drawn) =>
  `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" ` +
  `font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${FONT_SIZE}">\n` +
  `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>\n${drawn}</svg>\n`;

/** An SVG of what is on the screen of an @xterm/headless terminal. @param {Terminal} terminal */
export function terminalSvg(terminal) {
  let drawn = '';
  for (let row = 0; row < terminal.rows; row++) {
    const cells = cellsOf(terminal, row);
    drawn += drawBackgrounds(cells, row).join('');
    for (const [column, cell] of cells.entries()) drawn += drawCell(cell, column, row);
    drawn += '\n';
  }
  return drawing(terminal.cols * CELL_WIDTH + 2 * PADDING, terminal.rows * CELL_HEIGHT + 2 * PADDING, drawn);
}
