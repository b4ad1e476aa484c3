// The caller's streams. Each that is a terminal becomes the guest's terminal, each other one a pipe of its own.
import tty from 'node:tty';

const FALLBACK = { rows: 24, columns: 80 };

/** Writes and, while the reader is slow, holds the line, so that the command is held too. */
function writeHeld(line, stream, bytes) {
  if (stream.writableEnded || stream.destroyed) return;
  if (stream.write(bytes)) return;
  line.pause();
  stream.once('drain', () => line.resume());
}

/**
 * @returns {{modes: string, input: NodeJS.ReadStream, output: tty.WriteStream | undefined,
 *   size(): {rows: number, columns: number}, start(closed: (which: number) => void): void,
 *   write(line: import('node:net').Socket, which: 0 | 1 | 2, bytes: Buffer): void, restore(): void}}
 *   `which` 0 is the terminal.
 */
export function hostStreams() {
  const modes = [0, 1, 2].map((fd) => (tty.isatty(fd) ? 't' : 'p')).join('');
  const raw = modes[0] === 't';
  const terminal = modes[1] === 't' ? process.stdout : modes[2] === 't' ? process.stderr : undefined;
  // Input is a terminal and neither output is: what it echoes goes where it came from.
  const output = terminal ?? (raw ? new tty.WriteStream(0) : undefined);
  const targets = [output, process.stdout, process.stderr];
  return {
    modes,
    input: process.stdin,
    output,
    size: () => ({ rows: output?.rows || FALLBACK.rows, columns: output?.columns || FALLBACK.columns }),
    start(closed) {
      process.stdout.on('error', () => closed(1));
      process.stderr.on('error', () => closed(2));
      if (raw) process.stdin.setRawMode(true);
    },
    write(line, which, bytes) {
      const target = targets[which];
      if (target) writeHeld(line, target, bytes);
    },
    restore() {
      if (raw) process.stdin.setRawMode(false);
    },
  };
}
