// Objects of our own in one iommufd: an IOAS, a fault queue, devices (the selftest driver's, or bound by their VFIO character
// devices) and a fault-capable HWPT for each. The mock targets are this over the simulated kernel.

import type { Attachable } from '../../iommufd/attachable.ts';
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import { type Hwpt, Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Handles } from '../../protocol/messages.ts';
import type { HwptId, IoasId } from '../../uapi/ids.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';
import type { IovaRange } from '../options.ts';
import type { Attachment, HwptChoice, TargetDevice, TargetHwpt, TriggerRequest } from '../target.ts';
import { attachedAlready, mapOnNested, noSuchDevice, noSuchHwpt, notAttached } from './attachment-refusals.ts';
import { cannotFault, cannotFaultAtAll, cannotFaultBy, cannotTrigger } from './device-refusals.ts';
import type { DeviceSource, Sources } from './device-source.ts';
import { IoasMemory } from './ioas-memory.ts';
import { type HwptOwner, OwnedHwpts } from './owned-hwpts.ts';

interface OwnedDevice extends TargetDevice, HwptOwner {
  readonly devId: HwptOwner['devId'];
  readonly pasidCapable: boolean;
  readonly attachable: Attachable;
  readonly fd: number | null;
  readonly group: number | null;
  readonly doubt: string | null;
  nestParent: Hwpt | null;
  /** Why it is attached without a fault object, in words; null: it is not. */
  cannotFault: string | null;
}

export class OwnedObjects {
  readonly kernel: Kernel;
  // The order that the kernel wants: devices, then HWPTs (a nested one before its parent), then the rest.
  readonly #undoDevices = new Teardown();
  readonly #undoBase = new Teardown();
  readonly #iommufd: Iommufd;
  readonly #memory: IoasMemory;
  readonly #hwpts: OwnedHwpts;
  readonly ioasId: IoasId;
  readonly queue: FaultQueue;
  readonly devices: OwnedDevice[] = [];
  attachments: Attachment[] = [];

  /**
   * Makes everything, or undoes what was made and throws IommufdError or Refusal. What needs no device comes first: where
   * `sources` has to be made, that is done once there are an iommufd, an IOAS with its memory, and a fault object.
   */
  constructor(kernel: Kernel, sources: Sources, ranges: readonly IovaRange[] = []) {
    this.kernel = kernel;
    const iommufd = Iommufd.open(kernel);
    this.#iommufd = iommufd;
    this.#undoBase.defer('close the iommufd', () => iommufd.close());
    try {
      const ioasId = iommufd.allocIoas();
      this.ioasId = ioasId;
      this.#undoBase.defer('destroy the IOAS', () => iommufd.destroy(ioasId, 'IOAS'));
      const queue = iommufd.allocFaultQueue();
      this.queue = queue;
      this.#undoBase.defer('destroy the fault object', () => iommufd.destroy(queue.id, 'fault object'));
      this.#undoBase.defer('close the fault descriptor', () => queue.closeFd());
    } catch (error) {
      this.#undoBase.run();
      throw error;
    }
    this.#memory = new IoasMemory(iommufd, this.ioasId);
    this.#hwpts = new OwnedHwpts(iommufd, this.ioasId, this.queue);
    try {
      for (const range of ranges) this.#memory.mapRange(range);
      for (const source of typeof sources === 'function' ? sources() : sources) this.#addDevice(source);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #addDevice(source: DeviceSource): void {
    const { name, pasids, group, doubt } = source;
    const { attachable, ...opened } = source.open(this.#iommufd, this.ioasId);
    const { devId } = attachable;
    this.#undoDevices.defer(`release ${name}`, () => attachable.release());
    const device: OwnedDevice = { devId, name, group, doubt, ...opened, attachable, nestParent: null };
    this.devices.push(device);
    // A new mock device is attached to the IOAS already; of others this is the attach.
    const hwpt = this.#attachFirst(device, source);
    this.attachments.push({ devId, pasid: null, hwpt });
    for (const pasid of pasids) this.attach(devId, pasid, hwpt.faultId === null ? this.ioasId : hwpt.id);
  }

  /** With a fault object; without one where that is asked for and the device cannot fault. */
  #attachFirst(device: OwnedDevice, source: DeviceSource): TargetHwpt {
    const attach = (id: HwptId) => device.attachable.replace(null, id);
    const [leader] = this.#groupOf(device, null);
    if (leader) {
      device.cannotFault ??= this.device(leader.devId).cannotFault;
      return this.#with(device, leader.hwpt.faultId === null ? this.ioasId : leader.hwpt.id, attach);
    }
    if (device.cannotFault === null) {
      try {
        return this.#with(device, source.hwpt === 'nested' ? 'new-nested' : 'new-paging', attach);
      } catch (error) {
        device.cannotFault = cannotFaultBy(error);
        if (device.cannotFault === null) throw error;
      }
    }
    if (!source.withoutFaults) throw cannotFault(source, device.cannotFault);
    return this.#with(device, this.ioasId, attach);
  }

  /**
   * Attachments of the device or PASID, and of the other devices of its IOMMU group: they follow one (iommufd_device_do_replace,
   * iommufd_hw_pagetable_detach).
   */
  #groupOf({ devId, group }: OwnedDevice, pasid: number | null): Attachment[] {
    return this.attachments.filter(
      (a) => a.pasid === pasid && (a.devId === devId || (group !== null && this.device(a.devId).group === group)),
    );
  }

