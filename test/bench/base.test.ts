// The program of another commit, on repositories made here: no package is installed.
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { benchCache, buildCommit, resolveCommit } from '../../lab/bench/against/base.mjs';
import { LabError } from '../../lab/build/fail.mjs';
import { checkout } from '../../lab/paths.mjs';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-against-'));
afterAll(() => rmSync(directory, { recursive: true }));
const options = (repository: string) => ({
  repository,
  env: { IOPFTOP_LAB_CACHE: join(directory, 'cache', repository.split('/').at(-1)!) },
});

const MEASURABLE = {
  'lab/bench/screen/build.mjs': '',
  'test/bench/screen-worker.ts': '',
  'test/bench/devices.toml': '',
};

/** A repository with one commit, tagged v1. */
function repository(name: string, files: Record<string, string>): string {
  const root = join(directory, name);
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  const identity = ['-c', 'user.name=test', '-c', 'user.email=test@localhost', '-c', 'commit.gpgsign=false'];
  for (const args of [
    ['init', '-q'],
    ['add', '.'],
    [...identity, 'commit', '-q', '-m', 'one'],
    ['tag', 'v1'],
  ]) {
    execFileSync('git', args, { cwd: root });
  }
  return root;
}

const failure = async (work: () => Promise<unknown>): Promise<string> => {
  try {
    await work();
  } catch (error) {
    expect(error).toBeInstanceOf(LabError);
    return (error as Error).message;
  }
  throw new Error('it did not fail');
};

it('is kept beside what the lab builds', () => {
  expect(benchCache({ HOME: '/home/u' })).toBe('/home/u/.cache/iopftop/bench');
  expect(benchCache({ HOME: '/home/u', XDG_CACHE_HOME: '/c' })).toBe('/c/iopftop/bench');
  expect(benchCache({ HOME: '/home/u', IOPFTOP_LAB_CACHE: '/l' })).toBe('/l/bench');
});

it('is set up by its own scripts, once', async () => {
  // It counts how often it is run.
  const setup = "import { appendFileSync } from 'node:fs'; appendFileSync('runs', 'x');";
  const root = repository('good', { ...MEASURABLE, 'scripts/setup.mjs': setup });
  const { sha, folder } = await buildCommit('v1', options(root));
  expect(sha).toMatch(/^[0-9a-f]{40}$/);
  expect(await buildCommit(sha.slice(0, 8), options(root))).toEqual({ sha, folder });
  expect(readFileSync(join(folder, 'runs'), 'utf8')).toBe('x');
  expect(existsSync(join(root, 'runs'))).toBe(false);
});

it('that cannot be set up: its reason and its log, and the next run tries again', async () => {
  const setup = "import { appendFileSync } from 'node:fs'; console.error('npm: no'); process.exitCode = 1;";
  const root = repository('broken', { ...MEASURABLE, 'scripts/setup.mjs': setup });
  for (let i = 0; i < 2; i++) {
    const message = await failure(() => buildCommit('v1', options(root)));
    expect(message).toMatch(/^setting up [0-9a-f]{12} failed: npm: no\n\(full log: .*\.log\)$/);
  }
});

it('that is older than the benchmarks of the screen', async () => {
  const root = repository('old', { 'scripts/setup.mjs': '' });
  expect(await failure(() => buildCommit('v1', options(root)))).toMatch(
    /^--against: [0-9a-f]{12} has no lab\/bench\/screen\/build\.mjs, so it cannot be measured: name a later commit$/,
  );
});

it('that is unknown', async () => {
  const root = repository('known', { file: '' });
  expect(await failure(async () => resolveCommit('v2', root))).toBe(
    '--against: no commit "v2" in this checkout; see git log and git tag',
  );
  // Not an option of git.
  expect(await failure(async () => resolveCommit('--all', root))).toContain('no commit "--all"');
});

it('that a shallow clone does not have', async () => {
  const root = join(directory, 'shallow');
  execFileSync('git', ['clone', '-q', '--depth', '1', `file://${repository('deep', { file: '' })}`, root]);
  expect(await failure(async () => resolveCommit('v0', root))).toContain(
    'this clone is shallow: run git fetch --unshallow --tags',
  );
});

it('without a git checkout, and in a folder of another one', async () => {
  const alone = join(directory, 'alone');
  mkdirSync(alone);
  expect(await failure(async () => resolveCommit('v1', alone))).toContain('is not one');
  const inside = join(repository('outer', { 'inner/file': '' }), 'inner');
  expect(await failure(async () => resolveCommit('v1', inside))).toBe(
    `--against needs a git checkout, and ${inside} is not one`,
  );
});

it.each([
  [['--only', 'start'], 'bench: --only needs --against\n'],
  [['--agianst', 'v1'], "bench: Unknown option '--agianst'"],
  [['v1'], 'bench: Unexpected argument'],
  [['--against'], 'bench: Option '],
])('%j is refused with the usage', (args, message) => {
  const done = spawnSync(process.execPath, [join(checkout, 'lab/bench.mjs'), ...args], { encoding: 'utf8' });
  expect(done.stderr).toContain(message);
  expect(done.stderr).toContain('--against COMMIT');
  expect(done.status).toBe(1);
});
