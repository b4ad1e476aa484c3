// How a run that cannot start says so: one line on stderr, and headless an error object on stdout too.
import { writeSync } from 'node:fs';
import type { ErrorMessage } from '../protocol/messages.ts';
import { jsonLine } from '../text/json-line.ts';
import { stderrLine } from '../text/one-line.ts';
import { type Said, withHint } from '../text/refusal.ts';

/** Nobody reads stderr, or the disk is full: there is nowhere left to report to. */
function put(fd: number, text: string): void {
  try {
    writeSync(fd, text);
  } catch {}
}

/** Writes it at once, so that the process can end right after. Newlines inside become spaces, so that it is one line. */
export function complain(said: Said, headless: boolean): void {
  put(2, stderrLine(withHint(said)));
  if (!headless) return;
  const error: ErrorMessage = { type: 'error', t: 0, id: null, ...said };
  put(1, jsonLine(error));
}

const MOST_LINES = 100;

/** Several lines on stderr, at once; only the first ones when there are very many. */
export function complainLines(lines: readonly string[]): void {
  const more = lines.length > MOST_LINES ? [`... and ${lines.length - MOST_LINES} more`] : [];
  put(2, [...lines.slice(0, MOST_LINES), ...more].map(stderrLine).join(''));
}
