// What each command loads, of the bundle and of packages: the real program, with a line for each module that it loads.
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { IPty } from '@homebridge/node-pty-prebuilt-multiarch';
import pty from '@homebridge/node-pty-prebuilt-multiarch';
import type { Metafile } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { iopftop, ROOT, run } from '../helpers/bin.ts';

const PROGRAM = ['--import', join(ROOT, 'test/packaging/log-loads.mjs'), join(ROOT, 'scripts/iopftop.cjs')];
const directory = mkdtempSync(join(tmpdir(), 'iopftop-loads-'));
const log = join(directory, 'loads');
const env = { ...process.env, XDG_CONFIG_HOME: '/nonexistent', TERM: 'xterm-256color', IOPFTOP_TEST_LOADS: log };
afterAll(() => rmSync(directory, { recursive: true, force: true }));
beforeAll(() => iopftop(['--version']));

interface Loads {
  kilobytes: number;
  /** Of those that package.json names: whose code is in the chunks, or was loaded beside them. */
  packages: string[];
  /** Each chunk, the largest first: its name, size and largest source. */
  words: string;
}

const readJson = (path: string) => JSON.parse(readFileSync(join(ROOT, path), 'utf8'));

const packagesIn = (paths: readonly string[]): string[] => {
  const { dependencies, devDependencies } = readJson('package.json');
  const names = [...Object.keys({ ...dependencies, ...devDependencies }), 'yargs-parser'];
  return names.filter((name) => paths.some((path) => path.includes(`node_modules/${name}/`))).sort();
};

/** What the log has, of all threads. */
function loads(): Loads {
  const { outputs, files }: Metafile & { files: Record<string, string[]> } = readJson('dist/meta.json');
  const paths = [...new Set(readFileSync(log, 'utf8').split('\n').filter(Boolean))].map((url) => fileURLToPath(url));
  const chunks = paths
    .filter((path) => path.startsWith(join(ROOT, 'dist/')))
    .map((path) => {
      const chunks = files[basename(path)];
      if (!chunks) throw new Error(`${path} is not in meta.json: what is in it?`);
      const inputs = chunks.flatMap((chunk) => Object.entries(outputs[`dist/${chunk}`]?.inputs ?? {}));
      const sources = inputs.filter(([, { bytesInOutput }]) => bytesInOutput > 0);
      const [largest = ''] = sources.sort(([, x], [, y]) => y.bytesInOutput - x.bytesInOutput)[0] ?? [];
      return { name: basename(path), bytes: statSync(path).size, largest, sources: sources.map(([source]) => source) };
    })
    .sort((x, y) => y.bytes - x.bytes);
  return {
    kilobytes: Math.round(chunks.reduce((sum, { bytes }) => sum + bytes, 0) / 1000),
    packages: packagesIn([...paths, ...chunks.flatMap(({ sources }) => sources)]),
    words: chunks
      .map(({ name, bytes, largest }) => `${name} ${(bytes / 1000).toFixed(1)} kB (${largest} …)`)
      .join('\n'),
  };
}

async function loadsOf(args: string[]): Promise<Loads> {
  rmSync(log, { force: true });
  await run(process.execPath, [...PROGRAM, ...args], { env });
  return loads();
}

/** Of the screen on the mock, until it shows what the engine has sent. */
async function loadsOfScreen(): Promise<Loads> {
  rmSync(log, { force: true });
  const options = { cols: 120, rows: 40, cwd: ROOT, env };
  const program: IPty = pty.spawn(process.execPath, [...PROGRAM, '--virtual-time', '--pause-at', '2s'], options);
  let text = '';
  program.onData((data) => {
    if (/is stopped at/.test(text)) return;
    text = (text + data).slice(-10_000);
    if (/is stopped at/.test(text)) program.kill('SIGTERM');
  });
  await new Promise<void>((resolve) => program.onExit(() => resolve()));
  return loads();
}

/** A table of widths of a few kilobytes: whatever is printed needs it. */
const WIDTH = 'get-east-asian-width';
const YARGS = [WIDTH, 'yargs-parser'];
/** The configuration file and what may be in it; rules and filters. */
const ENGINE = ['@marcbachmann/cel-js', 'smol-toml'];
/** With what it draws by, which the painter uses too. */
const INK = ['chalk', 'cli-boxes', 'ink', 'string-width', 'wrap-ansi'];
const JSON_READER = ['jsonc-parser'];
const REAL_KERNEL = ['koffi'];

const BUDGETS: [command: string, args: string[] | null, kilobytes: number, packages: string[]][] = [
  ['--version', ['--version'], 0, []],
  ['--help', ['--help'], 175, [WIDTH]],
  ['the screen on the mock', null, 1_660, [...ENGINE, ...YARGS, ...INK, 'react']],
  ['--headless', ['--headless', '--count', '1'], 770, [...ENGINE, ...YARGS, ...JSON_READER]],
  ['--once', ['--once'], 770, [...ENGINE, ...YARGS, ...JSON_READER]],
  ['doctor', ['doctor'], 440, [...REAL_KERNEL, ...YARGS, ...JSON_READER]],
  ['devices', ['devices'], 375, [...REAL_KERNEL, ...YARGS, ...JSON_READER]],
  ['config print', ['config', 'print'], 285, [...YARGS, ...JSON_READER, 'smol-toml']],
  ['completion', ['completion', 'bash'], 250, [...YARGS, 'smol-toml']],
  ['man', ['man'], 220, YARGS],
];

describe('what is loaded by', () => {
  it.each(BUDGETS)('%s', { timeout: 60_000 }, async (_command, args, kilobytes, packages) => {
    const found = await (args ? loadsOf(args) : loadsOfScreen());
    expect(found.packages, found.words).toEqual([...packages].sort());
    expect(found.kilobytes, found.words).toBeLessThanOrEqual(kilobytes);
    // A budget that is far from what is loaded keeps nothing out.
    expect(found.kilobytes).toBeGreaterThanOrEqual(kilobytes * 0.6);
  });
});
