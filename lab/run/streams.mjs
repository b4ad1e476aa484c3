// The caller's streams. Each that is a terminal becomes the guest's terminal, each other one a pipe of its own.
import tty from 'node:tty';

const FALLBACK = { rows: 24, columns: 80 };

/** Holds the line while a reader is slow, and so the command. A reader that is gone holds nothing. */
class Held {
  /** @type {Set<NodeJS.WritableStream>} */
  #slow = new Set();
  /** Streams without a reader. A standard stream never counts as destroyed. */
  gone = new Set();

  /** @param {import('node:net').Socket} line @param {import('node:stream').Writable} stream @param {Buffer} bytes */
  write(line, stream, bytes) {
    if (this.gone.has(stream) || stream.write(bytes) || this.#slow.has(stream)) return;
    this.#slow.add(stream);
    line.pause();
    const go = () => {
      stream.off('drain', go);
      stream.off('close', go);
      this.#slow.delete(stream);
      if (this.#slow.size === 0) line.resume();
    };
    stream.once('drain', go);
    stream.once('close', go);
  }
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
  const held = new Held();
  const targets = [output, process.stdout, process.stderr];
  return {
    modes,
    input: process.stdin,
    output,
    size: () => ({ rows: output?.rows || FALLBACK.rows, columns: output?.columns || FALLBACK.columns }),
    start(closed) {
      for (const stream of [process.stdout, process.stderr]) {
        stream.on('error', () => {
          held.gone.add(stream);
          closed(stream.fd);
        });
      }
      if (raw) process.stdin.setRawMode(true);
    },
    write(line, which, bytes) {
      const target = targets[which];
      if (target) held.write(line, target, bytes);
    },
    restore() {
      if (raw) process.stdin.setRawMode(false);
    },
  };
}
