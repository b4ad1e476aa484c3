// Why the kernel does not let us access another process, and what would (__ptrace_may_access with
// PTRACE_MODE_ATTACH_REALCREDS, yama_ptrace_access_check). The kernel returns EPERM for all of it.
import type { Files } from '../kernel/files.ts';
import { CAP_SYS_PTRACE, hasCapability, statusField, tryText } from './proc.ts';

const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

export interface Obstacle {
  /** In words, after "because" or a colon. */
  readonly why: string;
  readonly hint: string;
}

function yamaScope(files: Files): number | null {
  const text = tryText(files, YAMA);
  return text === null ? null : Number(text.trim());
}

const AS_ROOT = 'run iopftop as root, or with CAP_SYS_PTRACE';

/** What keeps us from process `pid`, as far as procfs shows it. */
export function ptraceObstacle(files: Files, pid: number): Obstacle {
  const ours = tryText(files, '/proc/self/status') ?? '';
  const theirs = tryText(files, `/proc/${pid}/status`) ?? '';
  const scope = yamaScope(files);
  if (scope !== null && scope >= 3) {
    return {
      why: 'kernel.yama.ptrace_scope is 3, so nobody may take descriptors from another process',
      hint: 'only a reboot without it helps; the process itself can hand its queue over (--listen)',
    };
  }
  if (hasCapability(ours, CAP_SYS_PTRACE)) {
    return {
      why: 'a security module or another user namespace forbids it despite CAP_SYS_PTRACE',
      hint: 'look for the refusal in `journalctl -k` (SELinux, AppArmor), or run iopftop where the process runs',
    };
  }
  const [uid] = statusField(ours, 'Uid');
  const owners = statusField(theirs, 'Uid');
  if (uid !== undefined && owners.some((owner) => owner !== uid)) {
    return { why: `it runs as uid ${owners[0]} and iopftop as uid ${uid}`, hint: AS_ROOT };
  }
  if (scope === 1 || scope === 2) {
    return {
      why: `kernel.yama.ptrace_scope is ${scope}, so CAP_SYS_PTRACE is required even for a process of the same user`,
      hint: `${AS_ROOT}; or \`sysctl kernel.yama.ptrace_scope=0\``,
    };
  }
  return { why: 'it has capabilities that iopftop lacks, or it is not dumpable', hint: AS_ROOT };
}
