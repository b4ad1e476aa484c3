// Changes that a dead iopftop left on the host. Commands that only look report them; the next start that may change
// something undoes them.

import { describeAbandoned } from '../sources/undo/recover.ts';
import { ownUndoPlace } from '../sources/undo/undo-log.ts';
import { isExpected, withHint } from '../text/refusal.ts';
import type { Given } from './given.ts';
import { filesOf } from './host-files.ts';

/** One line each for stderr; [] on a simulated host, which keeps no changes. */
export async function abandonedLines(given: Given, place = ownUndoPlace()): Promise<string[]> {
  if (given.backend === 'mock') return [];
  try {
    const lines = describeAbandoned(await filesOf(given), place);
    return lines.map((line) => `${line}: the next start with --device or --pid undoes it`);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return [withHint(error)];
  }
}
