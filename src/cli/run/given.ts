// What a command of the table is given, to do what it does.
import type { Companion, FrontEnd } from '../companion.ts';
import type { Given } from '../given.ts';

/** Writes a text to stdout; resolves with the exit code that comes of it. */
export type Print = (text: string) => Promise<number>;
/** Runs the engine and a front end; resolves with the exit code. */
export type Start = (given: Given, makeCompanion?: (frontEnd: FrontEnd) => Companion) => Promise<number>;
