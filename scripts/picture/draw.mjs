// Boxes and arrows that have their places, as SVG.

/**
 * @typedef {import('../picture.mjs').Room} Room
 * @typedef {import('./layout.mjs').Placed} Placed
 */

const MARGIN = 20;
const HEAD = 60;
const TITLE = 18;
const LINE = 14;
const BETWEEN = 28;
const COLOURS = { main: { fill: '#e8f0fb', stroke: '#5b7db1' }, worker: { fill: '#e6f4ea', stroke: '#4f8a63' } };
const LEGEND = {
  main: 'main thread only',
  worker: 'worker thread: blocked in poll(2), a wake-up eventfd in the set',
};

const n = (/** @type {number} */ value) => String(Math.round(value * 10) / 10);
const heightOf = (/** @type {Room} */ { lines }) => 14 + TITLE + lines.length * LINE;

/** @param {{x: number, y: number}[]} points the lower middle of a box, bends, the upper middle of another box */
function curve(points) {
  const [first = { x: 0, y: 0 }, ...rest] = points;
  let path = `M${n(first.x)} ${n(first.y)}`;
  let from = first;
  for (const to of rest) {
    const half = (to.y - from.y) / 2;
    path += `C${n(from.x)} ${n(from.y + half)} ${n(to.x)} ${n(to.y - half)} ${n(to.x)} ${n(to.y)}`;
    from = to;
  }
  return `<path d="${path}"/>`;
}

/** @param {Room} room @param {{x: number, y: number, width: number, height: number}} at */
function box({ title, lines, thread }, { x, y, width, height }) {
  const { fill, stroke } = COLOURS[thread];
  const middle = n(x + width / 2);
  const text = lines.map(
    (line, i) =>
      `<text x="${middle}" y="${n(y + 9 + TITLE + (i + 1) * LINE - 3)}" font-size="11" fill="#445">${line}</text>`,
  );
  return [
    `<rect x="${n(x)}" y="${n(y)}" width="${n(width)}" height="${n(height)}" rx="6" fill="${fill}" stroke="${stroke}"/>`,
    `<text x="${middle}" y="${n(y + 20)}" font-size="14" font-weight="bold">${title}</text>`,
    ...text,
  ].join('');
}

/** @param {{boxes: Room[], ground: Room, placed: Map<string, Placed>, ways: string[][]}} what */
export function drawing({ boxes, ground, placed, ways }) {
  const left = Math.min(...[...placed.values()].map(({ x, width }) => x - width / 2)) - MARGIN;
  const right = Math.max(...[...placed.values()].map(({ x, width }) => x + width / 2)) + MARGIN;
  const width = Math.ceil(right - left);
  /** @type {{top: number, height: number}[]} */
  const layers = [];
  for (let layer = 0, top = HEAD; boxes.some(({ name }) => placed.get(name)?.layer === layer); layer++) {
    const height = Math.max(...boxes.filter(({ name }) => placed.get(name)?.layer === layer).map(heightOf));
    layers.push({ top, height });
    top += height + BETWEEN;
  }
  const last = layers.at(-1) ?? { top: HEAD, height: 0 };
  const base = last.top + last.height + BETWEEN / 2;
  const height = Math.ceil(base + heightOf(ground) + MARGIN);
  /** @param {string} name */
  const where = (name) => {
    const node = placed.get(name) ?? { x: 0, layer: 0, width: 0 };
    const { top, height: tall } = layers[node.layer] ?? last;
    return { x: node.x - left, top, tall, width: node.width };
  };
  const drawn = boxes.map((room) => {
    const { x, top, tall, width: wide } = where(room.name);
    const own = heightOf(room);
    return box(room, { x: x - wide / 2, y: top + (tall - own) / 2, width: wide, height: own });
  });
  const heights = new Map(boxes.map((room) => [room.name, heightOf(room)]));
  const arrows = ways.map((way) =>
    curve(
      way.flatMap((name, i) => {
        const { x, top, tall } = where(name);
        const own = heights.get(name) ?? 0;
        if (i === 0) return [{ x, y: top + (tall + own) / 2 }];
        if (i === way.length - 1) return [{ x, y: top + (tall - own) / 2 - 1 }];
        return [
          { x, y: top },
          { x, y: top + tall },
        ];
      }),
    ),
  );
  const legend = Object.entries(LEGEND).map(([thread, text], i) => {
    const { fill, stroke } = COLOURS[/** @type {keyof typeof COLOURS} */ (thread)];
    const x = MARGIN + i * 160;
    return `<rect x="${x}" y="14" width="14" height="14" rx="3" fill="${fill}" stroke="${stroke}"/><text x="${x + 20}" y="25">${text}</text>`;
  });
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" font-family="DejaVu Sans, Helvetica, Arial, sans-serif" fill="#112">
<title>iopftop: the rooms of src/ and what they import</title>
<defs><marker id="a" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 10 5 0 10z" fill="#667"/></marker></defs>
<rect width="${width}" height="${height}" fill="#fff"/>
<g font-size="11" fill="#445">${legend.join('')}<text x="${MARGIN}" y="45">An arrow is an import; those that a longer way says too are left out. Every room may import the lowest.</text></g>
<g fill="none" stroke="#667" stroke-width="1.3" marker-end="url(#a)">
${arrows.join('\n')}
</g>
<g text-anchor="middle">
${drawn.join('\n')}
${box(ground, { x: MARGIN, y: base, width: width - 2 * MARGIN, height: heightOf(ground) })}
</g>
</svg>
`;
}
