// A write that the kernel does not return from, on the kernel that runs the tests: into a FIFO that nobody reads.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LinuxKernel } from '../../../src/kernel/linux/linux.ts';
import { Errno } from '../../../src/uapi/errno.ts';

const kernel = new LinuxKernel();

function directory(): string {
  const path = mkdtempSync('/tmp/iopftop-beside-');
  onTestFinished(() => rmSync(path, { recursive: true }));
  return path;
}

function resultOf(write: { result(): number | null }): number {
  for (;;) {
    const result = write.result();
    if (result !== null) return result;
    kernel.poll([], 5);
  }
}

it('is done by a process of its own, and says what came of it', () => {
  const path = join(directory(), 'attribute');
  writeFileSync(path, 'before');
  expect(resultOf(kernel.writeBeside(path, 'after!'))).toBe(0);
  expect(readFileSync(path, 'utf8')).toBe('after!');
  expect(resultOf(kernel.writeBeside(`${path}/x`, ''))).toBe(-Errno.ENOTDIR);
  expect(resultOf(kernel.writeBeside(`${path}2`, 'x'))).toBe(-Errno.ENOENT);
});

it('blocks nobody here, says where it waits, and is done once it can be', () => {
  const path = join(directory(), 'unbind');
  execFileSync('mkfifo', [path]);
  const write = kernel.writeBeside(path, '0000:17:00.0');
  const { pid } = write;
  expect(pid).toBeGreaterThan(0);
  const wchan = (): string => readFileSync(`/proc/${pid}/wchan`, 'utf8');
  // Where it has come to is the scheduler's matter; what it waits for is the open of a FIFO (fifo_open, wait_for_partner).
  while (!/fifo_open|wait_for_partner/.test(wchan())) kernel.poll([], 5);
  expect(write.result()).toBeNull();
  expect(execFileSync('cat', [path], { encoding: 'utf8' })).toBe('0000:17:00.0');
  expect(resultOf(write)).toBe(0);
});
