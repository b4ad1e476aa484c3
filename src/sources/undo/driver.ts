// Taking a PCI device from its driver for vfio-pci, and giving it back: the files of sysfs that do it
// (drivers/base/bus.c: unbind_store, drivers_probe_store; drivers/pci/pci-sysfs.c: driver_override_store).

import { findOpeners } from '../../host/openers.ts';
import { basename, Reading } from '../../host/reading.ts';
import type { Files } from '../../kernel/files.ts';
import { type Kernel, KernelRefusal } from '../../kernel/kernel.ts';
import { Refusal } from '../../text/refusal.ts';
import { errnoName } from '../../uapi/errno.ts';
import { beginWrite, waitFor } from './slow-write.ts';
import type { UndoEntry } from './undo-record.ts';

export type DriverEntry = Extract<UndoEntry, { kind: 'driver' }>;

const PCI = '/sys/bus/pci';
export const VFIO_PCI = 'vfio-pci';
/** vfio_pci_core_register_device() is done when probe returns; udev may take longer to make the character device. */
const PATIENCE_MS = 5_000;
const TURN_MS = 20;

export const deviceDirectory = (address: string): string => `${PCI}/devices/${address}`;

const driverOf = (files: Files, address: string): string | null =>
  new Reading(files).linkName(`${deviceDirectory(address)}/driver`, 'its driver');

/** What driver_override says; null: nothing. The kernel writes "(null)" for that. */
export function overrideOf(files: Files, address: string): string | null {
  const text = new Reading(files).text(`${deviceDirectory(address)}/driver_override`, 'its driver_override');
  return text === null || text === '' || text === '(null)' ? null : text;
}

/** Where the writes go: `told` is called once for each that has not returned for a while, and with null when it has. */
export interface Writing {
  readonly kernel: Kernel;
  readonly told: (text: string | null) => void;
}

interface Setting {
  readonly path: string;
  readonly text: string;
  /** For the message. */
  readonly what: string;
  /** The last thing before; what it throws keeps it from being written. */
  readonly lookAgain?: () => void;
}

/**
 * Writes an attribute of the device, and waits for as long as the kernel takes: all of these take the device's lock, and the
 * driver may wait for its users. Throws Refusal, and what `lookAgain` throws.
 */
function set({ kernel, told }: Writing, address: string, { path, text, what, lookAgain = () => {} }: Setting): void {
  const errno = -waitFor(kernel, address, beginWrite(kernel, address, { path, text, lookAgain }), told);
  if (errno === 0) return;
  const name = errnoName(errno);
  const root = name === 'EACCES' || name === 'EPERM' ? 'run as root' : 'dmesg may say why';
  throw new Refusal('refused', `${what}: ${name} at ${path}`, root);
}

const setOverride = (writing: Writing, address: string, driver: string | null): void =>
  set(writing, address, {
    path: `${deviceDirectory(address)}/driver_override`,
    text: `${driver ?? ''}\n`,
    what: `cannot set driver_override of ${address}`,
  });

function unbind(writing: Writing, address: string, driver: string, lookAgain?: () => void): void {
  const what = `cannot take ${address} from ${driver}`;
  set(writing, address, { path: `${PCI}/drivers/${driver}/unbind`, text: address, what, lookAgain });
}

function probe(writing: Writing, address: string, lookAgain?: () => void): void {
  const what = `cannot give ${address} to ${VFIO_PCI}`;
  set(writing, address, { path: `${PCI}/drivers_probe`, text: address, what, lookAgain });
}

/**
 * Whether the files that `giveToVfio` writes are for us: they are opened for writing, and nothing is written. Throws Refusal.
 */
export function checkRights(files: Files, address: string, driver: string | null): void {
  const paths = [
    `${deviceDirectory(address)}/driver_override`,
    ...(driver === null ? [] : [`${PCI}/drivers/${driver}/unbind`]),
    `${PCI}/drivers_probe`,
  ];
  for (const path of paths) {
    try {
      files.write(path, '');
    } catch (error) {
      if (!(error instanceof KernelRefusal)) throw error;
      const name = errnoName(error.errno);
      // A FIFO that nobody reads yet: the write waits beside us (set), and says so.
      if (name === 'ENXIO') continue;
      const denied = name === 'EACCES' || name === 'EPERM';
      const hint = denied ? 'run as root' : name === 'EROFS' ? 'run outside the container' : null;
      throw new Refusal('refused', `cannot take ${address} from its driver: ${path}: ${name}`, hint);
    }
  }
}

