// The objects of an iommufd, ours or handed over: the attachments of its devices, their memory, and the triggers of mock
// devices. It also knows the order in which the kernel needs it all undone.

import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import type { Refusal } from '../../text/refusal.ts';
import type { HwptId, IoasId } from '../../uapi/ids.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';
import type {
  Attaching,
  Attachment,
  HwptChoice,
  Mapping,
  SourceHwpt,
  SvaBond,
  Triggering,
  TriggerRequest,
} from '../source.ts';
import {
  attachedAlready,
  bondRefusal,
  mapOnNested,
  noSuchDevice,
  noSuchHwpt,
  notAttached,
  unknownTable,
} from './attachment-refusals.ts';
import { type BoundDevice, UNKNOWN } from './device.ts';
import { cannotTrigger, checkCanFault } from './device-refusals.ts';
import { IoasMemory } from './ioas-memory.ts';
import { OwnObjects } from './own.ts';

/** Of an iommufd that was handed over. */
export interface Foreign {
  /** Is added to its device ids. */
  readonly shift: number;
  /** A queue of ours was made in it. */
  readonly joined: (queue: FaultQueue) => void;
  /** The refusal for a device that was not handed over. */
  readonly unknownDevice: (devId: number) => Refusal;
}

export class IommufdObjects implements Attaching, Mapping, Triggering {
  readonly iommufd: Iommufd;
  readonly devices: BoundDevice[] = [];
  attachments: Attachment[] = [];
  /** PASIDs whose faults the kernel answers itself: those that a play has made. */
  readonly bonds: SvaBond[] = [];
  /** Played devices whose guest provides the memory: after SUCCESS the page is there, whatever we have mapped. */
  readonly guestMapped = new Set<number>();
  readonly #foreign: Foreign | null;
  readonly #memories = new Map<number, IoasMemory>();
  #own: OwnObjects | null = null;

  /** Makes nothing yet. `foreign` null: the iommufd is ours. */
  constructor(iommufd: Iommufd, foreign: Foreign | null = null) {
    this.iommufd = iommufd;
    this.#foreign = foreign;
  }

