// The drivers that devices were taken from (--bind), to be given back however the run ends.
import type { DeviceInfo } from '../host/device-info.ts';
import { usesOf } from '../host/in-use.ts';
import { Reading } from '../host/reading.ts';
import type { Finding } from '../host/verdict/finding.ts';
import { driverTakes } from '../host/vfio-driver.ts';
import type { Kernel } from '../kernel/kernel.ts';
import { type DriverEntry, giveBack, giveToVfio, VFIO_PCI } from './driver.ts';
import { TargetRefusal } from './target.ts';
import type { UndoLog } from './undo-log.ts';

/** What to do about a device that vfio-pci would not take. */
const refusalHint = ({ command }: Finding): string =>
  `${command === null ? '' : `run \`${command}\`; `}nothing was changed`;

interface Taken {
  readonly entry: DriverEntry;
  /** Of the log: it is undone. */
  readonly done: () => void;
}

export class Bindings {
  readonly #kernel: Kernel;
  readonly #log: UndoLog;
  readonly #taken: Taken[] = [];

  constructor(kernel: Kernel, log: UndoLog) {
    this.#kernel = kernel;
    this.#log = log;
  }

  /**
   * Takes the device from its driver for vfio-pci; returns what was done in words. Throws TargetRefusal (it is no PCI device,
   * it is in use, there is no vfio-pci …); what was done by then is undone by `restore`.
   */
  take(device: DeviceInfo): string {
    const { address, driver, driverOverride: override } = device;
    this.#check(device);
    const entry: DriverEntry = { kind: 'driver', address, driver, override };
    this.#taken.push({ entry, done: this.#log.add(entry) });
    giveToVfio(this.#kernel, entry);
    return `${address} taken from ${driver === null ? 'no driver' : driver} for ${VFIO_PCI}`;
  }

  #check(device: DeviceInfo): void {
    const { address, bus } = device;
    if (bus !== 'pci') {
      const hint = 'give it to a driver of VFIO yourself';
      throw new TargetRefusal('refused', `${address}: --bind is for PCI devices, this is one of bus ${bus}`, hint);
    }
    const reading = new Reading(this.#kernel.files);
    const [use, ...more] = usesOf(reading, device);
    if (use !== undefined) {
      const others = more.length > 0 ? ` (and ${more.join(', ')})` : '';
      throw new TargetRefusal(
        'refused',
        `${address} is in use: ${use}${others}`,
        'end that first; nothing was changed',
      );
    }
    const refusal = driverTakes(reading, device);
    if (refusal) throw new TargetRefusal('refused', `${address}: ${refusal.text}`, refusalHint(refusal));
    if (!reading.isThere(`/sys/bus/pci/drivers/${VFIO_PCI}`)) {
      throw new TargetRefusal(
        'refused',
        `there is no driver ${VFIO_PCI} for ${address}`,
        `run \`modprobe ${VFIO_PCI}\``,
      );
    }
  }

  /** What was given back, in words. */
  readonly restored: { readonly address: string; readonly text: string }[] = [];

  /** Gives all of them back, the last first. Nothing may have them open any more. Returns what failed. */
  restore(): Error[] {
    const failures: Error[] = [];
    for (let taken = this.#taken.pop(); taken; taken = this.#taken.pop()) {
      try {
        const text = giveBack(this.#kernel.files, taken.entry);
        taken.done();
        if (text !== null) this.restored.push({ address: taken.entry.address, text });
      } catch (error) {
        failures.push(error instanceof Error ? error : new Error(String(error)));
      }
    }
    return failures;
  }
}
