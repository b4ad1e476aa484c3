// --once: watch for a while, print one snapshot, exit.

import { constants } from 'node:os';
import type { Writable } from 'node:stream';
import type { EngineClient } from '../engine/thread/client.ts';
import { Exit } from '../protocol/exit.ts';
import type { Snapshot } from '../protocol/messages.ts';
import { unmetLines } from '../protocol/unmet.ts';
import { stderrLine } from '../text/one-line.ts';
import { withHint } from '../text/refusal.ts';
import { SIGNALS, type Signal, type SignalSource } from './headless.ts';
import { isClosedPipe, Output, unwritable } from './output.ts';
import { snapshotText } from './table.ts';

/** The longest delay of a timer: 24 days. */
const LONGEST_MS = 2 ** 31 - 1;

export interface OnceOptions {
  /** How long to watch before the snapshot is taken. */
  afterMs: number;
  json: boolean;
}

interface OnceIo {
  stdout: Writable;
  stderr: Writable;
  signals: SignalSource;
}

/** Takes the snapshot after `afterMs`, or at the first signal. Resolves with the exit code. */
export async function runOnce(client: EngineClient, { afterMs, json }: OnceOptions, io: OnceIo): Promise<number> {
  const output = new Output(io.stdout);
  let label = '';
  let failed = false;
  const ask = (): void =>
    client.send({ command: json ? { cmd: 'snapshot', statistics: true } : { cmd: 'snapshot' }, cause: 'script' });
  const timer = setTimeout(ask, Math.min(afterMs, LONGEST_MS));
  let ended: Signal | null = null;
  const listeners = SIGNALS.map((signal) => [signal, () => onSignal(signal)] as const);
  for (const [signal, listener] of listeners) io.signals.on(signal, listener);
  function onSignal(signal: Signal): void {
    ended ??= signal;
    ask();
  }

  const print = (snapshot: Snapshot): void => {
    output.write(json ? `${JSON.stringify(snapshot)}\n` : snapshotText(label, snapshot));
    client.send({ command: { cmd: 'quit', ...(ended === null ? {} : { signal: ended }) }, cause: 'script' });
  };
  let printed = false;
  let unmet = false;
  client.onMessage((message) => {
    if (message.type === 'hello') label = message.target.label;
    if (message.type === 'flush') client.send({ control: 'seen', what: 'events' });
    if (message.type === 'error') {
      failed = true;
      io.stderr.write(stderrLine(withHint(message)));
    }
    if (message.type === 'summary') {
      const lines = unmetLines(message.expectations);
      unmet = lines.length > 0;
      for (const line of lines) io.stderr.write(stderrLine(line));
    }
    if (message.type !== 'snapshot' || printed) return;
    printed = true;
    print(message);
  });
  try {
    await client.ended;
  } finally {
    clearTimeout(timer);
    for (const [signal, listener] of listeners) io.signals.off(signal, listener);
  }
  await output.drained();
  const { failure } = output;
  if (failure && !isClosedPipe(failure)) {
    io.stderr.write(stderrLine(unwritable(failure)));
    return Exit.ERROR;
  }
  if (ended !== null) return Exit.SIGNAL + constants.signals[ended as Signal];
  if (failed || !printed) return Exit.ERROR;
  return unmet ? Exit.EXPECT : Exit.DONE;
}
