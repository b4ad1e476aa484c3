// `npm run simulate -- --seed N [--seeds COUNT] [--steps TURNS] [--without KINDS]`: plays seeds of the simulation (test/simulation); one alone
// prints its turns.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ROOT } from './lib/fresh.mjs';
import { setup } from './setup.mjs';

const USAGE = 'npm run simulate -- --seed N [--seeds COUNT] [--steps TURNS] [--without KINDS]\n';

function numbers() {
  const number = { type: 'string' };
  const { values } = parseArgs({
    options: { seed: number, seeds: number, steps: number, without: { type: 'string' } },
  });
  for (const [name, value] of Object.entries(values)) {
    if (name !== 'without' && !/^[1-9]\d*$/.test(value))
      throw new Error(`--${name} ${value}: a whole number of 1 or more is needed`);
  }
  return values;
}

async function main() {
  let values;
  try {
    values = numbers();
  } catch (error) {
    process.stderr.write(`simulate: ${error.message}\n${USAGE}`);
    return 2;
  }
  if (!(await setup())) return 1;
  const { seed = '1', seeds = values.seed ? '1' : '10000', steps = '', without = '' } = values;
  const env = {
    ...process.env,
    IOPFTOP_SIM_SEED: seed,
    IOPFTOP_SIM_SEEDS: seeds,
    IOPFTOP_SIM_STEPS: steps,
    IOPFTOP_SIM_WITHOUT: without,
  };
  const args = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', 'test/simulation/simulation.test.ts'];
  return spawnSync(process.execPath, args, { cwd: ROOT, stdio: 'inherit', env }).status ?? 1;
}

process.exitCode = await main();