  /**
   * Made on demand: a run that only answers leaves nothing in another process's iommufd. Throws IommufdError with nothing made.
   */
  get own(): OwnObjects {
    if (this.#own) return this.#own;
    const own = new OwnObjects(this.iommufd, this.#foreign?.shift ?? 0);
    this.#own = own;
    this.#foreign?.joined(own.queue);
    return own;
  }

  /** The queue of ours; null: none was made. */
  get ownQueue(): FaultQueue | null {
    return this.#own?.queue ?? null;
  }

  get hwpts(): readonly SourceHwpt[] {
    const told = new Map(this.devices.flatMap(({ before }) => (before?.id ? [[before.id, before]] : [])));
    return [...told.values(), ...(this.#own?.hwpts.list ?? [])];
  }

  /** Whether devices can be made to fault: those of the selftest driver can. */
  get canTrigger(): boolean {
    return this.devices.some(({ hwInfoType }) => hwInfoType === HwInfoType.SELFTEST);
  }

  has(devId: number): boolean {
    return this.devices.some((d) => d.devId === devId);
  }

  device(devId: number): BoundDevice {
    const device = this.devices.find((d) => d.devId === devId);
    if (device) return device;
    throw this.#foreign?.unknownDevice(devId) ?? noSuchDevice(devId, this.devices);
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

  /**
   * Attachments of the device or PASID, and of the other devices of its IOMMU group: they follow one
   * (iommufd_device_do_replace, iommufd_hw_pagetable_detach).
   */
  groupOf({ devId, group }: BoundDevice, pasid: number | null): Attachment[] {
    return this.attachments.filter(
      (a) => a.pasid === pasid && (a.devId === devId || (group !== null && this.device(a.devId).group === group)),
    );
  }

  /** The device, unless its PASID has an SVA bond: iommufd has no part in that. */
  #unbound(what: string, devId: number, pasid: number | null): BoundDevice {
    const device = this.device(devId);
    const bond = this.bonds.find((b) => b.devId === devId && b.pasid === pasid);
    if (bond) throw bondRefusal(what, device, bond.pasid);
    return device;
  }

  /** The chosen HWPT; makes new ones. A number that is not a known HWPT must be a known IOAS. */
  #choose(device: BoundDevice, choice: HwptChoice): SourceHwpt {
    if (choice === 'new-paging') return this.own.hwpts.make(device, 'paging');
    if (choice === 'new-nested') return this.own.hwpts.make(device, 'nested');
    const known = this.hwpts.find((h) => h.id === choice);
    if (known) return known;
    const ioasIds = [device.before?.ioasId, this.#own?.ioasId].filter((id) => id !== undefined && id !== UNKNOWN);
    if (ioasIds.includes(choice)) return { id: choice, kind: 'auto', ioasId: choice, faultId: null };
    throw noSuchHwpt(choice, this.hwpts, ioasIds);
  }

  /** Does `attach` with the HWPT chosen, which is destroyed again if it was new and that fails. */
  #with(device: BoundDevice, choice: HwptChoice, attach: (id: HwptId) => HwptId): SourceHwpt {
    const before = this.#own?.hwpts.list.length ?? 0;
    try {
      const hwpt = this.#choose(device, choice);
      const id = attach(hwpt.id as HwptId);
      return hwpt.kind === 'auto' ? { ...hwpt, id } : hwpt;
    } catch (error) {
      this.#own?.hwpts.dropSince(before);
      throw error;
    }
  }

  #attached(device: BoundDevice, pasid: number | null, hwpt: SourceHwpt): Attachment {
    const attachment = { devId: device.devId, pasid, hwpt, ...(device.shared ? { shared: true } : {}) };
    this.attachments.push(attachment);
    return attachment;
  }

  /** The first attachment of a device that has just been added, and to the kernel may be attached already. */
  attachFirst(device: BoundDevice, choice: HwptChoice): SourceHwpt {
    const hwpt = this.#with(device, choice, (h) => device.attachable.replace(null, h));
    return this.#attached(device, null, hwpt).hwpt;
  }

  /** A device that came attached as it says (`before`). */
  adopt(device: BoundDevice): void {
    this.devices.push(device);
    if (device.before) this.#attached(device, null, device.before);
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment {
    const device = this.#unbound('attach', devId, pasid);
    if (this.find(devId, pasid)) throw attachedAlready(device, pasid);
    const hwpt = this.#with(device, choice, (h) => device.attachable.attach(pasid, h));
    return this.#attached(device, pasid, hwpt);
  }

  /** The kernel moves the whole IOMMU group at once. */
  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: SourceHwpt } {
    const device = this.#unbound('replace', devId, pasid);
    const attached = this.#need(devId, pasid);
    const { hwpt: old } = attached;
    const hwpt = this.#with(device, choice, (h) => device.attachable.replace(pasid, h));
    // It was that already: the kernel does nothing.
    if (hwpt.id === old.id) return { attachment: attached, old };
    const moved = this.groupOf(device, pasid);
    this.attachments = this.attachments.map((a) => (moved.includes(a) ? { ...a, hwpt } : a));
    this.#dropUnused(old);
    return { attachment: this.#need(devId, pasid), old };
  }

  /** All of the IOMMU group or none: as long as one of its devices is attached, they all are to the kernel. */
  detach(devId: number, pasid: number | null): SourceHwpt {
    const device = this.#unbound('detach', devId, pasid);
    const { hwpt } = this.#need(devId, pasid);
    const group = this.groupOf(device, pasid);
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

  #dropUnused(latest: SourceHwpt): void {
    this.#own?.hwpts.dropUnused(new Set(this.attachments.map((a) => a.hwpt.id)), latest.id);
  }

  /** Of the IOAS behind a HWPT; null where that is not known. */
  #memoryOf({ kind, ioasId }: SourceHwpt): IoasMemory | null {
    if (kind === 'nested' || ioasId === UNKNOWN) return null;
    if (this.#own?.ioasId === ioasId) return this.#own.memory;
    const known = this.#memories.get(ioasId) ?? new IoasMemory(this.iommufd, ioasId as IoasId);
    this.#memories.set(ioasId, known);
    return known;
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    const { hwpt } = this.find(devId, pasid) ?? this.#need(devId, null);
    if (hwpt.kind === 'nested') throw mapOnNested(hwpt);
    const memory = this.#memoryOf(hwpt);
    if (!memory) throw unknownTable(devId);
    memory.mapPages(pages);
  }

  /** Whether we have mapped the page of the address. */
  hasPage(addr: bigint): boolean {
    return this.#own?.memory.has(addr) === true;
  }

  /** For another process's IOAS, only what we have mapped is known. */
  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    const attachment = this.find(devId, pasid) ?? this.find(devId, null);
    const memory = attachment && this.#memoryOf(attachment.hwpt);
    if (!memory) return null;
    const known = pages.map((page) => memory.has(page));
    if (known.every((is) => is === true)) return true;
    const ours = memory === this.#own?.memory && !this.guestMapped.has(devId);
    return ours && known.includes(false) ? false : null;
  }

  trigger({ devId, pasid, ...rest }: TriggerRequest): void {
    const device = this.device(devId);
    checkCanFault(device);
    try {
      device.attachable.trigger(pasid === null ? rest : { ...rest, pasid });
    } catch (error) {
      throw (device.fd === null ? null : cannotTrigger(error, device.name)) ?? error;
    }
  }

  /**
   * In the order that the kernel needs: devices, whose PASIDs letting go of them does not detach, then what they were attached
   * to (a nested HWPT before its parent, then the queue and the IOAS). Returns what failed. The iommufd stays open.
   */
  close(): Error[] {
    const undo = new Teardown();
    for (const device of this.devices) {
      undo.defer(`release ${device.name}`, () => device.letGo(this.find(device.devId, null)));
    }
    for (const { devId, pasid } of this.attachments) {
      if (pasid !== null) undo.defer(`detach PASID ${pasid}`, () => this.device(devId).attachable.detach(pasid));
    }
    const failures = [...undo.run(), ...(this.#own?.close() ?? [])];
    // What `map` put into another process's IOAS stays there: the kernel holds the pages, and the device may be using them.
    for (const memory of this.#memories.values()) memory.free();
    this.#memories.clear();
    return failures;
  }
}
