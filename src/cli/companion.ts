import type { EngineClient } from '../engine/thread/client.ts';

export type FrontEnd = 'screen' | 'headless' | 'once';

/** Something that runs beside a session and decides the exit code at its end. */
export interface Companion {
  /** What the journal calls it. */
  readonly name: string;
  /** Runs the front end on the engine, or on what stands before it, to its end. Resolves with the exit code. */
  run(engine: EngineClient, frontEnd: (client: EngineClient) => Promise<number>): Promise<number>;
}
