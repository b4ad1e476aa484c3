// `npm run simulate`: plays seeds of a simulation (test/simulation); one alone prints its turns.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { messageOf } from './lib/errors.mjs';
import { ROOT } from './lib/fresh.cjs';
import { setup } from './setup.mjs';

const USAGE =
  'npm run simulate -- --seed N [--seeds COUNT] [--steps TURNS] [--without KINDS] [--of whole|several|owner|handed]\n';
/**
 * The program on its own devices, with a second listener, beside the owner of its queues, over queues that other processes
 * hand over.
 */
const FILES = { whole: 'simulation', several: 'several', owner: 'owner', handed: 'handed' };
/** Each of these plays only a share of the requested seeds, see seeds.ts. */
const SHARES = { whole: 1, several: 200, owner: 20, handed: 20 };

/** @param {string} name @returns {name is keyof typeof FILES} */
const isOne = (name) => Object.hasOwn(FILES, name);

function options() {
  const text = { type: /** @type {const} */ ('string') };
  const { values } = parseArgs({ options: { seed: text, seeds: text, steps: text, without: text, of: text } });
  for (const name of /** @type {const} */ (['seed', 'seeds', 'steps'])) {
    const value = values[name];
    if (value !== undefined && !/^[1-9]\d*$/.test(value))
      throw new Error(`--${name} ${value}: give a whole number of 1 or more`);
  }
  const { of = 'whole', without } = values;
  if (!isOne(of)) throw new Error(`--of ${of}: give one of ${Object.keys(FILES).join(', ')}`);
  if (without !== undefined && of !== 'whole') throw new Error('--without is for --of whole');
  return { ...values, of };
}

async function main() {
  /** @type {ReturnType<typeof options>} */
  let values;
  try {
    values = options();
  } catch (error) {
    process.stderr.write(`simulate: ${messageOf(error)}\n${USAGE}`);
    return 2;
  }
  if (!(await setup())) return 1;
  const { of, seed = '1', seeds = values.seed ? '1' : '10000', steps = '', without = '' } = values;
  const env = {
    ...process.env,
    IOPFTOP_SIM_SEED: seed,
    IOPFTOP_SIM_SEEDS: `${Number(seeds) * SHARES[of]}`,
    IOPFTOP_SIM_STEPS: steps,
    IOPFTOP_SIM_WITHOUT: without,
  };
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', `test/simulation/${FILES[of]}.test.ts`];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
}

process.exitCode = await main();
