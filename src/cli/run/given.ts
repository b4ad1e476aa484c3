// What a command of the table gets to do its work with.
import type { Companion, FrontEnd } from '../companion.ts';
import type { Given } from '../given.ts';

/** Writes a text to stdout; resolves with the resulting exit code. */
export type Print = (text: string) => Promise<number>;
/** Runs the engine and a front end; resolves with the exit code. */
export type Start = (given: Given, makeCompanion?: (frontEnd: FrontEnd) => Companion) => Promise<number>;
