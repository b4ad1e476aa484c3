// The end of a journal's file, line by line from the last one backwards: a bounded part, however large the file is.
import { readSync } from 'node:fs';

const NEWLINE = 0x0a;
/** Bytes that are read at once. */
const BLOCK = 1 << 20;

/** The bytes there; fewer if the file has become shorter meanwhile. */
function readAt(fd: number, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  let done = 0;
  while (done < length) {
    const count = readSync(fd, bytes, done, length - done, at + done);
    if (count === 0) break;
    done += count;
  }
  return bytes.subarray(0, done);
}

/** Does the byte before `size` end a line? */
export const endsLine = (fd: number, size: number): boolean => readAt(fd, size - 1, 1)[0] === NEWLINE;

/**
 * Calls `take` with each line between the two offsets, last one first. A line that begins before `from` is left out; text
 * after the last newline is a line, too. Throws Node's error if the file cannot be read.
 */
export function linesBackwards(
  fd: number,
  { from, to, block = BLOCK }: { from: number; to: number; block?: number },
  take: (line: string) => void,
): void {
  /** Pieces of a line that begins further back. */
  let rest: Buffer[] = [];
  for (let end = to; end > from; ) {
    const start = Math.max(from, end - block);
    const bytes = readAt(fd, start, end - start);
    const cut = bytes.indexOf(NEWLINE);
    if (cut < 0 && start > 0) {
      rest.unshift(bytes);
    } else {
      const whole = start === 0 ? bytes : bytes.subarray(cut + 1);
      const lines = Buffer.concat([whole, ...rest])
        .toString('utf8')
        .split('\n');
      for (let i = lines.length - 1; i >= 0; i--) if (lines[i] !== '') take(lines[i]!);
      rest = start === 0 ? [] : [bytes.subarray(0, cut)];
    }
    end = start;
  }
}

/** Calls `take` with each whole line of the first `length` bytes. */
export function firstLines(fd: number, length: number, take: (line: string) => void): void {
  const bytes = readAt(fd, 0, length);
  const text = bytes.subarray(0, bytes.lastIndexOf(NEWLINE) + 1).toString('utf8');
  for (const line of text.split('\n')) if (line !== '') take(line);
}
