// The front ends' end of the engine: start it in a worker thread, send to it, receive from it.
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';
import type { Said } from '../../text/refusal.ts';
import type { Subscription } from './heard.ts';

/** Why the engine could not start, as text for the user. */
export type StartFailure = Said;

export interface EngineClient {
  send(message: ToEngine): void;
  /** Messages in order. The first is `hello`, the last is `summary`. */
  onMessage(listener: (message: FromEngine) => void): void;
  /** Resolves when the worker has ended and everything is torn down. Rejects if it crashed. */
  readonly ended: Promise<void>;
}

/**
 * A front end that has joined a run: `hello` and a snapshot come first, then what happens from then on. Nothing comes if the
 * run was already over.
 */
export interface JoinedClient extends EngineClient {
  /** Nothing more arrives or waits for it. Commands that it has sent are executed. */
  leave(): void;
}

/** The run's own front end, and the way in for others. */
export interface Engine extends EngineClient {
  join(as: Subscription): JoinedClient;
}