  /** Whether devices can be made to fault: those of the selftest driver can. */
  get canTrigger(): boolean {
    return this.devices.some(({ hwInfoType }) => hwInfoType === HwInfoType.SELFTEST);
  }

  get hwpts(): readonly TargetHwpt[] {
    return this.#hwpts.list;
  }

  /** What a program needs that is to use the devices; null: selftest devices have no descriptors. */
  get handles(): Handles | null {
    const devices = this.devices.flatMap(({ devId, name, fd }) => {
      const hwptId = this.find(devId, null)?.hwpt.id;
      return fd === null || hwptId === undefined ? [] : [{ address: name, fd, devId, hwptId }];
    });
    if (devices.length === 0) return null;
    return { iommufd: this.#iommufd.fd, ioasId: this.ioasId, faultId: this.queue.id, devices };
  }

  device(devId: number): OwnedDevice {
    const device = this.devices.find((d) => d.devId === devId);
    if (!device) throw noSuchDevice(devId, this.devices);
    return device;
  }

  /** The attachment of a device or PASID itself. */
  find(devId: number, pasid: number | null): Attachment | undefined {
    return this.attachments.find((a) => a.devId === devId && a.pasid === pasid);
  }

  #need(devId: number, pasid: number | null): Attachment {
    const device = this.device(devId);
    const found = this.find(devId, pasid);
    if (!found) throw notAttached(device, pasid);
    return found;
  }

  /** The HWPT chosen; makes new ones. A number that is no HWPT of ours has to be the IOAS. */
  #choose(device: OwnedDevice, choice: HwptChoice): TargetHwpt {
    if (choice === 'new-paging') return this.#hwpts.make(device, 'paging');
    if (choice === 'new-nested') return this.#hwpts.make(device, 'nested');
    const known = this.#hwpts.list.find((h) => h.id === choice);
    if (known) return known;
    if (choice === this.ioasId) return { id: choice, kind: 'auto', ioasId: choice, faultId: null };
    throw noSuchHwpt(choice, this.hwpts, this.ioasId);
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment {
    const device = this.device(devId);
    if (this.find(devId, pasid)) throw attachedAlready(device, pasid);
    const hwpt = this.#with(device, choice, (h) => device.attachable.attach(pasid, h));
    const attachment = { devId, pasid, hwpt };
    this.attachments.push(attachment);
    return attachment;
  }

