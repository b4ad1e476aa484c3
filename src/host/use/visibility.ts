// Whether /proc shows us all processes of the machine.
import { ifRefused } from '../../kernel/kernel.ts';
import { FIRST_PID_NAMESPACE } from '../../process/namespace.ts';
import { CAP_SYS_PTRACE, hasCapability } from '../../process/proc.ts';
import { errnoName } from '../../uapi/errno.ts';
import type { Reading } from '../reading.ts';

/** The namespace of the mounted procfs: its first process is in it. Kernels without namespaces show none. */
function outsideWords(reading: Reading): string[] {
  const of = (pid: string): string => {
    return ifRefused(
      () => reading.files.readLink(`/proc/${pid}/ns/pid`),
      (error) => errnoName(error.errno),
    );
  };
  const namespaces = [of('1'), of('self')];
  // Even if we may not examine process 1: our namespace is the one we see, or one below it.
  const [seen] = namespaces.filter((namespace) => namespace.startsWith('pid:'));
  if (seen === FIRST_PID_NAMESPACE) return [];
  const outside = 'processes outside this PID namespace';
  if (seen !== undefined) return [`${outside} are not shown`];
  const why = namespaces.findLast((errno) => errno !== 'ENOENT');
  return why === undefined ? [] : [`whether there are ${outside}: ${why} (/proc/self/ns/pid)`];
}

const hasPtrace = (reading: Reading): boolean =>
  hasCapability(reading.text('/proc/self/status', 'our own capabilities') ?? '', CAP_SYS_PTRACE);

/** proc_pid_readdir(), has_pid_permissions(): from 2 on, other users' processes are not even listed. */
function hidesProcesses(reading: Reading): boolean {
  const lines = (reading.text('/proc/self/mountinfo', 'what is mounted') ?? '').split('\n');
  const hides = lines.some((line) => / \/proc .* - proc .*\bhidepid=(2|4|invisible|ptraceable)\b/.test(line));
  return hides && !hasPtrace(reading);
}

/** Names that are listed. */
const MOST = 3;

function hiddenWords(hidden: readonly string[]): string[] {
  if (hidden.length === 0) return [];
  const more = hidden.length - MOST;
  const names = hidden.slice(0, MOST).join(', ') + (more > 0 ? ` and ${more} more` : '');
  return [`${names} ${hidden.length === 1 ? 'does' : 'do'} not show what is open there`];
}

/** What cannot be seen of the processes, in words; null: nothing. `hidden`: names of those that are listed but show nothing. */
export function unseenProcesses(reading: Reading, hidden: readonly string[]): string | null {
  const reasons = [
    ...hiddenWords(hidden),
    ...(hidesProcesses(reading) ? ['/proc is mounted with hidepid'] : []),
    ...outsideWords(reading),
  ];
  // What was refused of all this, such as the list of processes.
  reasons.push(...reading.unread.map(({ what, path, why }) => `${what}: ${why} (${path})`));
  return reasons.length === 0 ? null : `whether a process has it open: ${reasons.join('; ')}`;
}
