// Places boxes in layers so that arrows point down and cross little (Sugiyama's method): an arrow over several layers gets
// a place in each, so that it goes between boxes and not behind them.

/**
 * @typedef {{name: string, width: number}} Box
 * @typedef {[from: string, to: string]} Arrow
 * @typedef {{name: string, width: number, layer: number, x: number}} Placed `x` is its middle; of an arrow's place `width` is small
 */

const GAP = 22;
const BEND = 12;
const SWEEPS = 120;

/** Arrows without those that a longer way says too. @param {Arrow[]} arrows */
export function reduced(arrows) {
  const next = neighbours(arrows, 0, 1);
  /** @param {string} from @param {string} to @returns {boolean} */
  const leads = (from, to) => from === to || (next.get(from) ?? []).some((name) => leads(name, to));
  return arrows.filter(([from, to]) => !(next.get(from) ?? []).some((name) => name !== to && leads(name, to)));
}

/** @param {Arrow[]} arrows @param {0 | 1} of @param {0 | 1} to @returns {Map<string, string[]>} */
function neighbours(arrows, of, to) {
  /** @type {Map<string, string[]>} */
  const map = new Map();
  for (const arrow of arrows) map.set(arrow[of], [...(map.get(arrow[of]) ?? []), arrow[to]]);
  return map;
}

/** The longest way from the top. @param {Box[]} boxes @param {Arrow[]} arrows */
function layersOf(boxes, arrows) {
  const above = neighbours(arrows, 1, 0);
  /** @type {Map<string, number>} */
  const layers = new Map();
  /** @param {string} name @returns {number} */
  const layer = (name) => {
    const known = layers.get(name);
    if (known !== undefined) return known;
    const found = 1 + Math.max(-1, ...(above.get(name) ?? []).map(layer));
    layers.set(name, found);
    return found;
  };
  for (const { name } of boxes) layer(name);
  return layers;
}

/**
 * @param {Box[]} boxes @param {Arrow[]} arrows without a circle
 * @returns {{placed: Map<string, Placed>, ways: string[][]}} an arrow's way has the names of the places that it goes through
 */
export function layout(boxes, arrows) {
  const layers = layersOf(boxes, arrows);
  const at = (/** @type {string} */ name) => layers.get(name) ?? 0;
  /** @type {Placed[]} */
  const nodes = boxes.map(({ name, width }) => ({ name, width, layer: at(name), x: 0 }));
  const ways = arrows.map(([from, to]) => {
    const bends = Array.from({ length: at(to) - at(from) - 1 }, (_, i) => `${from}>${to}@${at(from) + 1 + i}`);
    bends.forEach((name, i) => void nodes.push({ name, width: BEND, layer: at(from) + 1 + i, x: 0 }));
    return [from, ...bends, to];
  });
  const links = ways.flatMap((way) => way.slice(1).map((name, i) => /** @type {Arrow} */ ([way[i] ?? name, name])));
  const rows = Array.from({ length: Math.max(...nodes.map(({ layer }) => layer)) + 1 }, (_, layer) =>
    nodes.filter((node) => node.layer === layer),
  );
  const placed = new Map(nodes.map((node) => [node.name, node]));
  place(rows, links, placed);
  return { placed, ways };
}

/** A way with bends is straightened before boxes are moved. @param {Placed} a @param {Placed} b */
const weightOf = (a, b) => (a.width === BEND ? 4 : 1) * (b.width === BEND ? 4 : 1);

/**
 * Row by row, down and up: each node towards the middle of those above it, or below; in the end of both.
 *
 * @param {Placed[][]} rows @param {Arrow[]} links @param {Map<string, Placed>} placed
 */
function place(rows, links, placed) {
  const [up, down] = [neighbours(links, 1, 0), neighbours(links, 0, 1)];
  /** @param {Placed} node @param {Map<string, string[]>[]} ties */
  const wish = (node, ties) => {
    const names = ties.flatMap((tie) => tie.get(node.name) ?? []);
    const others = names.flatMap((name) => placed.get(name) ?? []);
    const weight = others.reduce((sum, other) => sum + weightOf(node, other), 0);
    return weight === 0 ? node.x : others.reduce((sum, other) => sum + other.x * weightOf(node, other), 0) / weight;
  };
  for (const row of rows) for (const [i, node] of row.entries()) node.x = i * 100;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    const isDown = sweep % 2 === 0;
    const ties = sweep < SWEEPS / 4 ? [isDown ? up : down] : [up, down];
    for (const row of isDown ? rows : rows.toReversed()) {
      const wished = row.map((node) => ({ node, x: wish(node, ties) }));
      wished.sort((a, b) => a.x - b.x || (a.node.name < b.node.name ? -1 : 1));
      row.splice(0, row.length, ...wished.map(({ node }) => node));
      spread(wished);
    }
  }
}

/** Nodes that touch: `x` is the left edge of the first, `wanted` where each node would have it. */
/** @typedef {{nodes: Placed[], wanted: number[], width: number, x: number}} Block */

/** @param {Placed[]} nodes @param {number[]} wanted @returns {Block} */
function block(nodes, wanted) {
  const weights = nodes.map(({ width }) => (width === BEND ? 4 : 1));
  const sum = wanted.reduce((total, x, i) => total + x * (weights[i] ?? 1), 0);
  const x = sum / weights.reduce((total, weight) => total + weight, 0);
  return { nodes, wanted, width: nodes.reduce((total, { width }) => total + width + GAP, 0), x };
}

/** Puts a row's nodes as near to where they want to be as their widths let them, in their order. @param {{node: Placed, x: number}[]} row */
function spread(row) {
  /** @type {Block[]} */
  const blocks = [];
  for (const { node, x } of row) {
    let last = block([node], [x - node.width / 2]);
    for (let before = blocks.at(-1); before && before.x + before.width > last.x; before = blocks.at(-1)) {
      blocks.pop();
      const offset = before.width;
      last = block([...before.nodes, ...last.nodes], [...before.wanted, ...last.wanted.map((left) => left - offset)]);
    }
    blocks.push(last);
  }
  for (const { nodes, x } of blocks) {
    let left = x;
    for (const node of nodes) {
      node.x = left + node.width / 2;
      left += node.width + GAP;
    }
  }
}
