// The NDJSON output: lines are gathered and written in pieces; the writer learns when they are out, and when the
// reader has gone or the disk is full.
import type { Writable } from 'node:stream';
import type { CommandId } from '../protocol/messages.ts';
import { neutral } from '../text/neutral.ts';

const PIECE = 64 * 1024;

/** A message as JSON. Its `id` may be a number that JSON.stringify cannot write unchanged. */
export function messageText(message: object): string {
  const { id } = message as { id?: CommandId | null };
  if (typeof id !== 'object' || id === null) return JSON.stringify(message);
  const members = Object.entries(message).filter(([, value]) => value !== undefined);
  const text = (key: string, value: unknown): string => (key === 'id' ? id.json : JSON.stringify(value));
  return `{${members.map(([key, value]) => `${JSON.stringify(key)}:${text(key, value)}`).join(',')}}`;
}

export class Output {
  readonly #stream: Writable;
  #text = '';
  #failure: NodeJS.ErrnoException | null = null;
  /** A set: there may be as many as lines in a piece of input. */
  readonly #waiting = new Set<() => void>();
  /** Called once, when the output can take no more: the reader closed it (EPIPE), or it failed (ENOSPC …). */
  onFailure: (error: NodeJS.ErrnoException) => void = () => {};

  constructor(stream: Writable) {
    this.#stream = stream;
    stream.on('error', (error: NodeJS.ErrnoException) => this.#fail(error));
    stream.on('close', () => this.#fail(Object.assign(new Error('the output was closed'), { code: 'EPIPE' })));
  }

  /** Why nothing more can be written, or null. */
  get failure(): NodeJS.ErrnoException | null {
    return this.#failure;
  }

  /** Takes whole lines, each with its newline. What comes after a failure is dropped. */
  write(lines: string): void {
    if (this.#failure) return;
    this.#text += lines;
    if (this.#text.length >= PIECE) this.#send();
  }

  object(value: object): void {
    this.write(`${messageText(value)}\n`);
  }

  /** Resolves when all that was written is out, or never will be. */
  async drained(): Promise<void> {
    if (this.#failure) return;
    await new Promise<void>((resolve) => {
      this.#waiting.add(resolve);
      this.#send(() => this.#release(resolve));
    });
  }

  #send(done?: () => void): void {
    // The one way out: no name of a device, file or program may control the terminal.
    const text = neutral(this.#text);
    this.#text = '';
    this.#stream.write(text, (error) => {
      if (error) this.#fail(error as NodeJS.ErrnoException);
      done?.();
    });
  }

  #release(resolve: () => void): void {
    this.#waiting.delete(resolve);
    resolve();
  }

  #fail(error: NodeJS.ErrnoException): void {
    if (this.#failure) return;
    this.#failure = error;
    this.#text = '';
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
    this.onFailure(error);
  }
}

/** The reader has gone: `| head -1` and the like, which is not an error. */
export const isClosedPipe = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'EPIPE' || error.code === 'ECONNRESET';

export const unwritable = ({ code, message }: NodeJS.ErrnoException): string =>
  `cannot write the output: ${code ?? message}`;
