import { readFileSync } from 'node:fs';
import type { Line } from './bin.ts';

/** The entries of a journal; each of its lines has to be whole JSON. */
export const journalEntries = (path: string): Line[] =>
  readFileSync(path, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
