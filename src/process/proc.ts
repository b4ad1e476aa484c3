// What procfs says about a process, unchanged. Any of it may contain newlines.

import type { Files } from '../kernel/files.ts';
import { ifRefused, KernelRefusal } from '../kernel/kernel.ts';
import { errnoName } from '../uapi/errno.ts';

const decoder = new TextDecoder();

/** A process may have a command line of megabytes. */
const LIMIT = 4_096;

/** The text of a file of procfs, at most `limit` bytes. Throws KernelRefusal. */
export const readText = (files: Files, path: string, limit = LIMIT): string => decoder.decode(files.read(path, limit));

/** The same; null if it is refused, for any reason. */
export const tryText = (files: Files, path: string, limit = LIMIT): string | null =>
  ifRefused(
    () => readText(files, path, limit),
    () => null,
  );

/** The name of the errno of a refusal. Anything else is rethrown. */
export function refusalName(error: unknown): string {
  if (error instanceof KernelRefusal) return errnoName(error.errno);
  throw error;
}

/** One line of /proc/PID/stat, or /proc/PID/task/TID/stat (do_task_stat). */
export interface TaskStat {
  readonly comm: string;
  /** R, S, D, T, t, Z, X, I. */
  readonly state: string;
  readonly flags: number;
}

const PF_KTHREAD = 0x0020_0000;
/** Index after the name, from 0: three less than in proc(5), which counts from 1 with the name as 2. */
const FIELD = { state: 0, flags: 6 };

/** null if it is not such a line. The name may hold spaces and brackets: it ends at the last closing one. */
export function parseStat(text: string): TaskStat | null {
  const open = text.indexOf('(');
  const close = text.lastIndexOf(')');
  if (open < 0 || close < open) return null;
  const rest = text.slice(close + 2).split(' ');
  const [state, flags] = [rest[FIELD.state], rest[FIELD.flags]];
  if (!state || flags === undefined) return null;
  return { comm: text.slice(open + 1, close), state, flags: Number(flags) };
}

export const isKernelThread = ({ flags }: TaskStat): boolean => Math.floor(flags / PF_KTHREAD) % 2 === 1;

/** null: there is no such process, or it cannot be seen (hidepid). */
export function statOf(files: Files, pid: number): TaskStat | null {
  const text = tryText(files, `/proc/${pid}/stat`);
  return text === null ? null : parseStat(text);
}

/** The values of a field of /proc/PID/status ("Uid", "CapEff"), split at white space; [] if there is none. */
export function statusField(status: string, name: string): string[] {
  const line = status.split('\n').find((candidate) => candidate.startsWith(`${name}:`));
  return (
    line
      ?.slice(name.length + 1)
      .trim()
      .split(/\s+/) ?? []
  );
}

export const CAP_IPC_LOCK = 14n;
export const CAP_SYS_PTRACE = 19n;

/** Whether a process has the capability in force. `status`: the text of its /proc/PID/status. */
export function hasCapability(status: string, capability: bigint): boolean {
  const [effective = ''] = statusField(status, 'CapEff');
  return /^[0-9a-f]+$/i.test(effective) && ((BigInt(`0x${effective}`) >> capability) & 1n) === 1n;
}

/** The state of each thread, by its id; [] once the process has ended. */
export function threadStates(files: Files, pid: number): { tid: number; state: string }[] {
  let tids: string[];
  try {
    tids = files.list(`/proc/${pid}/task`);
  } catch (error) {
    refusalName(error);
    return [];
  }
  return tids.flatMap((tid) => {
    const text = tryText(files, `/proc/${pid}/task/${tid}/stat`);
    const stat = text === null ? null : parseStat(text);
    return stat ? [{ tid: Number(tid), state: stat.state }] : [];
  });
}
