// While the kernel does not return from something, at the start or at the end of a run: it is said, and a signal leaves at
// once. What is to be undone stays written down.

import { constants } from 'node:os';
import type { Signal, SignalSource } from './headless/headless.ts';
import { heeded } from './inherited.ts';
import { Exit } from './protocol/exit.ts';
import { leaveScreen } from './terminal/guard.ts';
import { stderrLine } from './text/one-line.ts';

const LEAVING = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const satisfies readonly Signal[];

/** `signals`: where a front end hears of them; null: the screen does so itself. */
export function whileWaiting(signals: SignalSource | null): (text: string | null) => void {
  const source = signals ?? (process as SignalSource);
  const listeners = heeded(LEAVING).map((signal) => {
    // The write that waits is another process's: nothing keeps this one.
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
