// The running kernel, whose nth allocation within our own system calls fails (CONFIG_FAILSLAB, /proc/thread-self/fail-nth).
import { execFileSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  openSync,
  readdirSync,
  readFileSync,
  readSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import type { PollFd } from '../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';

const DEBUG = '/sys/kernel/debug';
const FAILSLAB = `${DEBUG}/failslab`;

export class ShortOfMemory extends LinuxKernel {
  readonly #failNth = openSync('/proc/thread-self/fail-nth', 'r+');
  readonly #bytes = Buffer.alloc(16);
  /** How many allocations are left until one fails, from 1; 0: it has failed, or none is to. */
  left = 0;

  #within(call: () => number): number {
    if (this.left === 0) return call();
    writeSync(this.#failNth, `${this.left}`, 0);
    const done = call();
    // Before anything else runs: node could not bear it.
    const read = readSync(this.#failNth, this.#bytes, 0, this.#bytes.length, 0);
    this.left = Number(this.#bytes.toString('latin1', 0, read));
    if (this.left > 0) writeSync(this.#failNth, '0', 0);
    return done;
  }

  override open(path: string, flags: number): number {
    return this.#within(() => super.open(path, flags));
  }

  override close(fd: number): number {
    return this.#within(() => super.close(fd));
  }

  override dup(fd: number): number {
    return this.#within(() => super.dup(fd));
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    return this.#within(() => super.ioctl(fd, request, arg));
  }

  override read(fd: number, bytes: Uint8Array, count?: number): number {
    return this.#within(() => super.read(fd, bytes, count));
  }

  override write(fd: number, bytes: Uint8Array, count?: number): number {
    return this.#within(() => super.write(fd, bytes, count));
  }

  override poll(fds: PollFd[], timeoutMs: number): number {
    return this.#within(() => super.poll(fds, timeoutMs));
  }

  end(): void {
    closeSync(this.#failNth);
  }
}

const set = (attribute: string, value: string): void => writeFileSync(`${FAILSLAB}/${attribute}`, value);

/** Lets allocations that may wait fail too. Returns what puts everything back. */
export function letAllocationsFail(): () => void {
  const mounted = !existsSync(FAILSLAB);
  if (mounted) execFileSync('mount', ['-t', 'debugfs', 'none', DEBUG]);
  set('ignore-gfp-wait', 'N');
  // A stack trace of each would fill the log.
  set('verbose', '0');
  return () => {
    set('ignore-gfp-wait', 'Y');
    if (mounted) execFileSync('umount', [DEBUG]);
  };
}

/**
 * Lets `percent` of the allocations of these threads, and of those that they start, fail at random. Returns what ends it, and says
 * how many failed.
 * @param tasks directories: `/proc/1/task/1`
 */
export function failAtRandom(percent: number, tasks: readonly string[]): () => number {
  const most = 1_000_000;
  set('task-filter', 'Y');
  set('times', `${most}`);
  for (const task of tasks) writeFileSync(`${task}/make-it-fail`, '1');
  set('probability', `${percent}`);
  return () => {
    set('probability', '0');
    set('task-filter', 'N');
    return most - Number(readFileSync(`${FAILSLAB}/times`, 'utf8'));
  };
}

export const descriptors = (): number => readdirSync('/proc/self/fd').length;
