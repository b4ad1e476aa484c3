// The pictures, from seeded scenarios. What arrives, its order, its addresses and all sizes are the same in each run;
// ages, times of arrival and rates are read from a real clock and differ by a few milliseconds, and with them some bytes.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Resvg } from '@resvg/resvg-js';
import { labPaths } from '../../lab/paths.mjs';
import { play } from './play.mjs';
import { SHOTS } from './shots.mjs';
import { terminalSvg } from './svg.mjs';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const OUT = join(ROOT, 'screenshots');
/** Where it is, the font that the widths are made for. */
const FONT = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono.ttf';
const BOLD = '/usr/share/fonts/truetype/dejavu/DejaVuSansMono-Bold.ttf';

function png(svg) {
  const fontFiles = [FONT, BOLD].filter(existsSync);
  const font = { loadSystemFonts: fontFiles.length === 0, fontFiles, defaultFontFamily: 'DejaVu Sans Mono' };
  return new Resvg(svg, { font: { ...font, monospaceFamily: 'DejaVu Sans Mono' } }).render().asPng();
}

/** Makes the pictures named, or all. */
export async function makeScreenshots(wanted) {
  const unknown = wanted.filter((name) => !SHOTS.some((shot) => shot.name === name));
  if (unknown.length) throw new Error(`no such screenshot: ${unknown.join(', ')}`);
  mkdirSync(OUT, { recursive: true });
  for (const shot of SHOTS.filter(({ name }) => !wanted.length || wanted.includes(name))) {
    if (shot.lab && !existsSync(labPaths().linux)) {
      process.stdout.write(`screenshots/${shot.name} skipped: the lab is not built (npm run lab -- true builds it)\n`);
      continue;
    }
    const command = shot.lab ? ['lab/lab.mjs', '--', 'iopftop', ...shot.args] : ['bin/iopftop', ...shot.args];
    const svg = await play({ ...shot, command, cwd: ROOT }, terminalSvg);
    writeFileSync(join(OUT, `${shot.name}.svg`), svg);
    writeFileSync(join(OUT, `${shot.name}.png`), png(svg));
    process.stdout.write(`screenshots/${shot.name}\n`);
  }
}
