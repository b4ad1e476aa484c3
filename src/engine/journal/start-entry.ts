// The first entry of a run in its journal: what it runs on and what it had, for the reader of a journal without an end.

import type { Files } from '../../kernel/files.ts';
import { ifRefused } from '../../kernel/kernel.ts';
import { processIdentity } from '../../process/identity.ts';
import type { RunProcess } from '../../process/run-process.ts';
import type { JournalEntry } from '../../protocol/messages.ts';
import type { FaultSource } from '../../sources/source.ts';
import type { EngineOptions } from '../options.ts';

/** Whose the fault queues are: a simulated kernel's, the run's own, another process's (--pid), handed over by processes. */
export type QueuesOf = 'simulated' | 'own' | 'process' | 'handed';

const MOST_DEVICES = 16;

export function queuesOf({ kind, mock }: FaultSource['info']): QueuesOf {
  if (mock) return 'simulated';
  return kind === 'process' || kind === 'handed' ? kind : 'own';
}

/** Which process with that PID it is; null: /proc does not say, or is not there. */
const startTimeOf = (files: Files, pid: number): number | null =>
  ifRefused(
    () => processIdentity(files, pid)?.startTime ?? null,
    () => null,
  );

export interface StartFacts {
  readonly startedAt: string;
  readonly version: string;
  readonly process: RunProcess | null;
}

/** What a run had from its start: repeated if the journal was emptied meanwhile. */
export function startEntry(
  { info, owner: other, devices, kernel, queues }: FaultSource,
  { rules, readOnly, dryRun, onExit, command, source }: EngineOptions,
  { startedAt, version, process }: StartFacts,
): Omit<JournalEntry, 't'> {
  const owner = other && { pid: other.pid, startTime: startTimeOf(kernel.files, other.pid) };
  const names = devices.slice(0, MOST_DEVICES).map(({ name }) => name);
  const taken = other ? queues.flatMap(({ closed }, queue) => (closed ? [] : [queue])) : [];
  return {
    action: 'start',
    startedAt,
    version,
    target: info.label,
    queues: queuesOf(info),
    ...(owner ? { owner } : {}),
    ...(taken.length > 0 ? { taken } : {}),
    ...(names.length > 0 ? { devices: names } : {}),
    ...(source.kind === 'host' && source.bind ? { bind: true } : {}),
    ...(command === undefined ? {} : { command }),
    rules: rules.length,
    readOnly,
    dryRun,
    onExit,
    ...(process ? { process } : {}),
  };
}
