// Starts the engine in its worker thread.
import { randomBytes } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { WakeHandle } from '../../kernel/kernel.ts';
import { wake } from '../../kernel/wake.ts';
import type { Hello } from '../../protocol/messages.ts';
import { virtualTimeOf } from '../../sources/options.ts';
import { Refusal } from '../../text/refusal.ts';
import { type EngineOptions, FIRST } from '../options.ts';
import type { Engine, StartFailure } from './client.ts';
import { Clients } from './clients.ts';
import type { FromWorker, ToWorker, WorkerInput } from './wire.ts';

/** The engine could not start: nothing is left open or attached. */
export class StartError extends Refusal {
  readonly #failure: StartFailure;

  constructor(failure: StartFailure, cause?: unknown) {
    super(failure.kind, failure.message, failure.hint, cause);
    this.#failure = failure;
  }

  override said(): StartFailure {
    return this.#failure;
  }
}

/** In simulated time the wall clock has no meaning; a fixed one keeps the output the same. */
const VIRTUAL_START = '2000-01-01T00:00:00.000Z';
const VIRTUAL_RUN = 'simulated';

/**
 * Starts the engine. Resolves once the source is open, with a client whose first message is `hello`. Rejects with
 * StartError if the source or the rules are refused. `onWaiting`: says which operation the kernel does not return from; may be
 * called at any time; null: it has returned.
 */
export function startEngine(
  options: EngineOptions,
  version: string,
  onWaiting: (text: string | null) => void = () => {},
): Promise<Engine> {
  const virtual = virtualTimeOf(options.source) !== null;
  const startedAt = virtual ? VIRTUAL_START : new Date().toISOString();
  const workerData: WorkerInput = {
    options,
    version,
    startedAt,
    run: virtual ? VIRTUAL_RUN : randomBytes(4).toString('hex'),
  };
  const worker = new Worker(new URL('./worker.js', import.meta.url), { workerData });
  return new Promise((resolve, reject) => {
    let over = false;
    let handle: WakeHandle | null = null;
    const post = (message: ToWorker): void => {
      if (over || handle === null) return;
      worker.postMessage(message);
      wake(handle);
    };
    const ended = new Promise<void>((done, failed) => {
      let crash: Error | null = null;
      worker.on('error', (error) => {
        crash = error;
      });
      // Only now all its messages have arrived: an error overtakes them.
      worker.on('exit', (code) => {
        over = true;
        crash ??= clients.hadLastWord ? null : new Error(`its thread ended early (exit code ${code})`);
        if (crash === null) done();
        else failed(crash);
        reject(asStartError(crash ?? new Error('the engine ended while starting')));
      });
    });
    // A crash is reported by `ended`, and before the start by the rejection above.
    ended.catch(() => {});
    const clients = new Clients(post, ended);
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'messages') clients.deliver(message.to, message.messages);
      else if (message.kind === 'waiting') onWaiting(message.text);
      else if (message.kind === 'failed') reject(new StartError(message.failure));
      else resolve(engine(message.hello, message.wake));
    });

    function engine(hello: Hello, wakeHandle: WakeHandle): Engine {
      handle = wakeHandle;
      clients.deliver(FIRST, [hello]);
      return { ...clients.first, join: (as) => clients.join(as) };
    }
  });
}

/** If Node could not create a thread (no descriptors left, say), that is not our bug. */
function asStartError(error: Error & { code?: string }): Error {
  // Newer versions of Node say the same in a sentence, wherever in the thread's start it happens.
  const noFiles = /too many open files/.test(error.message);
  if (error.code !== 'ERR_WORKER_INIT_FAILED' && !noFiles) return error;
  const why = noFiles ? 'EMFILE: too many open files' : error.message.replace(/^.*failure: /, '');
  const failure = { message: `cannot start: ${why}`, hint: 'raise `ulimit -n`', operation: null, errno: null };
  return new StartError({ kind: 'refused', ...failure }, error);
}
