// `run.mjs short|full [JSON of sizes]`: the benchmarks of the screen, one after the other; prints one line of JSON.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../../paths.mjs';
import { buildScreen } from './build.mjs';
import { needHtop } from './htop.mjs';
import { ScreenBench } from './measures.mjs';

const FORMS = {
  full: { window: 40_000, keys: 200, idle: 20_000, seconds: 3_600 },
  short: { window: 2_500, keys: 50, idle: 5_000, seconds: 504 },
};
/** @typedef {import('./measures.mjs').Size} Size */
/** @type {Size} */
const SMALL = [120, 40];
/** @type {Size} */
const LARGE = [200, 60];

const form = process.argv[2] === 'short' ? FORMS.short : FORMS.full;
const work = join(checkout, 'dist', 'bench', 'screen');
mkdirSync(work, { recursive: true });
const noHtop = needHtop();
const bench = new ScreenBench(await buildScreen(work), work);
/** @param {string} what */
const said = (what) => process.stderr.write(`bench: the screen, ${what}\n`);

said('flooded');
const flood = [await bench.flood(SMALL, form.window, form.keys), await bench.flood(LARGE, form.window, form.keys)];
said('quiet and idle');
const quiet = await bench.quiet(SMALL, form.window);
const idle = await bench.idle(SMALL, form.idle);
said('on a slow link');
const slow = await bench.link(LARGE, form.window);
said(`memory over ${form.seconds} s`);
const memory = await bench.memory(SMALL, form.seconds);
process.stdout.write(`${JSON.stringify({ flood, quiet, idle, slow, memory, noHtop })}\n`);
process.exit(0);
