// The front ends' end of the engine: start it in a worker thread, send to it, hear from it.
import type { FromEngine, ToEngine } from '../../protocol/messages.ts';
import type { Said } from '../../text/refusal.ts';
import type { EngineOptions } from '../options.ts';

/** Why the engine could not start: already in words for the user. */
export type StartFailure = Said;

export interface EngineClient {
  send(message: ToEngine): void;
  /** Messages in order. The first is `hello`, the last is `summary`. */
  onMessage(listener: (message: FromEngine) => void): void;
  /** Resolves when the worker has ended; all is torn down by then. Rejects when it crashed. */
  readonly ended: Promise<void>;
}

export type StartEngine = (options: EngineOptions, version: string) => Promise<EngineClient>;
