// The pictures, from seeded scenarios in simulated time: an SVG has the same bytes in each run and on each machine, and
// a PNG where the fonts are the same files (DejaVu Sans Mono, Debian's fonts-dejavu-core; where that is not installed,
// whatever monospace font is). Only the one of the lab, where time is the real kernel's, differs from run to run.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { labPaths } from '../../lab/paths.mjs';
import { differences } from './differences.mjs';
import { play } from './play.mjs';
import { SHOTS } from './shots.mjs';
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

/** @param {string[]} wanted */
function chosen(wanted) {
  const unknown = wanted.filter((name) => !SHOTS.some((shot) => shot.name === name));
  if (unknown.length) {
    const known = SHOTS.map(({ name }) => name).join(', ');
    throw new RangeError(`no such screenshot: ${unknown.join(', ')}; there are ${known}`);
  }
  return SHOTS.filter(({ name }) => !wanted.length || wanted.includes(name));
}

/** Makes the pictures named, or all. Throws RangeError for a name that is none. @param {string[]} wanted */
export async function makeScreenshots(wanted) {
  mkdirSync(OUT, { recursive: true });
  for (const shot of chosen(wanted)) {
    if (shot.lab && !existsSync(labPaths().linux)) {
      say(`screenshots/${shot.name} skipped: the lab is not built (npm run lab -- true builds it)`);
      continue;
    }
    const svg = await take(shot);
    writeFileSync(join(OUT, `${shot.name}.svg`), svg);
    writeFileSync(join(OUT, `${shot.name}.png`), png(svg));
    say(`screenshots/${shot.name}`);
  }
}

/**
 * Takes the pictures named, or all, and says where they differ from those that are there. True: nowhere.
 *
 * @param {string[]} wanted
 */
export async function checkScreenshots(wanted) {
  let same = true;
  for (const shot of chosen(wanted)) {
    if (shot.lab) {
      say(`screenshots/${shot.name} not compared: its time is a real kernel's`);
      continue;
    }
    const file = join(OUT, `${shot.name}.svg`);
    const svg = await take(shot);
    const found = existsSync(file) ? differences(readFileSync(file, 'utf8'), svg) : ['it was never made'];
    say(
      `screenshots/${shot.name} ${found.length ? 'differs; npm run screenshots makes it anew' : 'is as the program shows it'}`,
    );
    for (const line of found) say(`  ${line}`);
    same &&= found.length === 0;
  }
  return same;
}
