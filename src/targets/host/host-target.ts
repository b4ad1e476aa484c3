// Devices of this host: found, taken from their drivers where that is asked for, bound, attached; and all of it undone.
import type { DeviceInfo } from '../../host/device-info.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Hello } from '../../protocol/messages.ts';
import { Bindings } from '../binding.ts';
import type { DeviceSource } from '../device-source.ts';
import type { HostOptions, IovaRange } from '../options.ts';
import type { OwnedObjects } from '../owned.ts';
import { NOTHING, OwnedTarget, type Play } from '../owned-target.ts';
import type { Notice } from '../recover.ts';
import { TargetRefusal } from '../target.ts';
import type { UndoLog } from '../undo-log.ts';
import { checkDevice, doubtOf, find, findAll, isUnbound } from './choose.ts';
import { HostPlay } from './host-play.ts';
import { notesOf, notice } from './notes.ts';
import { vfioSource } from './vfio-source.ts';

export interface HostSetting {
  readonly kernel: Kernel;
  readonly info: Omit<Hello['target'], 'label'>;
  /** What undoes --bind after a crash. */
  readonly undo: UndoLog;
  /** What was recovered before this, to be told. */
  readonly recovered: readonly Notice[];
  /** Devices that behave, behind those of the host; default: none. */
  readonly play?: (objects: OwnedObjects) => Play;
}

interface Parts {
  readonly setting: HostSetting;
  readonly devices: readonly DeviceInfo[];
  readonly sources: readonly DeviceSource[];
  readonly ranges: readonly IovaRange[];
  readonly bindings: Bindings;
  readonly notices: readonly Notice[];
}

const labelOf = (devices: readonly DeviceInfo[]): string =>
  devices.length === 1 ? (devices[0] as DeviceInfo).address : `${devices.length} devices`;

export class HostTarget extends OwnedTarget {
  readonly #bindings: Bindings;

  private constructor({ setting, devices, sources, ranges, bindings, notices }: Parts) {
    const { kernel, info, play = () => NOTHING } = setting;
    const told = (objects: OwnedObjects): Play => {
      const own = notesOf(kernel, devices, objects);
      return new HostPlay(play(objects), { notices: [...notices, ...own.notices], note: own.note });
    };
    super(kernel, { ...info, label: labelOf(devices) }, sources, told, ranges);
    this.#bindings = bindings;
  }

  /** Throws IommufdError and TargetRefusal with everything as it was before. */
  static open(setting: HostSetting, options: HostOptions): HostTarget {
    const { kernel, undo, recovered } = setting;
    const { files } = kernel;
    const chosen = findAll(files, options.devices);
    for (const device of chosen) checkDevice(device, options, chosen);
    const bindings = new Bindings(kernel, undo);
    try {
      const bound = chosen.filter(isUnbound).map((device) => notice('bound', device.address, bindings.take(device)));
      // Their VFIO devices are known only now.
      const devices = chosen.map((device) => (isUnbound(device) ? find(files, device.address) : device));
      const sources = devices.map((device) => sourceOf(device, options));
      const { ranges } = options;
      return new HostTarget({ setting, devices, sources, ranges, bindings, notices: [...recovered, ...bound] });
    } catch (error) {
      throw withFailures(error, bindings.restore());
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

function sourceOf(device: DeviceInfo, options: HostOptions): DeviceSource {
  const path = device.vfio?.path;
  if (!path)
    throw new TargetRefusal('refused', `${device.address} has no VFIO character device`, 'see `iopftop doctor`');
  return vfioSource(device, path, doubtOf(device), options);
}

/** What went wrong, and what of the undoing did besides: it must not go unsaid. */
function withFailures(error: unknown, failures: readonly Error[]): unknown {
  if (failures.length === 0 || !(error instanceof Error)) return error;
  const also = failures.map(({ message }) => message).join('; ');
  const hint = 'hint' in error && typeof error.hint === 'string' ? error.hint : null;
  return new TargetRefusal('refused', `${error.message}; and after that: ${also}`, hint);
}