  /** The kernel moves the whole IOMMU group at once. */
  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: TargetHwpt } {
    const device = this.device(devId);
    const attached = this.#need(devId, pasid);
    const { hwpt: old } = attached;
    const hwpt = this.#with(device, choice, (h) => device.attachable.replace(pasid, h));
    // It was that already: the kernel does nothing.
    if (hwpt.id === old.id) return { attachment: attached, old };
    const moved = this.#groupOf(device, pasid);
    this.attachments = this.attachments.map((a) => (moved.includes(a) ? { ...a, hwpt } : a));
    this.#dropUnused(old);
    return { attachment: this.#need(devId, pasid), old };
  }

  /** All of the IOMMU group or none: as long as one of its devices is attached, they all are to the kernel. */
  detach(devId: number, pasid: number | null): TargetHwpt {
    const { hwpt } = this.#need(devId, pasid);
    const group = this.#groupOf(this.device(devId), pasid);
    const undo = new Teardown();
    try {
      for (const attachment of group) {
        const { attachable, name } = this.device(attachment.devId);
        attachable.detach(pasid);
        undo.defer(`attach ${name}`, () => attachable.attach(pasid, attachment.hwpt.id as HwptId));
      }
    } catch (error) {
      undo.run();
      throw error;
    }
    this.attachments = this.attachments.filter((a) => !group.includes(a));
    this.#dropUnused(hwpt);
    return hwpt;
  }

  /** Does `attach` with the HWPT chosen, which is destroyed again if it was new and that fails. */
  #with(device: OwnedDevice, choice: HwptChoice, attach: (id: HwptId) => HwptId): TargetHwpt {
    const before = this.#hwpts.list.length;
    try {
      const hwpt = this.#choose(device, choice);
      const id = attach(hwpt.id as HwptId);
      return hwpt.kind === 'auto' ? { ...hwpt, id } : hwpt;
    } catch (error) {
      this.#hwpts.dropSince(before);
      throw error;
    }
  }

  #dropUnused(latest: TargetHwpt): void {
    this.#hwpts.dropUnused(new Set(this.attachments.map((a) => a.hwpt.id)), latest.id);
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    const attachment = this.find(devId, pasid) ?? this.#need(devId, null);
    if (attachment.hwpt.kind === 'nested') throw mapOnNested(attachment.hwpt);
    this.#memory.mapPages(pages);
  }

  /** Whether we have mapped the page of the address. */
  isMapped(addr: bigint): boolean {
    return this.#memory.has(addr) === true;
  }

  /** Whether all pages are mapped for the device or PASID; null where its page table is not ours, or is not known. */
  areMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    const attachment = this.find(devId, pasid) ?? this.find(devId, null);
    if (!attachment || attachment.hwpt.kind === 'nested') return null;
    const known = pages.map((page) => this.#memory.has(page));
    if (known.includes(false)) return false;
    return known.includes(null) ? null : true;
  }

  trigger({ devId, pasid, ...rest }: TriggerRequest): void {
    const device = this.device(devId);
    if (device.cannotFault !== null) throw cannotFaultAtAll(device.name, device.doubt ?? device.cannotFault);
    try {
      device.attachable.trigger(pasid === null ? rest : { ...rest, pasid });
    } catch (error) {
      throw (device.fd === null ? null : cannotTrigger(error, device.name)) ?? error;
    }
  }

  close(): Error[] {
    // Releasing a device detaches the device itself, not its PASIDs.
    const pasids = new Teardown();
    for (const { devId, pasid } of this.attachments) {
      if (pasid !== null) pasids.defer(`detach PASID ${pasid}`, () => this.device(devId).attachable.detach(pasid));
    }
    const failures = [...pasids.run(), ...this.#undoDevices.run(), ...this.#hwpts.close(), ...this.#undoBase.run()];
    this.#memory.free();
    return failures;
  }
}
