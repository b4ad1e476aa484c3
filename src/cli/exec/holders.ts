// Who else has open what the command of `iopftop exec` was handed: a daemon that has left its session, or a process that it
// has passed the descriptors to. Searched before our own are closed: afterwards nothing shows which iommufd it was.
import { closeSync, readdirSync, readFileSync, readlinkSync, type Stats, statSync } from 'node:fs';
import { basename } from 'node:path';
import type { LinuxProcesses } from '../../kernel/linux/processes.ts';
import { isSameFile } from '../../process/same-file.ts';
import type { Handles } from '../../protocol/messages.ts';
import { joinLines } from '../../text/one-line.ts';
import type { Fd } from '../../uapi/ids.ts';

export interface Holder {
  readonly pid: number;
  readonly comm: string;
  /** Addresses of devices; IOMMUFD. */
  readonly what: readonly string[];
}

export const IOMMUFD = 'the iommufd';

/** kcmp(2): whether descriptor `ours` is the same open file as descriptor `theirs` of process `pid`; null: unknown. */
export type SameFile = (ours: number, pid: number, theirs: number) => boolean | null;

/** Something that was handed over, recorded while we had it open. */
export interface Wanted {
  readonly fd: number;
  readonly label: string;
  /** Last part of the path, which differs between mount namespaces. */
  readonly name: string;
  readonly rdev: number;
}

function attempt<T>(call: () => T): T | null {
  try {
    return call();
  } catch {
    // It has ended meanwhile, or we may not examine it.
    return null;
  }
}

export function wantedOf({ iommufd, devices }: Handles): Wanted[] {
  const all = [...devices.map(({ fd, address }) => ({ fd, label: address })), { fd: iommufd, label: IOMMUFD }];
  return all.flatMap(({ fd, label }) => {
    const path = `/proc/self/fd/${fd}`;
    const [link, status] = [attempt(() => readlinkSync(path)), attempt(() => statSync(path))];
    return link === null || status === null ? [] : [{ fd, label, name: basename(link), rdev: status.rdev }];
  });
}

/** A descriptor of another process, and its name there. */
interface Theirs {
  readonly pid: number;
  readonly theirs: number;
  readonly link: string;
}

/** A file that hangs (a network file system) is not touched: only a file with the same name as one of ours is checked. */
function isHeld({ fd, label, name, rdev }: Wanted, { pid, theirs, link }: Theirs, same: SameFile): boolean {
  if (basename(link) !== name) return false;
  const status: Stats | null = attempt(() => statSync(`/proc/${pid}/fd/${theirs}`));
  if (status === null || status.rdev !== rdev) return false;
  // Every user of iommufd has /dev/iommu open; a VFIO device is the same, whoever has opened it.
  if (label !== IOMMUFD) return true;
  // The engine may have closed it, and the number may be another file's.
  return attempt(() => statSync(`/proc/self/fd/${fd}`))?.rdev === rdev && same(fd, pid, theirs) === true;
}

function heldBy(pid: number, wanted: readonly Wanted[], same: SameFile): string[] {
  const held = new Set<string>();
  for (const fd of attempt(() => readdirSync(`/proc/${pid}/fd`)) ?? []) {
    const link = attempt(() => readlinkSync(`/proc/${pid}/fd/${fd}`));
    if (link === null) continue;
    for (const one of wanted)
      if (!held.has(one.label) && isHeld(one, { pid, theirs: Number(fd), link }, same)) held.add(one.label);
  }
  return wanted.filter(({ label }) => held.has(label)).map(({ label }) => label);
}

/** Devices whose memory (BARs) it has mapped: that keeps them open without a descriptor. */
function mappedBy(pid: number, devices: readonly Wanted[]): string[] {
  const maps = attempt(() => readFileSync(`/proc/${pid}/maps`, 'utf8')) ?? '';
  return devices.filter(({ name }) => maps.includes(`/vfio/devices/${name}\n`)).map(({ label }) => label);
}

/** Clock ticks since the boot; null: there is no such process. */
export function startOf(pid: number | string): number | null {
  const stat = attempt(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  return stat === null ? null : Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

/** `since`: when the command was started; an older process has mapped nothing of it, and is skipped. */
export function holdersOf(wanted: readonly Wanted[], since: number | null, same: SameFile): Holder[] {
  const devices = wanted.filter(({ label }) => label !== IOMMUFD);
  const ours = attempt(() => readlinkSync('/proc/self')) ?? String(process.pid);
  const pids = (attempt(() => readdirSync('/proc')) ?? []).filter((name) => /^\d+$/.test(name) && name !== ours);
  return pids.flatMap((name) => {
    const pid = Number(name);
    const started = since === null ? null : startOf(pid);
    const young = since !== null && started !== null && started >= since;
    const what = [...new Set([...heldBy(pid, wanted, same), ...(young ? mappedBy(pid, devices) : [])])];
    if (what.length === 0) return [];
    return [
      { pid, comm: joinLines((attempt(() => readFileSync(`/proc/${pid}/comm`, 'utf8')) ?? '?').trimEnd()), what },
    ];
  });
}

/** "sleep (PID 7) still has 0000:17:00.0 and the iommufd open". */
export const holderText = ({ pid, comm, what }: Holder, command: string): string =>
  `${comm} (PID ${pid}), left behind by ${command}, still has ${what.join(' and ')} open: ` +
  'its faults are no longer answered';

/** Without kcmp: with our own descriptor of theirs (pidfd_getfd), and isSameFile. */
function sameByFlag(processes: LinuxProcesses, ours: number, pid: number, theirs: number): boolean | null {
  const pidfd = processes.pidfdOpen(pid);
  if (pidfd < 0) return null;
  const fd = processes.pidfdGetfd(pidfd as Fd, theirs);
  try {
    return fd < 0 ? null : isSameFile(processes, ours as Fd, fd as Fd);
  } finally {
    for (const each of [fd, pidfd]) if (each >= 0) closeSync(each);
  }
}

/** The real look. */
export async function lookForHolders(wanted: readonly Wanted[], since: number | null): Promise<Holder[]> {
  const processes = new (await import('../../kernel/linux/linux.ts')).LinuxProcesses();
  const same: SameFile = (ours, pid, theirs) =>
    processes.isOpenIn(ours, pid, theirs) ?? attempt(() => sameByFlag(processes, ours, pid, theirs));
  return holdersOf(wanted, since, same);
}
