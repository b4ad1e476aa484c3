// While the kernel does not return from a call at the start or at the end of a run: a message says so, and a signal leaves
// at once. What must be undone stays on record.

import { constants } from 'node:os';
import type { Signal, SignalSource } from './headless/headless.ts';
import { heeded } from './inherited.ts';
import { Exit } from './protocol/exit.ts';
import { leaveScreen } from './terminal/guard.ts';
import { stderrLine } from './text/one-line.ts';

const LEAVING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly Signal[];

/** `signals`: the front end's source of signals; null: the screen handles them itself. */
export function whileWaiting(signals: SignalSource | null): (text: string | null) => void {
  const source = signals ?? (process as SignalSource);
  const listeners = heeded(LEAVING).map((signal) => {
    // The blocked write is in another process: nothing keeps this one.
    const leave = (): never => process.exit(Exit.SIGNAL + constants.signals[signal]);
    return [signal, leave] as const;
  });
  let listens = false;
  return (text) => {
    if (text !== null) {
      leaveScreen();
      process.stderr.write(stderrLine(text));
    }
    if (listens === (text !== null)) return;
    listens = text !== null;
    for (const [signal, leave] of listeners) {
      if (listens) source.on(signal, leave);
      else source.off(signal, leave);
    }
  };
}
