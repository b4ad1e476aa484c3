// The drivers that devices were taken from (--bind); they get them back however the run ends.

import type { DeviceInfo } from '../../host/device-info.ts';
import { evidenceOf } from '../../host/in-use.ts';
import { findOpeners } from '../../host/openers.ts';
import { Reading } from '../../host/reading.ts';
import { driverTakes } from '../../host/vfio-driver.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { asError, Refusal } from '../../text/refusal.ts';
import { checkRights, type DriverEntry, giveBack, giveToVfio, VFIO_PCI, type Writing } from './driver.ts';
import type { UndoLog } from './undo-log.ts';

interface Taken {
  readonly entry: DriverEntry;
  /** Of the log: it is undone. */
  readonly done: () => void;
}

export class Bindings {
  readonly #kernel: Kernel;
  readonly #writing: Writing;
  readonly #log: UndoLog;
  readonly #taken: Taken[] = [];
  readonly #forced: ReadonlySet<string>;

  /** `forced`: addresses of devices that are taken although an unseen user may exist. */
  constructor(writing: Writing, log: UndoLog, forced: readonly string[] = []) {
    this.#writing = writing;
    this.#kernel = writing.kernel;
    this.#log = log;
    this.#forced = new Set(forced);
  }

  /**
   * All checks of all devices that disturb nothing, before the first is taken. Throws Refusal (one is not a PCI device, it is
   * in use, there is no vfio-pci …).
   */
  check(devices: readonly DeviceInfo[]): void {
    for (const device of devices) this.#check(device);
  }

  /** The remaining checks once the iommufd is open: rights to the files that will be written, uses that cannot be seen. */
  checkLast(devices: readonly DeviceInfo[]): void {
    for (const device of devices) {
      checkRights(this.#kernel.files, device.address, device.driver);
      this.#refuseUnseen(device, this.#refuseSeen(device));
    }
  }

  /**
   * Takes the device from its driver for vfio-pci; returns a text about what was done. Immediately before, it checks again
   * whether the device is in use. Throws Refusal; `restore` undoes what was already done.
   */
  take(device: DeviceInfo): string {
    const { address, driver, driverOverride: override } = device;
    const entry: DriverEntry = { kind: 'driver', address, driver, override };
    this.#taken.push({ entry, done: this.#log.add(entry) });
    let unseen: readonly string[] = [];
    giveToVfio(this.#writing, entry, () => {
      unseen = this.#refuseSeen(device);
      this.#refuseUnseen(device, unseen);
    });
    const forced = unseen.length === 0 ? '' : ` (--force; not seen: ${unseen.join('; ')})`;
    return `${address} taken from ${driver === null ? 'no driver' : driver} for ${VFIO_PCI}${forced}`;
  }

  #check(device: DeviceInfo): void {
    const { address, bus } = device;
    if (bus !== 'pci') {
      const hint = 'bind it to a VFIO driver yourself';
      throw new Refusal('refused', `${address}: --bind is for PCI devices, this is a device on bus ${bus}`, hint);
    }
    const reading = new Reading(this.#kernel.files);
    this.#refuseSeen(device);
    const refusal = driverTakes(reading, device, findOpeners(reading));
    if (refusal) {
      const how = refusal.command === null ? null : `run \`${refusal.command}\``;
      throw new Refusal('refused', `${address}: ${refusal.text}`, how);
    }
    if (!reading.isThere(`/sys/bus/pci/drivers/${VFIO_PCI}`)) {
      throw new Refusal(
        'refused',
        `cannot bind ${address}: the driver ${VFIO_PCI} is not loaded`,
        `run \`modprobe ${VFIO_PCI}\``,
      );
    }
  }

  /** Throws Refusal: it is in use. Returns the uses that it may have and that cannot be seen. */
  #refuseSeen(device: DeviceInfo): readonly string[] {
    const { files } = this.#kernel;
    const { address } = device;
    const { seen, unseen } = evidenceOf(files, device, findOpeners(new Reading(files)));
    const [use, ...more] = seen;
    if (use !== undefined) {
      const others = more.length > 0 ? ` (and ${more.join(', ')})` : '';
      throw new Refusal('refused', `${address} is in use: ${use}${others}`, 'end that use first');
    }
    return unseen;
  }

  /** Throws Refusal if there are any and --force does not name the device. */
  #refuseUnseen({ address }: DeviceInfo, unseen: readonly string[]): void {
    if (unseen.length === 0 || this.#forced.has(address)) return;
    const hint = `check where it can be seen; \`--force ${address}\` takes the device anyway`;
    const text = `${address} may be in use, which cannot be seen from here: ${unseen.join('; ')}`;
    throw new Refusal('refused', text, hint);
  }

  /** Something has been done to a device, or is about to be. */
  get touched(): boolean {
    return this.#taken.length > 0;
  }

  /** What was given back, as text. */
  readonly restored: { readonly address: string; readonly text: string }[] = [];

  /** Gives all of them back, last one first. Nothing may still have them open. Returns what failed. */
  restore(): Error[] {
    const failures: Error[] = [];
    for (let taken = this.#taken.pop(); taken; taken = this.#taken.pop()) {
      try {
        const text = giveBack(this.#writing, taken.entry);
        taken.done();
        if (text !== null) this.restored.push({ address: taken.entry.address, text });
      } catch (error) {
        failures.push(asError(error));
      }
    }
    return failures;
  }
}
