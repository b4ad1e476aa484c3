// All processes: what each has open, and what it has mapped. Without our own: iopftop may have inherited a descriptor.

import type { FileStatus, Files } from '../../kernel/files.ts';
import { ifRefused } from '../../kernel/kernel.ts';
import { joinLines } from '../../text/one-line.ts';
import { Errno } from '../../uapi/errno.ts';
import { Reading } from '../reading.ts';
import { RemoteMounts } from './remote-mounts.ts';
import { unseenProcesses } from './visibility.ts';

/** A descriptor or a mapping of a process. */
export interface DeviceUser {
  readonly pid: number;
  readonly comm: string;
  /** null: it is mapped. */
  readonly fd: number | null;
  /** As procfs shows it: the name may have changed since, or belong to another mount namespace. */
  readonly path: string;
  readonly kind: 'character' | 'block' | null;
  /** `259:1`; null: it is not a device node. */
  readonly rdev: string | null;
}

export interface Sweep {
  readonly holders: readonly DeviceUser[];
  /** Processes whose descriptors could not be read. */
  readonly hiddenProcesses: number;
  /** What cannot be seen of the processes, in words; null: nothing. */
  readonly hidden: string | null;
}

type Found = Omit<DeviceUser, 'pid' | 'comm'>;

interface Where {
  readonly files: Files;
  readonly shares: Files['sharesDescriptors'];
  readonly remote: RemoteMounts;
}

const isNumber = (name: string): boolean => /^\d+$/.test(name);
const MAPS_LIMIT = 64 << 20;
/**
 * Start, end, the device of the file system, and the path of a mapping that may be of a device (show_map_vma): a shared one of
 * any file, a private one in /dev or /sys. A BAR can be mapped privately too (pci_mmap_resource_range); of other files private
 * mappings are programs and libraries.
 */
const MAPPED =
  /^([0-9a-f]+)-([0-9a-f]+) ..[-x](?=s \S+ \S+ \d+ +\/|p \S+ \S+ \d+ +\/(?:dev|sys)\/). \S+ (\S+) \d+ +(.*)$/gm;

/** The answer of procfs: the process may have ended meanwhile, or we may lack permission. */
type Asked<T> = T | 'gone' | 'refused';

const GONE: readonly number[] = [Errno.ENOENT, Errno.ENOTDIR, Errno.ESRCH];

const ask = <T>(call: () => T): Asked<T> => ifRefused(call, ({ errno }) => (GONE.includes(errno) ? 'gone' : 'refused'));

const numbersOf = (status: FileStatus | 'gone'): Pick<Found, 'kind' | 'rdev'> =>
  status !== 'gone' && (status.kind === 'character' || status.kind === 'block')
    ? { kind: status.kind, rdev: status.rdev }
    : { kind: null, rdev: null };

/** null: not all of them can be seen. */
function openIn({ files, remote }: Where, directory: string, fds: readonly string[]): Found[] | null {
  const found: Found[] = [];
  for (const fd of fds) {
    const at = `${directory}/${fd}`;
    const path = ask(() => files.readLink(at));
    if (path === 'refused') return null;
    // Sockets, pipes and the like have no path.
    if (!path.startsWith('/')) continue;
    const status = remote.hasOpen(directory, fd) ? 'gone' : ask(() => files.target(at));
    if (status === 'refused') return null;
    found.push({ fd: Number(fd), path, ...numbersOf(status) });
  }
  return found;
}

/**
 * The descriptors of a process; null: not all of them can be seen. Threads may have their own table (unshare(2),
 * CLONE_FILES), and a main thread that has ended no longer has one.
 */
function openedBy(where: Where, pid: string): Found[] | null {
  const { files, shares } = where;
  const directory = `/proc/${pid}`;
  const fds = ask(() => files.list(`${directory}/fd`));
  const tasks = ask(() => files.list(`${directory}/task`));
  if (fds === 'refused' || tasks === 'refused') return null;
  const own = fds === 'gone' ? [] : fds;
  const found = [openIn(where, `${directory}/fd`, own)];
  for (const task of tasks === 'gone' ? [] : tasks) {
    const known = task === pid ? true : shares(Number(pid), Number(task));
    if (known) continue;
    const threads = `${directory}/task/${task}/fd`;
    const names = ask(() => files.list(threads));
    if (names === 'refused') return null;
    // If that is unknown, the same numbers are taken for the same table.
    const other = names !== 'gone' && (known === false || names.join() !== own.join());
    if (other) found.push(openIn(where, threads, names));
  }
  return found.includes(null) ? null : found.flatMap((part) => part ?? []);
}

/** A mapping outlives its descriptor; null: it cannot be seen. */
function mappedBy({ files, remote }: Where, directory: string): Found[] | null {
  const maps = ask(() => new TextDecoder().decode(files.read(`${directory}/maps`, MAPS_LIMIT)));
  if (maps === 'refused') return null;
  const found: Found[] = [];
  for (const [, start = '', end = '', device = '', path = ''] of maps.matchAll(MAPPED)) {
    if (remote.hasMapped(device)) continue;
    const name = [start, end].map((address) => address.replace(/^0+(?=.)/, '')).join('-');
    // Without CAP_CHECKPOINT_RESTORE only the path is available (proc_map_files_get_link).
    const exact = ask(() => files.target(`${directory}/map_files/${name}`));
    const status = typeof exact === 'string' ? ask(() => files.target(path)) : exact;
    if (status === 'refused') return null;
    const numbers = numbersOf(status);
    if (numbers.rdev !== null || path.startsWith('/sys/')) found.push({ fd: null, path, ...numbers });
  }
  return found;
}

const nameOf = (reading: Reading, directory: string): string =>
  joinLines(reading.text(`${directory}/comm`, 'the name of a process') ?? '?');

/** A process that shows nothing, and has not ended. */
const isAlive = (files: Files, directory: string): boolean => ask(() => files.status(`${directory}/stat`)) !== 'gone';

/** Names that are refused are recorded in `host`; anything else refused counts as not seen. */
export function sweep(host: Reading): Sweep {
  const { files } = host;
  const reading = new Reading(files);
  const holders: DeviceUser[] = [];
  const ours = ask(() => files.readLink('/proc/self'));
  // System calls take our PIDs: if /proc has others, no system call is made.
  const shares: Where['shares'] = (pid, tid) =>
    ours === String(process.pid) ? files.sharesDescriptors(pid, tid) : null;
  const pids = reading.list('/proc', 'the processes').filter(isNumber);
  const remote = new RemoteMounts(files);
  for (const pid of pids) remote.add(`/proc/${pid}`);
  const where = { files, shares, remote };
  const hidden: string[] = [];
  for (const pid of pids) {
    if (pid === ours) continue;
    const path = `/proc/${pid}`;
    const [opened, mapped] = [openedBy(where, pid), mappedBy(where, path)];
    // It may not be read, or it ended meanwhile.
    if ((opened === null || mapped === null) && isAlive(files, path)) {
      hidden.push(`${nameOf(host, path)} (PID ${pid})`);
    }
    const found = [...(opened ?? []), ...(mapped ?? [])];
    if (found.length === 0) continue;
    const comm = nameOf(host, path);
    for (const one of found) holders.push({ pid: Number(pid), comm, ...one });
  }
  return { holders, hiddenProcesses: hidden.length, hidden: unseenProcesses(reading, hidden) };
}
