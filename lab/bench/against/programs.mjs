// The two programs of a comparison: the commit's as `before`, this checkout's as `now`.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { checkout } from '../../paths.mjs';
import { installed } from '../installed.mjs';
import { buildCommit } from './base.mjs';

/**
 * @typedef {object} Program
 * @property {string} flooded the entry of the program whose worker can be flooded (screen/build.mjs of the same commit)
 * @property {string} installed the program as it is installed
 * @property {string} devices the scenario that the flood needs
 * @property {string} work a folder to write to
 */
/** @typedef {'before' | 'now'} Side */

/** @param {string} root @returns {Promise<Program>} */
async function programIn(root) {
  /** @type {typeof import('../screen/build.mjs')} */
  const { buildScreen } = await import(pathToFileURL(join(root, 'lab/bench/screen/build.mjs')).href);
  const work = join(root, 'dist', 'bench', 'screen');
  mkdirSync(work, { recursive: true });
  const { main } = await buildScreen(work);
  return { flooded: main, installed: installed(root), devices: join(root, 'test/bench/devices.toml'), work };
}

/**
 * @param {string} commit
 * @returns {Promise<{sha: string, programs: Record<Side, Program>}>}
 */
export async function bothPrograms(commit) {
  const { sha, folder } = await buildCommit(commit);
  return { sha, programs: { before: await programIn(folder), now: await programIn(checkout) } };
}
