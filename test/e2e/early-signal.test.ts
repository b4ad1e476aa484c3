// The first frame is up before the screen has handlers of its own: a signal in between gives the terminal back all the same, and
// what is typed in between is not echoed into it.
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
  const frame = fileURLToPath(new URL('../../src/ui/app/first-frame.ts', import.meta.url));
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

it('what is typed stays out of the picture, and Ctrl-C is its signal', async () => {
  const terminal = new TestTerminal(`${process.execPath} ${script}`);
  const first = await terminal.until('starting…');
  terminal.press('XsY\x1b]11;rgb:1e1e/2e2e/3e3e\x1b\\');
  terminal.press('Z');
  terminal.press('\x03');
  expect(await terminal.exitCode()).toBe(130);
  expect(first).not.toContain('X');
  expect(terminal.raw.slice(0, terminal.raw.indexOf('\x1b[?1049l'))).not.toMatch(/[XYZ]|rgb/);
  expect(terminal.restored()).toBe(true);
});
