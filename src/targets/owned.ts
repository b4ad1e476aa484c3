// Objects of our own on a kernel with the selftest driver, real or simulated: one IOAS, one fault queue, mock devices, and
// a fault-capable HWPT for each. The mock target is this one over the simulated kernel.
import { IommufdError } from '../iommufd/error.ts';
import type { FaultQueue } from '../iommufd/fault-queue.ts';
import { type Hwpt, Iommufd } from '../iommufd/iommufd.ts';
import type { MockDevice } from '../iommufd/mock-device.ts';
import { Teardown } from '../iommufd/teardown.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Handles } from '../protocol/messages.ts';
import { Errno } from '../uapi/errno.ts';
import type { HwptId, IoasId } from '../uapi/ids.ts';
import { MapMemory, PAGE_BYTES } from './map-memory.ts';
import { Mappings } from './mappings.ts';
import {
  type Attachment,
  type HwptChoice,
  type TargetDevice,
  type TargetHwpt,
  TargetRefusal,
  type TriggerRequest,
} from './target.ts';

export interface DeviceSpec {
  readonly name: string;
  readonly pasid: boolean;
  readonly hwpt: 'paging' | 'nested';
  /** PASIDs to attach, each to the device's HWPT. */
  readonly pasids: readonly number[];
}

interface OwnedDevice extends TargetDevice {
  readonly mock: MockDevice;
  nestParent: Hwpt | null;
}

export class OwnedObjects {
  readonly kernel: Kernel;
  // The order that the kernel wants: devices, then HWPTs (a nested one before its parent), then the rest.
  readonly #undoDevices = new Teardown();
  readonly #undoHwpts = new Teardown();
  readonly #undoBase = new Teardown();
  readonly #iommufd: Iommufd;
  readonly #memory: MapMemory;
  readonly ioasId: IoasId;
  readonly queue: FaultQueue;
  readonly devices: OwnedDevice[] = [];
  readonly hwpts: TargetHwpt[] = [];
  attachments: Attachment[] = [];
  readonly #mapped = new Mappings();
  readonly #undoHwpt = new Map<number, () => void>();

  /** Makes everything, or undoes what was made and throws IommufdError. */
  constructor(kernel: Kernel, specs: readonly DeviceSpec[]) {
    this.kernel = kernel;
    this.#memory = new MapMemory(kernel);
    this.#iommufd = Iommufd.open(kernel);
    this.#undoBase.defer('close the iommufd', () => this.#iommufd.close());
    try {
      const iommufd = this.#iommufd;
      const ioasId = iommufd.allocIoas();
      this.ioasId = ioasId;
      this.#undoBase.defer('destroy the IOAS', () => iommufd.destroy(ioasId, 'IOAS'));
      const queue = iommufd.allocFaultQueue();
      this.queue = queue;
      this.#undoBase.defer('destroy the fault object', () => iommufd.destroy(queue.id, 'fault object'));
      this.#undoBase.defer('close the fault descriptor', () => queue.closeFd());
      for (const spec of specs) this.#addDevice(spec);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  #addDevice(spec: DeviceSpec): void {
    const mock = this.#iommufd.createMockDevice(this.ioasId, spec.pasid);
    this.#undoDevices.defer(`destroy ${spec.name}`, () => mock.destroy());
    const { devId } = mock;
    const device: OwnedDevice = { devId, name: spec.name, pasidCapable: spec.pasid, mock, nestParent: null };
    this.devices.push(device);
    // A new mock device is attached to the IOAS already; this replaces that.
    const hwpt = this.#newHwpt(device, spec.hwpt);
    mock.replace(hwpt.id as HwptId);
    this.attachments.push({ devId, pasid: null, hwpt });
    for (const pasid of spec.pasids) this.attach(devId, pasid, hwpt.id);
  }

  /** Selftest devices have no descriptors. */
  readonly handles: Handles | null = null;

  device(devId: number): OwnedDevice {
    const device = this.devices.find((d) => d.devId === devId);
    if (!device) throw new TargetRefusal('gone', `there is no device ${devId}`, this.#knownDevices());
    return device;
  }

  #knownDevices(): string {
    return `devices: ${this.devices.map((d) => `${d.devId} (${d.name})`).join(', ') || 'none'}`;
  }

  /** The attachment of a device or PASID itself. */
  find(devId: number, pasid: number | null): Attachment | undefined {
    return this.attachments.find((a) => a.devId === devId && a.pasid === pasid);
  }

  #need(devId: number, pasid: number | null): Attachment {
    const device = this.device(devId);
    const found = this.find(devId, pasid);
    if (!found) throw new TargetRefusal('gone', `${named(device, pasid)} is not attached`, 'use attach');
    return found;
  }

