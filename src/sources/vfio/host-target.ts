// Devices of this host: found, taken from their drivers where that is asked for, bound, attached; and all of it undone.

import type { DeviceInfo } from '../../host/device-info.ts';
import { findDevice } from '../../host/find.ts';
import { IommufdError } from '../../iommufd/error.ts';
import type { Files } from '../../kernel/files.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { KernelRefusal } from '../../kernel/kernel.ts';
import type { Hello } from '../../protocol/messages.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { HostOptions } from '../options.ts';
import type { DeviceSource } from '../owned/device-source.ts';
import type { OwnedObjects } from '../owned/owned.ts';
import { NOTHING, OwnedTarget, type Play } from '../owned/owned-target.ts';
import { Bindings } from '../undo/binding.ts';
import type { Notice } from '../undo/recover.ts';
import type { UndoLog } from '../undo/undo-log.ts';
import { checkDevice, doubtOf, findAll, isUnbound } from './choose.ts';
import { foresee, foreseeLast } from './foresee.ts';
import { HostPlay } from './host-play.ts';
import { checkLimits } from './limits.ts';
import { notesOf, notice } from './notes.ts';
import { vfioSource } from './vfio-source.ts';

export interface HostSetting {
  readonly kernel: Kernel;
  readonly info: Omit<Hello['target'], 'label'>;
  /** What undoes --bind after a crash. */
  readonly undo: UndoLog;
  /** Hears of what the kernel does not return from; default: nobody does. */
  readonly told?: (text: string | null) => void;
  /** What was recovered before this, to be told. */
  readonly recovered: readonly Notice[];
  /** Devices that behave, behind those of the host; default: none. */
  readonly play?: (objects: OwnedObjects) => Play;
}

interface Parts {
  readonly setting: HostSetting;
  readonly chosen: readonly DeviceInfo[];
  readonly options: HostOptions;
  readonly bindings: Bindings;
}

const labelOf = (devices: readonly DeviceInfo[]): string =>
  devices.length === 1 ? (devices[0] as DeviceInfo).address : `${devices.length} devices`;

export class HostTarget extends OwnedTarget {
  readonly #bindings: Bindings;

  private constructor({ setting, chosen, options, bindings }: Parts) {
    const { kernel, info, recovered, play = () => NOTHING } = setting;
    let devices = chosen;
    let bound: readonly Notice[] = [];
    /** The first thing that disturbs a device: everything else that can fail has not. */
    const sources = (): DeviceSource[] => {
      const unbound = chosen.filter(isUnbound);
      if (unbound.length > 0) foreseeLast(kernel, chosen);
      bindings.checkLast(unbound);
      bound = unbound.map((device) => notice('bound', device.address, bindings.take(device)));
      // Their VFIO devices are known only now.
      devices = chosen.map((device) => (isUnbound(device) ? findDevice(kernel.files, device.address) : device));
      return devices.map((device) => sourceOf(device, options));
    };
    const told = (objects: OwnedObjects): Play => {
      const own = notesOf(kernel, devices, objects);
      return new HostPlay(play(objects), { notices: [...recovered, ...bound, ...own.notices], note: own.note });
    };
    super(kernel, { ...info, label: labelOf(chosen) }, sources, told, options.ranges);
    this.#bindings = bindings;
  }

  /**
   * All that can be looked at, of all devices, comes before the first step that disturbs one. Throws IommufdError and Refusal
   * with everything as it was before.
   */
  static open(setting: HostSetting, options: HostOptions): HostTarget {
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
      return new HostTarget({ setting, chosen, options, bindings });
    } catch (error) {
      const untouched = options.bind && unbound.length > 0 && !bindings.touched;
      throw untouched ? nothingChanged(error) : withFailures(error, bindings.restore());
    }
  }

  override close(): Error[] {
    // The drivers come last: they do not let go of a device that is open.
    return [...super.close(), ...this.#bindings.restore()];
  }

  parting(): Notice[] {
    return this.#bindings.restored.map(({ address, text }) => notice('restored', address, text));
  }
}

/** Addresses of the devices that --force names. Throws Refusal for one that --device does not name, too. */
function forcedOf(files: Files, { force }: HostOptions, chosen: readonly DeviceInfo[]): string[] {
  return force.map((name) => {
    const { address } = findDevice(files, name);
    if (chosen.some((device) => device.address === address)) return address;
    throw new Refusal('refused', `--force ${name}: no --device names it`, 'name it with both');
  });
}

/** Nothing was disturbed yet, which whoever reads the error wants to know. */
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

/** What went wrong, and what of the undoing did besides: it must not go unsaid. */
function withFailures(error: unknown, failures: readonly Error[]): unknown {
  if (failures.length === 0 || !(error instanceof Error)) return error;
  const also = failures.map(({ message }) => message).join('; ');
  const hint = isExpected(error) ? error.hint : null;
  return new Refusal('refused', `${error.message}; and after that: ${also}`, hint, error);
}
