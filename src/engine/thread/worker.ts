// The engine's thread: blocked in poll(2) with a wake-up in the set, it steps the session and takes messages in between.

import { parentPort, receiveMessageOnPort, workerData } from 'node:worker_threads';
import type { Wakeup } from '../../kernel/kernel.ts';
import { LinuxFiles } from '../../kernel/linux/files.ts';
import { worldOf } from '../../process/run-process.ts';
import type { FromEngine } from '../../protocol/messages.ts';
import { openSource } from '../../sources/open.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import { isExpected } from '../../text/refusal.ts';
import { Journal } from '../journal/journal.ts';
import { openLineFile } from '../journal/journal-file.ts';
import type { SubscriberId } from '../options.ts';
import { compileAll } from '../rules/compiled.ts';
import type { StartFailure } from './client.ts';
import { Loop } from './loop.ts';
import type { FromWorker, ToWorker, WorkerInput } from './wire.ts';

const port = parentPort;
if (!port) throw new Error('the engine runs in a worker thread');
const post = (message: FromWorker): void => port.postMessage(message);
const send = (to: SubscriberId, messages: FromEngine[]): void => post({ kind: 'messages', to, messages });
const receive = (): ToWorker | undefined => receiveMessageOnPort(port as never)?.message as ToWorker | undefined;

/** Why the start failed, as text; bugs are thrown again. */
function failure(thrown: unknown): StartFailure {
  if (!isExpected(thrown)) throw thrown;
  const said = thrown.said();
  return { ...said, kind: said.operation === null ? 'refused' : 'kernel' };
}

/** Blocks the thread when the loop waits. */
function drive(loop: Loop): void {
  const run = loop.run();
  for (let at = run.next(true); !at.done; ) at = run.next(at.value === null || loop.wait(at.value));
}

async function open(input: WorkerInput): Promise<Loop> {
  const { options } = input;
  const journal = new Journal(options.journal, openLineFile, input.run);
  // Before anything is attached: a bad rule must not leave a device behind.
  const compiled = compileAll(options);
  const source = await openSource(options.source, (text) => post({ kind: 'waiting', text }));
  try {
    // In simulated time the same seed gives the same bytes, whatever the process.
    const world = worldOf(new LinuxFiles(), process.pid, virtualTimeOf(options.source) === null);
    return new Loop({ ...input, compiled }, journal, source, { receive, send }, world);
  } catch (error) {
    source.close();
    throw error;
  }
}

async function main(): Promise<void> {
  let loop: Loop;
  try {
    loop = await open(workerData as WorkerInput);
  } catch (error) {
    post({ kind: 'failed', failure: failure(error) });
    return;
  }
  const wakeup: Wakeup = loop.session.wakeup;
  post({ kind: 'started', hello: loop.session.hello, wake: wakeup.handle });
  try {
    drive(loop);
  } catch (error) {
    // Nothing stays attached: the kernel answers what is outstanding. Then the bug is thrown.
    loop.session.fail(error);
    loop.close();
    throw error;
  }
  loop.close();
}

void main();