  /** The HWPT chosen; makes new ones. A number that is no HWPT of ours has to be the IOAS. */
  #choose(device: OwnedDevice, choice: HwptChoice): TargetHwpt {
    if (choice === 'new-paging') return this.#newHwpt(device, 'paging');
    if (choice === 'new-nested') return this.#newHwpt(device, 'nested');
    const known = this.hwpts.find((h) => h.id === choice);
    if (known) return known;
    if (choice === this.ioasId) return { id: choice, kind: 'auto', ioasId: choice, faultId: null };
    const ids = this.hwpts.map((h) => h.id).join(', ');
    throw new TargetRefusal(
      'gone',
      `there is no HWPT ${choice}`,
      `HWPTs: ${ids}; IOAS ${this.ioasId} attaches without a fault queue`,
    );
  }

  #newHwpt(device: OwnedDevice, kind: 'paging' | 'nested'): TargetHwpt {
    const iommufd = this.#iommufd;
    const request = {
      devId: device.mock.devId,
      ioasId: this.ioasId,
      faultId: this.queue.id,
      ...(device.pasidCapable ? { pasid: true } : {}),
    };
    let hwpt: Hwpt;
    if (kind === 'nested') {
      if (!device.nestParent) {
        const parent = iommufd.allocNestParent(device.mock.devId, this.ioasId);
        device.nestParent = parent;
        this.#undoHwpts.defer(`destroy HWPT ${parent.id}`, () => iommufd.destroy(parent.id, 'HWPT'));
      }
      hwpt = iommufd.allocSelftestNestedHwpt(request, device.nestParent.id);
    } else {
      hwpt = iommufd.allocPagingHwpt(request);
    }
    const made: TargetHwpt = { id: hwpt.id, kind, ioasId: this.ioasId, faultId: hwpt.faultId };
    this.hwpts.push(made);
    this.#undoHwpt.set(
      hwpt.id,
      this.#undoHwpts.defer(`destroy HWPT ${hwpt.id}`, () => iommufd.destroy(hwpt.id, 'HWPT')),
    );
    return made;
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment {
    const device = this.device(devId);
    if (this.find(devId, pasid)) {
      throw new TargetRefusal('refused', `${named(device, pasid)} is attached already`, 'use replace');
    }
    const hwpt = this.#with(device, choice, (h) => device.mock.attach(pasid, h));
    const attachment = { devId, pasid, hwpt };
    this.attachments.push(attachment);
    return attachment;
  }

  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: TargetHwpt } {
    const device = this.device(devId);
    const { hwpt: old } = this.#need(devId, pasid);
    const hwpt = this.#with(device, choice, (h) =>
      pasid === null ? device.mock.replace(h) : device.mock.replacePasid(pasid, h),
    );
    const attachment = { devId, pasid, hwpt };
    this.attachments = this.attachments.map((a) => (a.devId === devId && a.pasid === pasid ? attachment : a));
    this.#dropUnused(old);
    return { attachment, old };
  }

  detach(devId: number, pasid: number | null): TargetHwpt {
    const device = this.device(devId);
    const { hwpt } = this.#need(devId, pasid);
    device.mock.detach(pasid);
    this.attachments = this.attachments.filter((a) => a.devId !== devId || a.pasid !== pasid);
    this.#dropUnused(hwpt);
    return hwpt;
  }

  /** Does `attach` with the HWPT chosen, which is destroyed again if it was new and that fails. */
  #with(device: OwnedDevice, choice: HwptChoice, attach: (id: HwptId) => HwptId): TargetHwpt {
    const before = this.hwpts.length;
    try {
      const hwpt = this.#choose(device, choice);
      const id = attach(hwpt.id as HwptId);
      return hwpt.kind === 'auto' ? { ...hwpt, id } : hwpt;
    } catch (error) {
      this.#dropNew(before);
      throw error;
    }
  }

  /** Destroys the HWPTs made since there were `before`: what they were made for failed. */
  #dropNew(before: number): void {
    for (const hwpt of this.hwpts.slice(before)) this.#drop(hwpt);
  }

  /** Of the HWPTs that nothing is attached to, only `latest` stays: replace can go back to it. */
  #dropUnused(latest: TargetHwpt): void {
    const inUse = new Set(this.attachments.map((a) => a.hwpt.id)).add(latest.id);
    for (const hwpt of this.hwpts.filter((h) => !inUse.has(h.id))) this.#drop(hwpt);
  }

  #drop(hwpt: TargetHwpt): void {
    this.#undoHwpt.get(hwpt.id)?.();
    this.#undoHwpt.delete(hwpt.id);
    this.hwpts.splice(this.hwpts.indexOf(hwpt), 1);
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    const attachment = this.find(devId, pasid) ?? this.#need(devId, null);
    if (attachment.hwpt.kind === 'nested') {
      throw new TargetRefusal(
        'refused',
        `HWPT ${attachment.hwpt.id} is nested: its stage-1 table belongs to the guest`,
        'answer success once the guest has mapped the page, or invalid',
      );
    }
    for (const page of pages.filter((p) => this.#mapped.has(p) !== true)) {
      const memory = this.#memory.page();
      try {
        this.#iommufd.map(this.ioasId, memory, page, PAGE_BYTES);
      } catch (error) {
        this.#memory.giveBack();
        // Somebody else has mapped it (iopt_alloc_area_pages): that is all that was wanted.
        if (!(error instanceof IommufdError && error.errno === Errno.EEXIST)) throw error;
      }
      this.#mapped.add(page);
    }
  }

  /** Whether we have mapped the page of the address. */
  isMapped(addr: bigint): boolean {
    return this.#mapped.has(addr) === true;
  }

  /** Whether all pages are mapped for the device or PASID; null where its page table is not ours, or is not known. */
  areMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    const attachment = this.find(devId, pasid) ?? this.find(devId, null);
    if (!attachment || attachment.hwpt.kind === 'nested') return null;
    const known = pages.map((page) => this.#mapped.has(page));
    if (known.includes(false)) return false;
    return known.includes(null) ? null : true;
  }

  trigger({ devId, pasid, ...rest }: TriggerRequest): void {
    this.device(devId).mock.trigger(pasid === null ? rest : { ...rest, pasid });
  }

  close(): Error[] {
    // Destroying a device detaches the device itself, not its PASIDs.
    const pasids = new Teardown();
    for (const { devId, pasid } of this.attachments) {
      if (pasid !== null) pasids.defer(`detach PASID ${pasid}`, () => this.device(devId).mock.detach(pasid));
    }
    const failures = [...pasids.run(), ...this.#undoDevices.run(), ...this.#undoHwpts.run(), ...this.#undoBase.run()];
    this.#memory.free();
    return failures;
  }
}

const named = ({ name }: TargetDevice, pasid: number | null): string =>
  pasid === null ? name : `${name} PASID ${pasid}`;
