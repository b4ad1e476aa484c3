// Devices of this host: found, taken from their drivers if requested, bound, attached; and all of it undone.
import type { DeviceInfo } from '../../host/device-info.ts';
import { findDevice } from '../../host/find.ts';
import { IommufdError } from '../../iommufd/error.ts';
import type { Files } from '../../kernel/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelRefusal } from '../../kernel/kernel.ts';
import type { Hello } from '../../protocol/messages.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { IommufdObjects } from '../objects/objects.ts';
import type { HostOptions } from '../options.ts';
import type { DeviceSource } from '../owned/device-source.ts';
import { OwnedSource, type Play } from '../owned/owned-source.ts';
import { Bindings } from '../undo/binding.ts';
import type { Notice } from '../undo/recover.ts';
import type { UndoLog } from '../undo/undo-log.ts';
import { checkDevice, doubtOf, findAll, isUnbound } from './choose.ts';
import { foresee, foreseeLast } from './foresee.ts';
import { checkLimits } from './limits.ts';
import { notesOf, notice } from './notes.ts';
import { vfioSource } from './vfio-source.ts';

export interface HostSetting {
  readonly kernel: Kernel;
  readonly info: Omit<Hello['target'], 'label'>;
  /** What undoes --bind after a crash. */
  readonly undo: UndoLog;
  /** Called about operations that the kernel does not return from; default: none. */
  readonly told?: (text: string | null) => void;
  /** What was recovered before this, to be reported. */
  readonly recovered: readonly Notice[];
  /** Devices that behave, behind those of the host; default: none. */
  readonly play?: (objects: IommufdObjects) => Play;
}

const labelOf = (devices: readonly DeviceInfo[]): string =>
  devices.length === 1 ? (devices[0] as DeviceInfo).address : `${devices.length} devices`;

/**
 * All checks of all devices come before the first step that disturbs one. Throws IommufdError and Refusal
 * with everything as it was before.
 */
export function openHostDevices(setting: HostSetting, options: HostOptions): OwnedSource {
  const { kernel, undo, told = () => {} } = setting;
  const chosen = findAll(kernel.files, options.devices);
  const bindings = new Bindings({ kernel, told }, undo, forcedOf(kernel.files, options, chosen));
  const unbound = chosen.filter(isUnbound);
  try {
    for (const device of chosen) checkDevice(device, options, chosen);
    bindings.check(unbound);
    if (unbound.length > 0) {
      checkLimits(kernel.files, options.ranges);
      foresee(kernel.files, chosen, options);
    }
    return openChosen(setting, options, chosen, bindings);
  } catch (error) {
    const untouched = options.bind && unbound.length > 0 && !bindings.touched;
    throw untouched ? nothingChanged(error) : withFailures(error, bindings.restore());
  }
}

function openChosen(
  { kernel, info, recovered, play }: HostSetting,
  options: HostOptions,
  chosen: readonly DeviceInfo[],
  bindings: Bindings,
): OwnedSource {
  let found = chosen;
  let bound: readonly Notice[] = [];
  /** The first thing that disturbs a device: everything else that can fail has not. */
  const devices = (): DeviceSource[] => {
    const unbound = chosen.filter(isUnbound);
    if (unbound.length > 0) foreseeLast(kernel, chosen);
    bindings.checkLast(unbound);
    bound = unbound.map((device) => notice('bound', device.address, bindings.take(device)));
    // Their VFIO devices are known only now.
    found = chosen.map((device) => (isUnbound(device) ? findDevice(kernel.files, device.address) : device));
    return found.map((device) => sourceOf(device, options));
  };
  return new OwnedSource({
    kernel,
    info: { ...info, label: labelOf(chosen) },
    devices,
    ranges: options.ranges,
    play,
    told: (objects) => {
      const own = notesOf(kernel, found, objects);
      return { notices: [...recovered, ...bound, ...own.notices], note: own.note };
    },
    // The drivers come last: they do not release an open device.
    surroundings: {
      restore: () => bindings.restore(),
      parting: () => bindings.restored.map(({ address, text }) => notice('restored', address, text)),
    },
  });
}

/** Addresses of the devices that --force names. Throws Refusal for one that --device does not name, too. */
function forcedOf(files: Files, { force }: HostOptions, chosen: readonly DeviceInfo[]): string[] {
  return force.map((name) => {
    const { address } = findDevice(files, name);
    if (chosen.some((device) => device.address === address)) return address;
    throw new Refusal('refused', `--force ${name}: no --device names it`, 'name it with --device, too');
  });
}

/** Nothing was disturbed yet, which the reader of the error needs to know. */
function nothingChanged(error: unknown): unknown {
  if (!isExpected(error) || error instanceof KernelRefusal || error.hint?.includes('nothing was changed')) return error;
  const absent = error instanceof IommufdError && error.operation === 'open /dev/iommu' && error.errno === Errno.ENOENT;
  const text = absent ? 'there is no /dev/iommu: the kernel has no iommufd' : error.message;
  return new Refusal('refused', `${text}; nothing was changed`, error.hint, error);
}

function sourceOf(device: DeviceInfo, options: HostOptions): DeviceSource {
  const path = device.vfio?.path;
  if (!path) throw new Refusal('refused', `${device.address} has no VFIO character device`, 'see `iopftop doctor`');
  return vfioSource(device, path, doubtOf(device), options);
}

/** What went wrong, and what then failed while undoing: both must be reported. */
function withFailures(error: unknown, failures: readonly Error[]): unknown {
  if (failures.length === 0 || !(error instanceof Error)) return error;
  const also = failures.map(({ message }) => message).join('; ');
  const hint = isExpected(error) ? error.hint : null;
  return new Refusal('refused', `${error.message}; then, while undoing: ${also}`, hint, error);
}