/**
 * Lets vfio-pci have it, and waits until the VFIO device is there. `lookAgain` is the last thing before the driver loses it:
 * the writer is ready by then. Throws Refusal, and what `lookAgain` throws; what was done so far is not undone.
 */
export function giveToVfio(writing: Writing, { address, driver }: DriverEntry, lookAgain: () => void): void {
  const { kernel } = writing;
  const { files } = kernel;
  setOverride(writing, address, VFIO_PCI);
  if (driver !== null) unbind(writing, address, driver, lookAgain);
  probe(writing, address, driver === null ? lookAgain : undefined);
  const now = driverOf(files, address);
  if (now !== VFIO_PCI) {
    const has = now === null ? 'it has no driver' : `its driver is ${now}`;
    throw new Refusal('refused', `${VFIO_PCI} did not take ${address}: ${has}`, 'dmesg says why');
  }
  if (!waitForVfioDevice(kernel, address)) {
    const hint = 'it needs CONFIG_VFIO_DEVICE_CDEV; see `iopftop doctor`';
    throw new Refusal('refused', `${VFIO_PCI} has ${address}, but no character device appeared within 5 s`, hint);
  }
}

/** The character device itself, which udev or devtmpfs makes. */
function waitForVfioDevice(kernel: Kernel, address: string): boolean {
  const reading = new Reading(kernel.files);
  const there = () =>
    reading
      .list(`${deviceDirectory(address)}/vfio-dev`, 'its VFIO device')
      .some((name) => reading.isThere(`/dev/vfio/devices/${name}`));
  for (let waitedMs = 0; waitedMs < PATIENCE_MS; waitedMs += TURN_MS) {
    if (there()) return true;
    kernel.poll([], TURN_MS);
  }
  return there();
}

/**
 * A driver releases a VFIO device only when nobody has it open: the write would wait for that
 * (vfio_unregister_group_dev).
 */
function refuseWhileOpen(reading: Reading, address: string): void {
  const { byPath } = findOpeners(reading);
  for (const name of reading.list(`${deviceDirectory(address)}/vfio-dev`, 'its VFIO device')) {
    const [opener] = byPath.get(`/dev/vfio/devices/${basename(name)}`) ?? [];
    if (!opener) continue;
    const who = `${opener.comm} (PID ${opener.pid})`;
    throw new Refusal(
      'refused',
      `cannot give ${address} back to its driver: ${who} has it open`,
      'end that process, then start `iopftop` with --device or --pid again, which gives it back',
    );
  }
}

/**
 * Undoes giveToVfio, however far that came; what somebody else has bound meanwhile stays. Returns a text about what was done;
 * null: there was nothing to do. Throws Refusal.
 */
export function giveBack(writing: Writing, { address, driver, override }: DriverEntry): string | null {
  const { files } = writing.kernel;
  const reading = new Reading(files);
  if (!reading.isThere(deviceDirectory(address))) return null;
  const had = driverOf(files, address);
  if (had === VFIO_PCI && driver !== VFIO_PCI) {
    refuseWhileOpen(reading, address);
    unbind(writing, address, VFIO_PCI);
  }
  const says = overrideOf(files, address);
  if (says === VFIO_PCI && override !== VFIO_PCI) setOverride(writing, address, override);
  // Somebody has changed the override meanwhile.
  else if (says !== override) return null;
  if (driver === null) return had === VFIO_PCI ? `${address} taken from ${VFIO_PCI}; it had no driver before` : null;
  if (driverOf(files, address) !== null) return null;
  const what = `cannot give ${address} back to ${driver}`;
  set(writing, address, { path: `${PCI}/drivers/${driver}/bind`, text: address, what });
  return `${address} given back to ${driver}`;
}
