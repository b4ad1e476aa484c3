// What is shipped, and what is loaded of it.
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, ROOT, run } from '../helpers/bin.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-package-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeAll(() => iopftop(['--version']));

const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));
const metafile = (): Metafile => readJson('dist/meta.json');

/** The output files that `entry` loads before it runs. */
function loaded(meta: Metafile, entry: string, seen = new Set<string>()): Set<string> {
  if (seen.has(entry)) return seen;
  seen.add(entry);
  for (const { path, kind } of meta.outputs[entry]?.imports ?? []) {
    if (kind === 'import-statement') loaded(meta, path, seen);
  }
  return seen;
}

const outputOf = (meta: Metafile, source: string): string => {
  const found = Object.keys(meta.outputs).find((output) => Object.keys(meta.outputs[output]!.inputs).includes(source));
  if (!found) throw new Error(`${source} is in no output`);
  return found;
};

/** A table of widths of a few kilobytes: whatever is printed needs it, the first frame too. */
const SMALL = /node_modules\/get-east-asian-width\//;

describe('the bundle', () => {
  it.each(['src/main.ts', 'src/run.ts', 'src/cli/help.ts'])('%s loads no package but a small table', (source) => {
    const meta = metafile();
    const files = [...loaded(meta, outputOf(meta, source))];
    const inputs = files.flatMap((file) => Object.keys(meta.outputs[file]?.inputs ?? {}));
    expect(inputs.filter((input) => input.includes('node_modules') && !SMALL.test(input))).toEqual([]);
    expect(files.filter((file) => file === 'koffi')).toEqual([]);
  });

  it('headless loads no React', () => {
    const meta = metafile();
    for (const source of ['src/headless/headless.ts', 'src/headless/once.ts', 'src/engine/thread/worker.ts']) {
      const files = [...loaded(meta, outputOf(meta, source))];
      const inputs = files.flatMap((file) => Object.keys(meta.outputs[file]?.inputs ?? {}));
      expect(inputs.filter((input) => /node_modules\/(react|ink)\//.test(input))).toEqual([]);
    }
  });

  it('loads koffi only with the real kernel', () => {
    const meta = metafile();
    const importers = Object.entries(meta.outputs).filter(([, { imports }]) =>
      imports.some(({ path }) => path === 'koffi'),
    );
    expect(importers).toHaveLength(1);
    expect(Object.keys(importers[0]![1].inputs)).toContain('src/kernel/linux/linux.ts');
    expect(loaded(meta, 'dist/worker.js')).not.toContain(importers[0]![0]);
  });

  it('is CommonJS, and one pack for each thread that needs it stands before the first frame', () => {
    const reached = new Set(['main.js', 'worker.js']);
    for (const name of reached) {
      const text = readFileSync(join(ROOT, 'dist', name), 'utf8');
      expect(text.slice(0, 13), name).toBe('"use strict";');
      expect(text.match(/\bimport\("\.[^"]*"\)|^(import|export)\b.*/m), name).toBeNull();
      for (const [, other] of text.matchAll(/\brequire\("\.\/([\w-]+\.js)"\)/g)) reached.add(other!);
    }
    expect(reached.size).toBeGreaterThan(20);
    const main = readFileSync(join(ROOT, 'dist/main.js'), 'utf8');
    const atOnce = [...main.matchAll(/(=>)?require\("\.\/([\w-]+?)(-[0-9a-f]{8})?\.js"\)/g)].filter(
      ([, later]) => !later,
    );
    expect(new Set(atOnce.map(([, , name]) => name))).toEqual(new Set(['pack-main', 'pack-main-worker']));
  });

  it('has its licences in THIRD-PARTY-NOTICES: `npm run build` writes it', async () => {
    const { notices } = await import('../../scripts/lib/notices.mjs');
    expect(readFileSync(join(ROOT, 'THIRD-PARTY-NOTICES'), 'utf8')).toBe(notices(ROOT, metafile()));
  });
});

describe('package-lock.json', () => {
  const { packages } = readJson('package-lock.json') as {
    packages: Record<string, { resolved?: string; dependencies?: object; optionalDependencies?: object }>;
  };

  it('names no registry', () => {
    const resolved = Object.entries(packages).filter(([, entry]) => entry.resolved !== undefined);
    expect(resolved.map(([path]) => path)).toEqual([]);
  });

  it('has an entry for every dependency, also of other systems: `npm ci` refuses it otherwise', () => {
    const missing = Object.entries(packages).flatMap(([path, { dependencies, optionalDependencies }]) =>
      Object.keys({ ...dependencies, ...optionalDependencies }).filter((name) => {
        for (let base = path; ; base = base.slice(0, Math.max(0, base.lastIndexOf('/node_modules/')))) {
          if (`${base === '' ? '' : `${base}/`}node_modules/${name}` in packages) return false;
          if (base === '') return true;
        }
      }),
    );
    expect(missing).toEqual([]);
  });

  it('has one package to be installed with the program', () => {
    expect(Object.keys(readJson('package.json').dependencies)).toEqual(['koffi']);
  });
});

/** The clone without what is made: packed from here, the working tree stays as it is. */
function copyOfClone(): string {
  const clone = join(directory, 'clone');
  const made = ['schema', 'man', 'completions', 'docs'];
  const parts = ['bin', 'src', 'scripts', 'scenarios', ...made, 'package.json', 'package-lock.json', 'README.md'];
  mkdirSync(clone);
  for (const part of [...parts, 'ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'THIRD-PARTY-NOTICES', 'tsconfig.json']) {
    if (existsSync(join(ROOT, part))) cpSync(join(ROOT, part), join(clone, part), { recursive: true });
  }
  symlinkSync(join(ROOT, 'node_modules'), join(clone, 'node_modules'));
  return clone;
}

describe('npm pack', () => {
  it('makes a package that runs where it is unpacked, and holds what it needs and no more', async () => {
    const packed = await run('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: copyOfClone() });
    expect([packed.code, packed.stderr.includes('ERR')]).toEqual([0, false]);
    const tarball = readdirSync(directory).find((name) => name.endsWith('.tgz'))!;
    // As `npm install -g` lays it out: beside the one package it depends on.
    const modules = join(directory, 'lib', 'node_modules');
    mkdirSync(modules, { recursive: true });
    await run('tar', ['-xzf', join(directory, tarball), '-C', modules]);
    const installed = join(modules, 'package');
    for (const name of ['koffi', '@koromix']) symlinkSync(join(ROOT, 'node_modules', name), join(modules, name));
    const link = join(directory, 'iopftop');
    symlinkSync(join(installed, 'bin', 'iopftop'), link);

    const files = (readdirSync(installed, { recursive: true }) as string[]).map(String);
    expect(files.filter((name) => /^(src|test|lab|scripts|node_modules)(\/|$)|^dist\/(tmp|meta)/.test(name))).toEqual(
      [],
    );
    expect(files).toEqual(expect.arrayContaining(['dist/main.js', 'dist/worker.js', 'LICENSE', 'THIRD-PARTY-NOTICES']));
    const shells = ['completions/iopftop.bash', 'completions/_iopftop', 'completions/iopftop.fish'];
    expect(files).toEqual(expect.arrayContaining(['man/iopftop.1', 'schema/config.schema.json', ...shells]));
    // What the README and the hints speak of.
    const linked = [...readFileSync(join(installed, 'README.md'), 'utf8').matchAll(/\]\((docs\/[\w.-]+\.md)/g)];
    expect(linked.map(([, page]) => page).filter((page) => !files.includes(page as string))).toEqual([]);

    const version = await run(link, ['--version']);
    expect([version.stdout, version.stderr]).toEqual([`${readJson('package.json').version}\n`, '']);
    const ran = await run(link, ['--headless', '--virtual-time', '--duration', '1s', '--answer', 'success']);
    expect([ran.code, ran.stderr, ran.lines.at(-1).type]).toEqual([0, '', 'summary']);
    const native = await run(link, ['--headless', '--backend', 'selftest', '--duration', '10ms']);
    // It came as far as the kernel: koffi was found.
    expect(native.stderr).not.toContain('koffi');
    expect(native.lines[0].type).toMatch(/hello|error/);
  });
});
