// docs/architecture.svg: the rooms of src/ and the imports among them, as they are in the files. `npm run build` writes it.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from './lib/fresh.cjs';
import { imports } from './lib/imports.mjs';
import { rooms } from './lib/rooms.mjs';
import { drawing } from './picture/draw.mjs';
import { layout, reduced } from './picture/layout.mjs';

/** The worker thread begins here: what it reaches is its own. */
const WORKER = 'src/engine/thread/worker.ts';

/**
 * @typedef {{name: string, title: string, lines: string[], width: number, thread: 'main' | 'worker'}} Room
 * @param {import('./lib/rooms.mjs').Row} row @param {string} root @param {Set<string>} worker rooms of the worker thread
 * @returns {Room}
 */
function roomOf({ names, text }, root, worker) {
  const [name = ''] = names;
  const title = names.map((path) => path.replace(/^src\/|\.ts$/g, '')).join(' · ');
  const says = (/^[^.,:;(]*/.exec(text)?.[0] ?? '').replaceAll('`', '').trim();
  const folders = name.endsWith('.ts')
    ? []
    : readdirSync(join(root, name), { withFileTypes: true }).flatMap((entry) =>
        entry.isDirectory() ? [entry.name] : [],
      );
  const lines = [says, ...inLines(folders.sort())];
  const width = Math.max(title.length * 8.6, ...lines.map((line) => line.length * 6)) + 24;
  return { name, title, lines, width: Math.round(width), thread: worker.has(name) ? 'worker' : 'main' };
}

/** At most so many characters a line. @param {string[]} words */
function inLines(words, most = 56) {
  /** @type {string[]} */
  const lines = [];
  for (const word of words) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length + 3 <= most) lines[lines.length - 1] = `${last} · ${word}`;
    else lines.push(word);
  }
  return lines;
}

/** What `entry` reaches. @param {Map<string, string[]>} graph @param {string} entry */
function reached(graph, entry) {
  const seen = new Set([entry]);
  for (const file of seen) for (const next of graph.get(file) ?? []) seen.add(next);
  return seen;
}

/** The picture as SVG: the same bytes for the same tree and table. */
export function picture(root = ROOT) {
  const rows = rooms(readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8'));
  const graph = imports(root);
  /** The box that a file is in. @param {string} file */
  const boxOf = (file) =>
    rows.find(({ names }) => names.includes(file.split('/').slice(0, 2).join('/')))?.names[0] ?? file;
  const worker = new Set([...reached(graph, WORKER)].map(boxOf));
  const all = rows.map((row) => roomOf(row, root, worker));
  const ground = all.at(-1);
  if (!ground) throw new Error('there is no room');
  const pairs = new Set([...graph].flatMap(([file, to]) => to.map((path) => `${boxOf(file)} ${boxOf(path)}`)));
  const arrows = [...pairs]
    .map((pair) => /** @type {import('./picture/layout.mjs').Arrow} */ (pair.split(' ')))
    .filter(([from, to]) => from !== to && to !== ground.name)
    .sort(([a, b], [c, d]) => (`${a} ${b}` < `${c} ${d}` ? -1 : 1));
  const boxes = all.filter((room) => room !== ground);
  return drawing({ boxes, ground, ...layout(boxes, reduced(arrows)) });
}
