// Which process a PID names: PIDs are reused, but never with the same start time in one boot.

import type { Files } from '../kernel/files.ts';
import { ifRefused } from '../kernel/kernel.ts';

export interface ProcessIdentity {
  readonly pid: number;
  /** Clock ticks since the boot: field 22 of /proc/PID/stat. */
  readonly startTime: number;
  /** Which boot of which kernel: several can share files. */
  readonly bootId: string;
  /** The PID namespace of its number ("pid:[4026531836]"); left out if unknown. */
  readonly pidNamespace?: string;
}

const decode = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);

const STATE = 0;
const START_TIME = 19;

/** The fields of /proc/PID/stat after the name, which may hold anything (do_task_stat). */
const afterName = (stat: string): string[] => stat.slice(stat.lastIndexOf(')') + 2).split(' ');

/** null: there is no such process, or it is a zombie. Throws KernelRefusal. */
export function processIdentity(files: Files, pid: number): ProcessIdentity | null {
  const stat = ifRefused(
    () => decode(files.read(`/proc/${pid}/stat`)),
    () => null,
  );
  if (stat === null) return null;
  const fields = afterName(stat);
  if (fields[STATE] === 'Z' || fields[STATE] === 'X') return null;
  return { pid, startTime: Number(fields[START_TIME]), bootId: bootId(files) };
}

/** Throws KernelRefusal if /proc is not mounted. */
export const bootId = (files: Files): string => decode(files.read('/proc/sys/kernel/random/boot_id')).trim();

export const sameProcess = (a: ProcessIdentity, b: ProcessIdentity | null): boolean =>
  b !== null && a.pid === b.pid && a.startTime === b.startTime && a.bootId === b.bootId;
