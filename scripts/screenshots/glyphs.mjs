// Characters that are drawn as shapes, so that they meet without gaps and do not depend on the font: lines, bars, dots.

/** @typedef {{x: number, y: number, width: number, height: number}} Cell */

/** @param {number} value */
const n = (value) => Number(value.toFixed(2));

/**
 * [left, right, up, down]: 0 nothing, 1 a thin line, 2 a thick one.
 *
 * @type {Record<string, string>}
 */
const LINES = {
  '─': '1100',
  '│': '0011',
  '├': '0111',
  '┤': '1011',
  '┬': '1101',
  '┴': '1110',
  '┼': '1111',
  '╭': '0101',
  '┌': '0101',
  '╮': '1001',
  '┐': '1001',
  '╰': '0110',
  '└': '0110',
  '╯': '1010',
  '┘': '1010',
  '╴': '1000',
  '╶': '0100',
  '╵': '0010',
  '╷': '0001',
  '━': '2200',
  '┃': '0022',
  '┏': '0202',
  '┓': '2002',
  '┗': '0220',
  '┛': '2020',
  '┣': '0222',
  '┫': '2022',
};
const THICKNESS = [0, 1.2, 2.4];

/** @param {string} shape @param {Cell} cell @param {string} colour */
function lines(shape, { x, y, width, height }, colour) {
  const [left = 0, right = 0, up = 0, down = 0] = [...shape].map(Number);
  const [cx, cy] = [x + width / 2, y + height / 2];
  /** @param {number} weight @param {number} toX @param {number} toY */
  const part = (weight, toX, toY) => (weight ? `M${n(cx)} ${n(cy)}L${n(toX)} ${n(toY)}` : '');
  const path = part(left, x, cy) + part(right, x + width, cy) + part(up, cx, y) + part(down, cx, y + height);
  const thick = THICKNESS[Math.max(left, right, up, down)];
  return `<path d="${path}" stroke="${colour}" stroke-width="${thick}" fill="none"/>`;
}

/** @param {Cell} cell @param {string} colour */
const rect = ({ x, y, width, height }, colour, opacity = 1) =>
  `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" fill="${colour}"` +
  `${opacity < 1 ? ` fill-opacity="${opacity}"` : ''}/>`;

/**
 * U+2580 to U+2595, Block Elements without the quadrants.
 *
 * @param {number} code @param {Cell} cell @param {string} colour
 */
function block(code, cell, colour) {
  const { x, y, width, height } = cell;
  const eighths = code - 0x2580;
  if (code === 0x2580) return rect({ ...cell, height: height / 2 }, colour);
  if (eighths <= 8) {
    return rect({ ...cell, y: y + height * (1 - eighths / 8), height: (height * eighths) / 8 }, colour);
  }
  if (code <= 0x258f) return rect({ ...cell, width: (width * (0x2590 - code)) / 8 }, colour);
  if (code === 0x2590) return rect({ ...cell, x: x + width / 2, width: width / 2 }, colour);
  if (code <= 0x2593) return rect(cell, colour, (code - 0x2590) / 4);
  if (code === 0x2594) return rect({ ...cell, height: height / 8 }, colour);
  return rect({ ...cell, x: x + (width * 7) / 8, width: width / 8 }, colour);
}

/**
 * Column and row of the dots of a braille pattern, by bit.
 *
 * @type {[column: number, row: number][]}
 */
const DOTS = [
  [0, 0],
  [0, 1],
  [0, 2],
  [1, 0],
  [1, 1],
  [1, 2],
  [0, 3],
  [1, 3],
];

/** @param {number} bits @param {Cell} cell @param {string} colour */
function braille(bits, { x, y, width, height }, colour) {
  const dots = DOTS.filter((_, bit) => bits & (1 << bit)).map(([column, row]) => {
    const [cx, cy] = [x + (width * (2 * column + 1)) / 4, y + (height * (2 * row + 1)) / 8];
    return `<circle cx="${n(cx)}" cy="${n(cy)}" r="1.3" fill="${colour}"/>`;
  });
  return dots.join('');
}

/**
 * SVG of `character` in a cell; null for what is to be written as text.
 *
 * @param {string} character @param {Cell} cell @param {string} colour
 */
export function glyph(character, cell, colour) {
  const shape = LINES[character];
  if (shape) return lines(shape, cell, colour);
  const code = character.codePointAt(0) ?? 0;
  if (code >= 0x2580 && code <= 0x2595) return block(code, cell, colour);
  if (code >= 0x2800 && code <= 0x28ff) return braille(code - 0x2800, cell, colour);
  return null;
}
