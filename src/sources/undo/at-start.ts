// What is undone at the start of a run that may change the host, and where the run records its own changes.
import type { Kernel } from '../../kernel/kernel.ts';
import type { Writing } from './driver.ts';
import { type Notice, recoverAbandoned } from './recover.ts';
import { openUndoLog, ownUndoPlace, type UndoLog } from './undo-log.ts';

export interface UndoAtStart {
  readonly undo: UndoLog;
  /** What a dead iopftop had left behind and is undone now; must be reported. */
  readonly recovered: readonly Notice[];
}

/** `recover`: not if nothing may be changed. Throws Refusal. */
export function undoAtStart(kernel: Kernel, recover: boolean, told: Writing['told']): UndoAtStart {
  const place = ownUndoPlace();
  const recovered = recover ? recoverAbandoned(kernel, place, told) : [];
  return { undo: openUndoLog(kernel.files, place), recovered };
}
