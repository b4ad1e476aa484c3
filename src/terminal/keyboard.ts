// Where keys come from. What is typed before there is anything to act on is neither echoed into the screen nor acted on.
import { closeSync, constants, openSync, readSync } from 'node:fs';
import { ReadStream } from 'node:tty';
import { enterRaw, type TerminalIn } from './guard.ts';
import { KeyDecoder } from './input.ts';

let opened: ReadStream | null = null;

/** The terminal, even if stdin is something else (`iopftop < /dev/null`). Null: there is none. */
export function keyboard(): NodeJS.ReadStream | null {
  if (process.stdin.isTTY) return process.stdin;
  try {
    opened ??= new ReadStream(openSync('/dev/tty', 'r'));
    return opened;
  } catch {
    return null;
  }
}

type Muted = TerminalIn & Pick<NodeJS.ReadStream, 'on' | 'off' | 'resume'>;

let muted: { stdin: Muted; decoder: KeyDecoder; read: (piece: Buffer | string) => void } | null = null;

/**
 * No echo from now on; typed keys are discarded, except Ctrl-C, which is a character in raw mode and ends the program as
 * its signal would. Before the first frame, until the screen is up.
 */
export function muteKeyboard(stdin: Muted): void {
  const decoder = new KeyDecoder();
  const read = (piece: Buffer | string): void => {
    const keys = decoder.push(piece, performance.now());
    if (keys.some(({ name }) => name === 'ctrl-c')) process.kill(process.pid, 'SIGINT');
  };
  enterRaw(stdin);
  stdin.on('data', read);
  stdin.on('error', hangUp);
  stdin.on('end', hangUp);
  stdin.resume();
  muted = { stdin, decoder, read };
}

const hangUp = (): void => void process.kill(process.pid, 'SIGHUP');

/** The screen reads by itself from now on. Returns the decoder that has seen what came before: a sequence may be cut here. */
export function unmuteKeyboard(): KeyDecoder {
  if (!muted) return new KeyDecoder();
  const { stdin, decoder, read } = muted;
  muted = null;
  stdin.off('data', read);
  stdin.off('error', hangUp);
  stdin.off('end', hangUp);
  return decoder;
}

const MAX_READS = 256;

/** Reads what the terminal has for us and discards it: what was typed before raw mode. Calls `seen` with it. */
export function drain({ fd, isTTY }: TerminalIn, seen: (piece: Uint8Array) => void): void {
  if (!isTTY || fd === undefined) return;
  try {
    const own = openSync(`/proc/self/fd/${fd}`, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY);
    try {
      const piece = Buffer.alloc(4096);
      for (let i = 0; i < MAX_READS; i++) {
        const length = readSync(own, piece);
        if (length === 0) return;
        seen(piece.subarray(0, length));
      }
    } finally {
      closeSync(own);
    }
  } catch {
    // EAGAIN: no more input; or no /proc, or another user's terminal (su)
  }
}
