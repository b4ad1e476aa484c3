// The buffer of a terminal as an SVG. Every cell stands at a place of its own, so columns cannot drift, whatever the font.
const CELL_WIDTH = 8.4;
const CELL_HEIGHT = 18;
const FONT_SIZE = 14;
const PADDING = 10;
const BACKGROUND = '#14161b';
const FOREGROUND = '#d6d8de';
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

/** A colour of the 256-colour palette. */
function palette(index) {
  if (index < 16) return BASE[index];
  if (index >= 232) {
    const grey = 8 + (index - 232) * 10;
    return `rgb(${grey},${grey},${grey})`;
  }
  const level = (n) => (n === 0 ? 0 : 55 + n * 40);
  const i = index - 16;
  return `rgb(${level(Math.floor(i / 36))},${level(Math.floor(i / 6) % 6)},${level(i % 6)})`;
}

function colours(cell) {
  let foreground = cell.isFgDefault() ? FOREGROUND : palette(cell.getFgColor());
  let background = cell.isBgDefault() ? BACKGROUND : palette(cell.getBgColor());
  if (cell.isInverse()) [foreground, background] = [background, foreground];
  return { foreground, background };
}

const ESCAPES = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const markup = (text) => text.replace(/[&<>"]/g, (c) => ESCAPES[c]);

/** Box-drawing characters as lines, so that they meet without gaps: [left, right, up, down]. */
const LINES = {
  '─': '1100',
  '│': '0011',
  '├': '0111',
  '┤': '1011',
  '╭': '0101',
  '╮': '1001',
  '╰': '0110',
  '╯': '1010',
  '└': '0110',
};

function boxPath(character, x, y) {
  const [left, right, up, down] = [...LINES[character]].map(Number);
  const [cx, cy] = [x + CELL_WIDTH / 2, y + CELL_HEIGHT / 2];
  const part = (on, toX, toY) => (on ? `M${n(cx)} ${n(cy)}L${n(toX)} ${n(toY)}` : '');
  return part(left, x, cy) + part(right, x + CELL_WIDTH, cy) + part(up, cx, y) + part(down, cx, y + CELL_HEIGHT);
}

const n = (value) => Number(value.toFixed(2));

/** The cells' backgrounds, a rectangle for each run of one colour: no seams between cells. */
function drawBackgrounds(line, columns, row) {
  let out = '';
  for (let from = 0, to = 0; from < columns; from = to) {
    const { background } = colours(line.getCell(from));
    for (to = from + 1; to < columns && colours(line.getCell(to)).background === background; ) to++;
    if (background === BACKGROUND) continue;
    const [x, y] = [PADDING + from * CELL_WIDTH, PADDING + row * CELL_HEIGHT];
    out += `<rect x="${n(x)}" y="${y}" width="${n((to - from) * CELL_WIDTH)}" height="${CELL_HEIGHT}" fill="${background}"/>`;
  }
  return out;
}

function drawCell(cell, column, row) {
  const [x, y] = [PADDING + column * CELL_WIDTH, PADDING + row * CELL_HEIGHT];
  const { foreground } = colours(cell);
  const text = cell.getChars();
  if (!text || text === ' ') return '';
  if (LINES[text]) return `<path d="${boxPath(text, x, y)}" stroke="${foreground}" stroke-width="1.2" fill="none"/>`;
  const weight = cell.isBold() ? ' font-weight="bold"' : '';
  return `<text x="${n(x)}" y="${n(y + 13.5)}" fill="${foreground}"${weight}>${markup(text)}</text>`;
}

/** An SVG of what stands on the screen of an @xterm/headless terminal. */
export function terminalSvg(terminal) {
  const { active } = terminal.buffer;
  const [width, height] = [terminal.cols * CELL_WIDTH + 2 * PADDING, terminal.rows * CELL_HEIGHT + 2 * PADDING];
  let cells = '';
  for (let row = 0; row < terminal.rows; row++) {
    const line = active.getLine(active.baseY + row);
    cells += drawBackgrounds(line, terminal.cols, row);
    for (let column = 0; column < terminal.cols; column++) cells += drawCell(line.getCell(column), column, row);
    cells += '\n';
  }
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${n(width)}" height="${n(height)}" viewBox="0 0 ${n(width)} ${n(height)}" ` +
    `font-family="DejaVu Sans Mono, Menlo, Consolas, monospace" font-size="${FONT_SIZE}">\n` +
    `<rect width="100%" height="100%" rx="6" fill="${BACKGROUND}"/>\n${cells}</svg>\n`
  );
}
