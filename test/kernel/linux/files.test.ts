// Files of the kernel that runs the tests.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { LinuxFiles } from '../../../src/kernel/linux/files.ts';
import { Errno } from '../../../src/uapi/errno.ts';

it('a file that is only opened for writing is not waited for: a FIFO that nobody reads is ENXIO', () => {
  const directory = mkdtempSync('/tmp/iopftop-files-');
  onTestFinished(() => rmSync(directory, { recursive: true }));
  const path = join(directory, 'unbind');
  execFileSync('mkfifo', [path]);
  expect(() => new LinuxFiles().write(path, '')).toThrow(expect.objectContaining({ errno: Errno.ENXIO }));
});
