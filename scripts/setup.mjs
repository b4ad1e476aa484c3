// Makes a clone ready to run: packages installed, dist/ built. Plain Node without a dependency, since it runs before there
// is any. Does only what is missing or stale; `node scripts/setup.mjs [--install-only]`.
import { accessSync, constants } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { codeOf, messageOf } from './lib/errors.mjs';
import { isBuilt, isInstalled, ROOT } from './lib/fresh.cjs';
import { explain, install, SetupError } from './lib/install.mjs';
import { withLock } from './lib/lock.mjs';

/** @param {string} text */
const say = (text) => process.stderr.write(`iopftop: ${text}\n`);

/** @param {string} root */
function checkWritable(root) {
  try {
    accessSync(root, constants.W_OK);
  } catch (error) {
    throw explain(`cannot set up in ${root}`, codeOf(error) ?? messageOf(error));
  }
}

/** @param {string} root */
async function build(root) {
  // Imported late: it needs esbuild, which the installation has just brought.
  const { build: run } = await import('./build.mjs');
  const started = Date.now();
  await run({ root });
  say(`built in ${((Date.now() - started) / 1000).toFixed(1)} s`);
}

/** Sets up what is missing. Returns false, after saying why, when that failed. */
export async function setup({ root = ROOT, installOnly = false } = {}) {
  const done = () => isInstalled(root) && (installOnly || isBuilt(root));
  if (done()) return true;
  const work = async () => {
    // The previous owner of the lock may have done all of it.
    if (!isInstalled(root)) await install(root, say);
    if (!done()) await build(root);
  };
  try {
    checkWritable(root);
    await withLock(join(root, '.setup-lock'), work, (pid) => say(`waiting for the set-up that process ${pid} runs …`));
    return true;
  } catch (error) {
    const known = error instanceof SetupError ? error : null;
    const failure = known ?? explain('set-up failed', (error instanceof Error && error.stack) || String(error));
    say(`${failure.message}: ${failure.hint}`);
    return false;
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (!(await setup({ installOnly: process.argv.includes('--install-only') }))) process.exitCode = 1;
}
