// The terminal's state while the screen is up, and its way back on every exit. One per process; loads nothing heavy, since
// the first frame needs it before anything else is imported.
import { closeSync, fstatSync, openSync, writeSync } from 'node:fs';
import { isatty } from 'node:tty';
import { heeded } from '../inherited.ts';
import { MOUSE_OFF, MOUSE_ON } from './mouse.ts';
import type { Watcher } from './watcher.ts';

export interface TerminalOut {
  isTTY?: boolean;
  fd?: number;
  write(data: string): boolean;
}

export interface TerminalIn {
  isTTY?: boolean;
  fd?: number;
  setRawMode?(on: boolean): unknown;
}

/** With bracketed paste: pasted text must never act as keys. */
const ENTER = '\x1b[?1049h\x1b[?25l\x1b[?7l\x1b[?2004h\x1b[0m\x1b[2J\x1b[H';
/** CAN first: the frame on its way may have been cut inside a sequence. */
const leaving = (withMouse: boolean): string =>
  `\x18${withMouse ? MOUSE_OFF : ''}\x1b[?2026l\x1b[0m\x1b[?2004l\x1b[?7h\x1b[?25h\x1b[?1049l`;

let entered: TerminalOut | null = null;
let raw: TerminalIn | null = null;
let exitHook = false;
/** Until the screen handles these itself, they end the program as usual, but after restoring the terminal. */
const EARLY = ['SIGHUP', 'SIGINT', 'SIGTERM'] as const;
let mouse = false;
let watcher: Watcher | null = null;

/** Alternate screen, cursor hidden. Once; restoring is hooked to the end of the process. */
export function enterScreen(stdout: TerminalOut): void {
  if (entered) return;
  entered = stdout;
  if (!exitHook) {
    exitHook = true;
    process.on('exit', leaveScreen);
    process.on('exit', dropGoneTerminal);
    for (const signal of heeded(EARLY)) process.once(signal, endEarly);
  }
  watcher?.tell(true);
  writeNow(stdout, mouse ? ENTER + MOUSE_ON : ENTER);
}

function endEarly(signal: NodeJS.Signals): void {
  leaveScreen();
  process.kill(process.pid, signal);
}

/** The screen handles the signals itself from now on. */
export function handOverSignals(): void {
  for (const signal of EARLY) process.off(signal, endEarly);
}

/**
 * Whether the screen has the mouse, now and after every resume. Returns the sequence for the terminal, for the caller to
 * write; '' if nothing has changed or the screen is not up.
 */
export function setMouse(on: boolean): string {
  if (on === mouse) return '';
  mouse = on;
  return entered ? (on ? MOUSE_ON : MOUSE_OFF) : '';
}

/** Raw mode, so that keys come one by one, Ctrl-C is a key and nothing is echoed. Once. */
export function enterRaw(stdin: TerminalIn): void {
  if (raw || !stdin.isTTY || !stdin.setRawMode) return;
  stdin.setRawMode(true);
  raw = stdin;
}

/** Even if it was already on: after SIGSTOP, which cannot be handled, the terminal is as the shell set it. */
export function enterRawAgain(stdin: TerminalIn): void {
  // libuv does nothing for a mode that it believes to be set
  if (raw) raw.setRawMode?.(false);
  raw = null;
  enterRaw(stdin);
}

/** Enters the alternate screen again, whatever has been written meanwhile. */
export function enterScreenAgain(stdout: TerminalOut): void {
  entered = null;
  enterScreen(stdout);
}

/** Back to how it was: synchronously, so that it also holds in an exit or crash handler. Safe to call at any time. */
export function leaveScreen(): void {
  const [input, output] = [raw, entered];
  raw = null;
  entered = null;
  try {
    input?.setRawMode?.(false);
  } catch {
    // The terminal is gone (SIGHUP): nothing to restore
  }
  if (output) writeNow(output, leaving(mouse));
  watcher?.tell(false);
}

/** From now on the terminal is restored even if this process is killed. Starting it takes some milliseconds. */
export function watchScreen(start: (fd: number, leave: string) => Watcher): void {
  if (watcher || !entered?.isTTY || entered.fd === undefined) return;
  watcher = start(entered.fd, leaving(true));
  watcher.tell(true);
}

/**
 * Node restores the terminal's modes when it exits, and aborts if it cannot because the line has dropped (ResetStdio).
 * It leaves alone what is no longer the file it started with.
 */
function dropGoneTerminal(): void {
  for (const fd of [0, 1, 2]) {
    try {
      if (isatty(fd) || !fstatSync(fd).isCharacterDevice()) continue;
      closeSync(fd);
      // The lowest number that is free
      openSync('/dev/null', 'r+');
    } catch {
      // Closed already
    }
  }
}

export function screenIsUp(): boolean {
  return entered !== null;
}

const pause = new Int32Array(new SharedArrayBuffer(4));
const MAX_TRIES = 50;

/** Writes past the stream's buffer, which an exiting process would not flush; gives up if the terminal takes nothing. */
function writeNow(out: TerminalOut, text: string): void {
  if (out.fd === undefined || !out.isTTY) {
    out.write(text);
    return;
  }
  const bytes = Buffer.from(text);
  let sent = 0;
  for (let tries = 0; sent < bytes.length && tries < MAX_TRIES; tries++) {
    try {
      sent += writeSync(out.fd, bytes, sent);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') return;
      Atomics.wait(pause, 0, 0, 5);
    }
  }
}
