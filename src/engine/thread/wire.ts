// What crosses between the main thread and the engine's worker, around the protocol's own messages.
import type { WakeHandle } from '../../kernel/kernel.ts';
import type { FromEngine, Hello } from '../../protocol/messages.ts';
import type { EngineOptions } from '../options.ts';
import type { StartFailure } from './client.ts';

export interface WorkerInput {
  options: EngineOptions;
  version: string;
  startedAt: string;
  /** Names the run in its journal. */
  run: string;
}

export type FromWorker =
  | { kind: 'started'; hello: Hello; wake: WakeHandle }
  | { kind: 'failed'; failure: StartFailure }
  /** The kernel does not return from something, in words; null: now it has. */
  | { kind: 'waiting'; text: string | null }
  | { kind: 'messages'; messages: FromEngine[] };
