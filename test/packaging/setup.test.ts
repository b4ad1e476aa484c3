// The set-up that a clone does for itself. npm is a stand-in here: what is tested is when it runs and what is said.
import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Ran, ROOT, run } from '../helpers/bin.ts';

let clone = '';
let npm = '';

/** A clone with a program and a bundler of two lines each. */
beforeEach(() => {
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-setup-'));
  clone = join(directory, 'clone');
  npm = join(directory, 'npm-cli.js');
  mkdirSync(join(clone, 'src'), { recursive: true });
  for (const part of ['bin', 'scripts', 'package.json'])
    cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  writeFileSync(join(clone, 'src', 'main.ts'), '');
  writeFileSync(join(clone, 'package-lock.json'), '{"packages":{"":{}}}');
  writeFileSync(
    join(clone, 'scripts', 'build.mjs'),
    `import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
     import { buildKey } from './lib/fresh.cjs';
     export async function build({ root }) {
       mkdirSync(root + '/dist', { recursive: true });
       appendFileSync(root + '/builds', 'x');
       writeFileSync(root + '/dist/main.js', 'process.stdout.write("runs\\\\n")');
       writeFileSync(root + '/dist/.build-stamp', buildKey(root));
     }`,
  );
  fakeNpm('');
});
afterEach(() => rmSync(join(clone, '..'), { recursive: true, force: true }));

/** `npm ci` that counts its runs and makes node_modules, after `first`. */
const fakeNpm = (first: string): void =>
  writeFileSync(
    npm,
    `const fs = require('node:fs');
     fs.appendFileSync(${JSON.stringify(join(clone, 'installs'))}, 'x');
     ${first}
     fs.mkdirSync('node_modules', { recursive: true });`,
  );

const start = (): Promise<Ran> =>
  run(process.execPath, [join(clone, 'bin', 'iopftop')], { env: { ...process.env, npm_execpath: npm }, cwd: clone });
const count = (name: string): number => (existsSync(join(clone, name)) ? readFileSync(join(clone, name)).length : 0);

describe('set-up', () => {
  it('installs, builds and runs; then only runs', async () => {
    const first = await start();
    expect([first.code, first.stdout]).toEqual([0, 'runs\n']);
    expect(first.stderr).toMatch(/installing.*\n.*installed.*\n.*built/);
    const second = await start();
    expect([second.stdout, second.stderr]).toEqual(['runs\n', '']);
    expect([count('installs'), count('builds')]).toEqual([1, 1]);
  });

  it('builds again when a source changed, and installs again when the lock file did', async () => {
    await start();
    writeFileSync(join(clone, 'src', 'new.ts'), '');
    await start();
    expect([count('installs'), count('builds')]).toEqual([1, 2]);
    writeFileSync(join(clone, 'package-lock.json'), '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}');
    await start();
    expect([count('installs'), count('builds')]).toEqual([2, 3]);
  });

  it('takes what `npm ci` by hand has installed', async () => {
    writeFileSync(join(clone, 'package-lock.json'), '{"packages":{"":{},"node_modules/a":{"version":"1.0.0"}}}');
    mkdirSync(join(clone, 'node_modules', 'a'), { recursive: true });
    writeFileSync(
      join(clone, 'node_modules', '.package-lock.json'),
      '{"packages":{"node_modules/a":{"version":"1.0.0"}}}',
    );
    await start();
    expect([count('installs'), count('builds')]).toEqual([0, 1]);
  });

  it('happens once when two start at once', async () => {
    fakeNpm('Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);');
    const both = await Promise.all([start(), start()]);
    expect(both.map(({ stdout }) => stdout)).toEqual(['runs\n', 'runs\n']);
    expect([count('installs'), count('builds')]).toEqual([1, 1]);
    expect(both.map(({ stderr }) => stderr).join('')).toContain('waiting for the set-up that process');
  });

  it('takes over from one that died', async () => {
    writeFileSync(join(clone, '.setup-lock'), `999999999 ${(await import('node:os')).hostname()}\n`);
    expect((await start()).stdout).toBe('runs\n');
    expect(existsSync(join(clone, '.setup-lock'))).toBe(false);
  });

  it('takes over from another machine after half an hour', async () => {
    const lock = join(clone, '.setup-lock');
    writeFileSync(lock, '1 elsewhere\n');
    utimesSync(lock, 0, 0);
    expect((await start()).stdout).toBe('runs\n');
  });

  it.each([
    ['npm error code ENOTFOUND', 'the npm registry cannot be reached: check the network'],
    ['npm error code ENOSPC', 'the disk is full: free some space'],
    ['npm error code EROFS', 'the directory is read-only: clone to'],
    ['npm error code EACCES', 'no permission to write: make the clone yours'],
    ['npm error strange', 'npm error strange'],
  ])('says what %s means', async (text, said) => {
    fakeNpm(`process.stderr.write(${JSON.stringify(`${text}\n`)}); process.exit(1);`);
    const { code, stdout, stderr } = await start();
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toContain(said);
    expect(existsSync(join(clone, '.setup-lock'))).toBe(false);
  });

  it('says that npm is not there', async () => {
    const args = [join(clone, 'bin', 'iopftop')];
    // A node with nothing beside it and nothing on the PATH.
    const bare = join(clone, '..', 'bare');
    mkdirSync(bare);
    cpSync(process.execPath, join(bare, 'node'));
    const { code, stderr } = await run(join(bare, 'node'), args, { env: { PATH: bare }, cwd: clone });
    expect(code).toBe(1);
    expect(stderr).toContain('npm was not found: install npm');
  });

  it('says that the directory cannot be written', async (context) => {
    if (process.getuid?.() === 0) context.skip('root may write everywhere');
    chmodSync(clone, 0o555);
    const { code, stderr } = await start();
    chmodSync(clone, 0o755);
    expect(code).toBe(1);
    expect(stderr).toContain('no permission to write');
  });
});
