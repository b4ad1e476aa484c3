// What crosses between the main thread and the engine's worker, around the protocol's messages. One port carries the messages
// of all subscribers: the engine has one place to look for them, and none arrives after the thread's end.
import type { WakeHandle } from '../../kernel/kernel.ts';
import type { FromEngine, Hello, ToEngine } from '../../protocol/messages.ts';
import type { EngineOptions, SubscriberId } from '../options.ts';
import type { StartFailure } from './client.ts';
import type { Subscription } from './heard.ts';

export interface WorkerInput {
  options: EngineOptions;
  version: string;
  startedAt: string;
  /** Names the run in its journal. */
  run: string;
}

/** The run's own front end is there from the start, and does not leave. */
export interface ToWorker {
  from: SubscriberId;
  message: ToEngine | { control: 'join'; as: Subscription } | { control: 'leave' };
}

export type FromWorker =
  | { kind: 'started'; hello: Hello; wake: WakeHandle }
  | { kind: 'failed'; failure: StartFailure }
  /** Which operation the kernel does not return from, as text; null: it has returned. */
  | { kind: 'waiting'; text: string | null }
  | { kind: 'messages'; to: SubscriberId; messages: FromEngine[] };
