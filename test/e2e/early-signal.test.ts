// The first frame is up before the screen has handlers of its own: a signal in between gives the terminal back all the same.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { TestTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'iopftop-early-'));
const script = join(folder, 'first.mjs');

beforeAll(async () => {
  const frame = fileURLToPath(new URL('../../src/ui/first-frame.ts', import.meta.url));
  const contents = `import { firstFrame } from ${JSON.stringify(frame)};
const { stdout, env } = process;
firstFrame(stdout, { columns: stdout.columns, rows: stdout.rows, version: '0', target: 'MOCK', env });
setInterval(() => {}, 1000);`;
  const stdin = { contents, resolveDir: folder, loader: 'ts' as const };
  await esbuild.build({ stdin, outfile: script, bundle: true, format: 'esm', platform: 'node', logLevel: 'error' });
});
afterAll(() => rmSync(folder, { recursive: true }));

it.each([
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGINT', 130],
] as const)('%s', async (signal, code) => {
  const terminal = new TestTerminal(`${process.execPath} ${script}`);
  await terminal.until('starting…');
  terminal.signal(signal);
  expect(await terminal.exitCode()).toBe(code);
  expect(terminal.restored()).toBe(true);
});
