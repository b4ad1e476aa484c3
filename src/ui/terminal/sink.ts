// Where frames go. Node writes to a terminal synchronously, so a slow SSH link would stall the loop for hundreds of
// milliseconds; a descriptor of our own that does not block never does.
import { closeSync, constants, openSync, write } from 'node:fs';

export interface Sink {
  /** Writes all of it, then calls back once. Never more than one at a time. */
  write(data: string, done: (error: Error | null) => void): void;
  close(): void;
}

interface OutStream {
  isTTY?: boolean;
  fd?: number;
  write(data: string, callback: (error?: Error | null) => void): boolean;
}

const RETRY_MS = 4;

/** A non-blocking descriptor on the same terminal where there is one, else the stream itself. */
export function sinkFor(stdout: OutStream): Sink {
  if (stdout.isTTY && stdout.fd !== undefined) {
    try {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
      return new DescriptorSink(openSync(`/proc/self/fd/${stdout.fd}`, flags));
    } catch {
      // no /proc, or the terminal belongs to another user (su): the stream will do
    }
  }
  return {
    write: (data, done) => void stdout.write(data, (error) => done(error ?? null)),
    close: () => {},
  };
}

class DescriptorSink implements Sink {
  private readonly fd: number;
  private timer: NodeJS.Timeout | null = null;
  private open = true;

  constructor(fd: number) {
    this.fd = fd;
  }

  write(data: string, done: (error: Error | null) => void): void {
    this.push(Buffer.from(data), 0, done);
  }

  private push(bytes: Buffer, from: number, done: (error: Error | null) => void): void {
    if (!this.open) {
      done(null);
      return;
    }
    write(this.fd, bytes, from, bytes.length - from, null, (error, written) => {
      const sent = from + (error ? 0 : written);
      if (error && error.code !== 'EAGAIN') done(error);
      else if (sent >= bytes.length) done(null);
      else this.timer = setTimeout(() => this.push(bytes, sent, done), RETRY_MS);
    });
  }

  close(): void {
    if (!this.open) return;
    this.open = false;
    if (this.timer) clearTimeout(this.timer);
    closeSync(this.fd);
  }
}
