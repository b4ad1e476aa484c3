// `npm run bench -- --against COMMIT`: the program of that commit and this checkout's, in turns in one run.
import { fail } from '../../build/fail.mjs';
import { comparisonMarkdown, comparisonRows } from './goals.mjs';
import { keysAndDialogs, warm } from './measures.mjs';
import { heaps } from './memory.mjs';
import { bothPrograms } from './programs.mjs';
import { starts } from './start.mjs';

/** @type {import('./screen.mjs').Size} */
const SMALL = [120, 40];
/** @type {import('./screen.mjs').Size} */
const LARGE = [200, 60];

const FORMS = {
  full: {
    large: { turns: 4, window: 12_000, keys: 100 },
    small: { turns: 2, window: 12_000, keys: 100 },
    calm: 10,
    starts: 20,
    heap: { from: 10_000, step: 5_000, frames: 50_000 },
  },
  short: { large: { turns: 2, window: 3_000, keys: 40 }, small: null, calm: 4, starts: 8, heap: null },
};
/** @typedef {keyof typeof FORMS} Form */
/** @typedef {import('./goals.mjs').Measured} Measured */
/** @typedef {Record<import('./programs.mjs').Side, import('./programs.mjs').Program>} Programs */

/** @param {string} prefix @param {Measured} measured @returns {Measured} */
const named = (prefix, measured) =>
  Object.fromEntries(Object.entries(measured).map(([name, turns]) => [`${prefix}.${name}`, turns]));

/** @param {Programs} programs @param {Form} form @returns {Promise<Measured>} */
async function heap(programs, form) {
  const sizes = FORMS[form].heap;
  if (sizes === null) return {};
  const { before, now } = await heaps(programs, sizes);
  /** @param {(samples: number[]) => number} of */
  const of = (of) => ({ before: [[of(before)]], now: [[of(now)]] });
  const end = of((samples) => samples.at(-1) ?? Number.NaN);
  return { end, growth: of((samples) => (samples.at(-1) ?? Number.NaN) / (samples[0] ?? Number.NaN)) };
}

/** @type {Record<string, (programs: Programs, form: Form) => Promise<Measured>>} */
const PARTS = {
  start: async (programs, form) => named('start', await starts(programs, LARGE, FORMS[form].starts)),
  keys: async (programs, form) => named('calm', await keysAndDialogs(programs, LARGE, FORMS[form].calm)),
  warm: async (programs, form) => {
    const { large, small } = FORMS[form];
    return {
      ...named('200x60', await warm(programs, LARGE, large)),
      ...(small && named('120x40', await warm(programs, SMALL, small))),
    };
  },
  heap: async (programs, form) => named('heap', await heap(programs, form)),
};

/** The parts that --only names, or all. @param {string | undefined} only */
export function partsOf(only) {
  const names = only === undefined ? Object.keys(PARTS) : only.split(',');
  const unknown = names.find((name) => !(name in PARTS));
  if (unknown !== undefined)
    fail(`--only: no part ${JSON.stringify(unknown)}; there are ${Object.keys(PARTS).join(', ')}`);
  return names;
}

/**
 * @param {string} commit @param {{form: Form, only?: string | undefined}} options
 */
export async function compare(commit, { form, only }) {
  const parts = partsOf(only);
  const { sha, programs } = await bothPrograms(commit);
  /** @type {Measured} */
  const measured = {};
  for (const name of parts) {
    process.stderr.write(`bench: against ${sha.slice(0, 12)}, ${name}\n`);
    Object.assign(measured, await PARTS[name]?.(programs, form));
  }
  const rows = comparisonRows(measured);
  return { rows, text: comparisonMarkdown(rows, sha), json: { sha, rows, measured } };
}
