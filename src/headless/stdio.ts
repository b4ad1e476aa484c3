// The process's own streams, so that a slow reader or a full disk never blocks the event loop.
import { createWriteStream, fstatSync } from 'node:fs';
import { Socket } from 'node:net';
import type { Readable, Writable } from 'node:stream';

/** stdout without the blocking writes that process.stdout does on pipes and files, so that signals are still handled. */
export function openStdout(): Writable {
  if (process.stdout.isTTY) return process.stdout;
  const stat = fstatSync(1);
  if (stat.isFIFO() || stat.isSocket()) return new Socket({ fd: 1, readable: false, writable: true });
  return createWriteStream('', { fd: 1, autoClose: false });
}

/**
 * Where commands come from. A terminal only when stdout is one too: `iopftop --headless > log &` would otherwise be
 * stopped (SIGTTIN) as soon as somebody types.
 */
export function openStdin(): Readable | null {
  return process.stdin.isTTY && !process.stdout.isTTY ? null : process.stdin;
}
