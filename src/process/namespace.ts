// Whether the PIDs in /proc are those that system calls take: /proc belongs to the PID namespace that it was mounted in,
// which may not be ours (nsenter without -p, `unshare --pid` without --mount-proc, a host's /proc in a container).

import type { Files } from '../kernel/files.ts';
import { ifRefused } from '../kernel/kernel.ts';
import { Errno } from '../uapi/errno.ts';
import { statusField, tryText } from './proc.ts';

const linkOf = (files: Files, path: string): string | null =>
  ifRefused(
    () => files.readLink(path),
    () => null,
  );

/** PROC_PID_INIT_INO: the PID namespace that the machine started with. */
export const FIRST_PID_NAMESPACE = 'pid:[4026531836]';

export interface ForeignProc {
  readonly why: string;
  readonly hint: string;
}

/** null: /proc has the same PIDs. `own`: our PID from getpid(2). */
export function foreignProc(files: Files, own: number): ForeignProc | null {
  const self = linkOf(files, '/proc/self');
  const hint =
    'enter the PID namespace as well as the mount namespace (`nsenter -m -p`), or mount a /proc of its own (`mount -t proc proc /proc`)';
  if (self === null)
    return { why: '/proc does not show iopftop: it belongs to another PID namespace, with other PIDs', hint };
  // From the namespace of /proc down to the innermost of the process (proc_pid_status: NSpid).
  const numbers = statusField(tryText(files, '/proc/self/status') ?? '', 'NSpid');
  if (self === String(own) && numbers.length <= 1) return null;
  return { why: `/proc belongs to another PID namespace: iopftop is PID ${own} here and PID ${self} there`, hint };
}

/**
 * Ours: "pid:[4026531836]" (proc_ns_readlink), '' on a kernel without CONFIG_PID_NS; null: it cannot be read, or /proc
 * belongs to another one.
 */
export function pidNamespace(files: Files, own: number): string | null {
  if (foreignProc(files, own)) return null;
  return ifRefused(
    () => files.readLink('/proc/self/ns/pid'),
    (error) => (error.errno === Errno.ENOENT ? '' : null),
  );
}

/** Our own PID in /proc, which is not always that of getpid(2). */
export function ownNumber(files: Files, own: number): number {
  const self = linkOf(files, '/proc/self') ?? '';
  return /^\d+$/.test(self) ? Number(self) : own;
}
