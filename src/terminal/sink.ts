// Where frames go. Node writes to a terminal synchronously, so a slow SSH link would stall the loop for hundreds of
// milliseconds; our own non-blocking descriptor never does.
import { closeSync, constants, openSync, writeSync } from 'node:fs';
import { screenIsUp } from './guard.ts';

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

/** A non-blocking descriptor on the same terminal if possible, else the stream itself. */
export function sinkFor(stdout: OutStream): Sink {
  if (stdout.isTTY && stdout.fd !== undefined) {
    try {
      const flags = constants.O_WRONLY | constants.O_NONBLOCK | constants.O_NOCTTY;
      return new DescriptorSink(openSync(`/proc/self/fd/${stdout.fd}`, flags));
    } catch {
      // No /proc, or the terminal belongs to another user (su): the stream will do
    }
  }
  return {
    write: (data, done) => {
      if (screenIsUp()) stdout.write(data, (error) => done(error ?? null));
      else done(null);
    },
    close: () => {},
  };
}

class DescriptorSink implements Sink {
  readonly #fd: number;
  #timer: NodeJS.Timeout | null = null;
  #open = true;

  constructor(fd: number) {
    this.#fd = fd;
  }

  write(data: string, done: (error: Error | null) => void): void {
    this.#push(Buffer.from(data), 0, done);
  }

  /** In this thread, so that no frame comes after the sequence that leaves the screen: nothing here blocks. */
  #push(bytes: Buffer, from: number, done: (error: Error | null) => void): void {
    // Suspended or left: what is on its way belongs to a screen that is gone
    if (!this.#open || !screenIsUp()) {
      done(null);
      return;
    }
    let sent = from;
    try {
      while (sent < bytes.length) sent += writeSync(this.#fd, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') {
        this.#timer = setTimeout(() => this.#push(bytes, sent, done), RETRY_MS);
      } else done(error as Error);
      return;
    }
    done(null);
  }

  close(): void {
    if (!this.#open) return;
    this.#open = false;
    if (this.#timer) clearTimeout(this.#timer);
    closeSync(this.#fd);
  }
}
