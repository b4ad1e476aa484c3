// Where the output of the command of `iopftop exec` goes, and what is shown of it at the end.
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { ForeignFileError, openOwn } from '../../files/open-own.ts';
import type { FrontEnd } from '../companion.ts';
import { UsageError } from '../usage-error.ts';

const STDERR = 2;
const TAIL_BYTES = 8_192;
const TAIL_LINES = 10;
const { O_RDWR, O_WRONLY, O_CREAT, O_EXCL, O_TRUNC } = constants;

export interface CommandOutput {
  readonly fd: number;
  /** null: it was shown as it was written. */
  readonly path: string | null;
}

function openNamed(path: string): number {
  try {
    return openOwn(path, O_WRONLY | O_TRUNC, 0o666);
  } catch (error) {
    if (error instanceof ForeignFileError)
      throw new UsageError(`--output: ${path} is ${error.message}`, error.hint, error);
    const { code, message } = error as NodeJS.ErrnoException;
    throw new UsageError(`--output: ${path} cannot be written: ${code ?? message}`, 'give --output FILE', error);
  }
}

/** `file`: --output. Throws UsageError. */
export function openOutput(file: string | null, frontEnd: FrontEnd, command: string): CommandOutput {
  if (file !== null) return { fd: openNamed(file), path: file };
  if (frontEnd !== 'screen') return { fd: STDERR, path: null };
  const name = basename(command)
    .replace(/[^\w.+-]/g, '_')
    .slice(0, 32);
  for (let attempt = 0; ; attempt++) {
    const path = join(tmpdir(), `iopftop-${name}-${process.pid}${attempt === 0 ? '' : `-${attempt}`}.log`);
    try {
      return { fd: openSync(path, O_RDWR | O_CREAT | O_EXCL, 0o600), path };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'EEXIST' && attempt < 100) continue;
      throw new UsageError(
        `the output of the command cannot be written: ${path}: ${code}`,
        'give --output FILE',
        error,
      );
    }
  }
}

export function closeOutput({ fd }: CommandOutput): void {
  if (fd !== STDERR) closeSync(fd);
}

/** The last lines of a file, at most TAIL_LINES; they still contain terminal control characters. */
export function tailOf(path: string): string[] {
  const fd = openSync(path, 'r');
  try {
    const { size } = fstatSync(fd);
    const bytes = Buffer.alloc(Math.min(size, TAIL_BYTES));
    const count = readSync(fd, bytes, 0, bytes.length, size - bytes.length);
    const lines = bytes.toString('utf8', 0, count).replace(/\n$/, '').split('\n');
    // The first may be only the end of a line.
    if (size > bytes.length) lines.shift();
    return size === 0 ? [] : lines.slice(-TAIL_LINES).map((line) => line.replace(/\r$/, '').replaceAll('\t', '  '));
  } catch {
    return [];
  } finally {
    closeSync(fd);
  }
}
