// The program of another commit: unpacked, installed and built once, in a folder of its own outside the repository.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { codeOf } from '../../../scripts/lib/errors.mjs';
import { fail } from '../../build/fail.mjs';
import { run } from '../../build/run.mjs';
import { cacheRoot, checkout } from '../../paths.mjs';

/** What the comparison takes from the commit itself, because it belongs to that commit's sources. */
const NEEDED = [
  'lab/bench/screen/build.mjs',
  'test/bench/screen-worker.ts',
  'test/bench/devices.toml',
  'scripts/setup.mjs',
];

/** Beside what the lab builds. @param {NodeJS.ProcessEnv} [env] */
export function benchCache(env = process.env) {
  const lab = cacheRoot(env);
  return join(env.IOPFTOP_LAB_CACHE ? lab : dirname(lab), 'bench');
}

/** @param {string} repository @param {string[]} args */
function git(repository, ...args) {
  const done = spawnSync('git', args, { cwd: repository, encoding: 'utf8', env: { ...process.env, LC_ALL: 'C' } });
  if (codeOf(done.error) === 'ENOENT') fail('--against needs git: install it');
  return done;
}

/**
 * The full hash of `commit`, which may be a tag or a branch.
 *
 * @param {string} commit
 */
export function resolveCommit(commit, repository = checkout) {
  const top = git(repository, 'rev-parse', '--show-cdup');
  // An unpacked archive inside somebody else's repository is not a checkout of this one.
  if (top.status !== 0 || top.stdout.trim() !== '') {
    const why = /dubious ownership/.test(top.stderr) ? `: ${top.stderr.trim()}` : '';
    fail(`--against needs a git checkout, and ${repository} is not one${why}`);
  }
  const found = git(repository, 'rev-parse', '--verify', '--quiet', '--end-of-options', `${commit}^{commit}`);
  if (found.status === 0) return found.stdout.trim();
  const shallow = git(repository, 'rev-parse', '--is-shallow-repository').stdout.trim() === 'true';
  const hint = shallow ? 'this clone is shallow: run git fetch --unshallow --tags' : 'see git log and git tag';
  return fail(`--against: no commit ${JSON.stringify(commit)} in this checkout; ${hint}`);
}

/** @param {string} sha @param {string} folder @param {string} repository */
function unpack(sha, folder, repository) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const archive = execFileSync('git', ['archive', '--format=tar', sha], { cwd: repository, maxBuffer: 2 ** 28 });
  execFileSync('tar', ['-x', '-C', folder], { input: archive });
  const missing = NEEDED.find((path) => !existsSync(join(folder, path)));
  if (missing) fail(`--against: ${sha.slice(0, 12)} has no ${missing}, so it cannot be measured: name a later commit`);
}

/**
 * The folder with the program of `commit`, built. Throws a LabError that says what to do.
 *
 * @param {string} commit
 * @param {{repository?: string, env?: NodeJS.ProcessEnv}} [options]
 */
export async function buildCommit(commit, { repository = checkout, env = process.env } = {}) {
  const sha = resolveCommit(commit, repository);
  const cache = benchCache(env);
  const folder = join(cache, sha);
  const built = join(cache, `${sha}.built`);
  if (existsSync(built)) return { sha, folder };
  process.stderr.write(`bench: building ${sha.slice(0, 12)} once, in ${folder}\n`);
  try {
    unpack(sha, folder, repository);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    fail(`cannot unpack ${sha.slice(0, 12)} in ${folder} (${code}): name another place in IOPFTOP_LAB_CACHE`);
  }
  // As that commit sets itself up: packages by npm ci, then dist/.
  const log = join(cache, `${sha}.log`);
  await run(process.execPath, ['scripts/setup.mjs'], { cwd: folder, log, what: `setting up ${sha.slice(0, 12)}` });
  writeFileSync(built, '');
  return { sha, folder };
}
