import { mkdtempSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { closeOutput, openOutput, tailOf } from '../../../src/cli/exec/output.ts';

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'iopftop-output-'));
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(directory, { recursive: true });
});

test('headless it is our stderr, which is not closed', () => {
  const output = openOutput(null, 'headless', 'cmd');
  expect(output).toEqual({ fd: 2, path: null });
  closeOutput(output);
  expect(writeSync(2, '')).toBe(0);
});

test('on the screen a new file for its owner only; one that is there, or a link, is left alone', () => {
  vi.stubEnv('TMPDIR', directory);
  const first = openOutput(null, 'screen', '/bin/my driver');
  expect(dirname(first.path as string)).toBe(directory);
  expect(basename(first.path as string)).toBe(`iopftop-my_driver-${process.pid}.log`);
  expect(statSync(first.path as string).mode & 0o777).toBe(0o600);
  const victim = join(directory, 'victim');
  writeFileSync(victim, 'mine');
  symlinkSync(victim, join(directory, `iopftop-other-${process.pid}.log`));
  const second = openOutput(null, 'screen', 'other');
  writeSync(second.fd, 'its output');
  expect(readFileSync(victim, 'utf8')).toBe('mine');
  for (const output of [first, second]) closeOutput(output);
});

test('--output', () => {
  const path = join(directory, 'out');
  writeFileSync(path, 'of the last run');
  const output = openOutput(path, 'headless', 'cmd');
  closeOutput(output);
  expect(output.path).toBe(path);
  expect(readFileSync(path, 'utf8')).toBe('');
  expect(() => openOutput(directory, 'headless', 'cmd')).toThrow(`--output: ${directory} cannot be written: EISDIR`);
});

test('no place for it', () => {
  vi.stubEnv('TMPDIR', join(directory, 'nothing'));
  expect(() => openOutput(null, 'screen', 'cmd')).toThrow('ENOENT');
});

test('the last lines, as they came', () => {
  const path = join(directory, 'log');
  writeFileSync(path, Array.from({ length: 30 }, (_, i) => `line ${i}\x1b[2J\n`).join(''));
  expect(tailOf(path)).toHaveLength(10);
  expect(tailOf(path).at(-1)).toBe('line 29\x1b[2J');
  writeFileSync(path, `${'x'.repeat(20_000)}\nlast`);
  expect(tailOf(path)).toEqual(['last']);
});
