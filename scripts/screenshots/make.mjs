// The pictures, from seeded scenarios in simulated time: an SVG has the same bytes in each run and on each machine, and
// a PNG where the fonts are the same files (DejaVu Sans Mono, Debian's fonts-dejavu-core; where that is not installed,
// whatever monospace font is). Only the one of the lab, where time is the real kernel's, differs from run to run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { labPaths } from '../../lab/paths.mjs';
import { differences, movieDifferences } from './differences.mjs';
import { frameOf, movieSvg } from './movie.mjs';
import { play } from './play.mjs';
import { MOVIES, SHOTS, STILL } from './shots.mjs';
import { terminalSvg } from './svg.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'screenshots');
/** Where it is, the font that the widths are made for. */
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf';
const BOLD = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf';

/** @param {string} text */
const say = (text) => process.stdout.write(`${text}\n`);

/** @param {string} svg */
export function png(svg) {
  const fontFiles = [FONT, BOLD].filter(existsSync);
  const font = { loadSystemFonts: fontFiles.length === 0, fontFiles, defaultFontFamily: 'DejaVu Sans Mono' };
  return new Resvg(svg, { font: { ...font, monospaceFamily: 'DejaVu Sans Mono' } }).render().asPng();
}

/** The SVG of a shot, freshly taken. @param {import('./shots.mjs').Shot} shot */
export function take(shot) {
  const command = shot.lab ? ['lab/lab.mjs', '--', ...shot.lab] : ['bin/iopftop', ...(shot.args ?? [])];
  return play({ ...shot, command, cwd: ROOT, live: shot.lab !== undefined }, terminalSvg);
}

/**
 * The SVG of a moving picture, freshly taken: a run of its own for each instant, and in the last one the keys.
 *
 * @param {import('./shots.mjs').Movie} movie
 */
export async function takeMovie({ columns, rows, args, time, captions, keys }) {
  /** @type {import('./movie.mjs').Frame[]} */
  const frames = [];
  /** @param {number} shown @param {import('./movie.mjs').Caption} caption */
  const see = (shown, caption) => (/** @type {import('./svg.mjs').Terminal} */ terminal) => {
    frames.push(frameOf(terminal, shown, caption));
  };
  for (let at = time.from; at <= time.to; at += time.every) {
    const text = captions.findLast(([from]) => from <= at)?.[1] ?? '';
    const pressed = at === time.to ? keys.flatMap((key) => [key.keys, see(key.shown, key.caption)]) : [];
    const command = ['bin/iopftop', ...args, '--virtual-time', '--pause-at', `${at}s`];
    const steps = [STILL, '\x1b', see(at === time.to ? 2 : time.shown, { text }), ...pressed];
    await play({ columns, rows, command, cwd: ROOT, steps }, () => {});
  }
  return movieSvg(frames, { columns, rows, still: frames.length - keys.length - 1 });
}

/** @param {string[]} wanted */
function chosen(wanted) {
  const all = [...SHOTS, ...MOVIES];
  const unknown = wanted.filter((name) => !all.some((shot) => shot.name === name));
  if (unknown.length) {
    const known = all.map(({ name }) => name).join(', ');
    throw new RangeError(`no such screenshot: ${unknown.join(', ')}; there are ${known}`);
  }
  /** @param {{name: string}} shot */
  const asked = ({ name }) => !wanted.length || wanted.includes(name);
  return { shots: SHOTS.filter(asked), movies: MOVIES.filter(asked) };
}

/** Makes the pictures named, or all. Throws RangeError for a name that is none. @param {string[]} wanted */
export async function makeScreenshots(wanted) {
  mkdirSync(OUT, { recursive: true });
  const { shots, movies } = chosen(wanted);
  for (const shot of shots) {
    if (shot.lab && !existsSync(labPaths().linux)) {
      say(`screenshots/${shot.name} skipped: the lab is not built (npm run lab -- true builds it)`);
      continue;
    }
    const svg = await take(shot);
    writeFileSync(join(OUT, `${shot.name}.svg`), svg);
    writeFileSync(join(OUT, `${shot.name}.png`), png(svg));
    say(`screenshots/${shot.name}`);
  }
  for (const movie of movies) {
    writeFileSync(join(OUT, `${movie.name}.svg`), await takeMovie(movie));
    say(`screenshots/${movie.name}`);
  }
}

/**
 * Whether `svg` is what is in the file; says where not.
 *
 * @param {string} name @param {string} svg @param {typeof differences} compare
 */
function sameAsBefore(name, svg, compare) {
  const file = join(OUT, `${name}.svg`);
  const found = existsSync(file) ? compare(readFileSync(file, 'utf8'), svg) : ['it was never made'];
  const verdict = found.length ? 'differs; npm run screenshots makes it again' : 'is as the program shows it';
  say([`screenshots/${name} ${verdict}`, ...found].join('\n  '));
  return found.length === 0;
}

/**
 * Takes the pictures named, or all, and says where they differ from those that are there. True: nowhere.
 *
 * @param {string[]} wanted
 */
export async function checkScreenshots(wanted) {
  let same = true;
  const { shots, movies } = chosen(wanted);
  for (const shot of shots) {
    if (shot.lab) say(`screenshots/${shot.name} not compared: its time is a real kernel's`);
    else same = sameAsBefore(shot.name, await take(shot), differences) && same;
  }
  for (const movie of movies) same = sameAsBefore(movie.name, await takeMovie(movie), movieDifferences) && same;
  return same;
}
