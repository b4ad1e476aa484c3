// What one giver has handed over: the queues, and the iommufd and devices that belong to them. Ids in here are those of its
// iommufd; those of the target are shifted.

import { Iommufd } from '../../iommufd/iommufd.ts';
import { failureOf } from '../../iommufd/teardown.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { Refusal } from '../../text/refusal.ts';
import type { FaultId, Fd, HwptId, IoasId } from '../../uapi/ids.ts';
import { attachedAlready, notAttached } from '../owned/attachment-refusals.ts';
import { cannotTrigger } from '../owned/device-refusals.ts';
import { IoasMemory } from '../owned/ioas-memory.ts';
import type { Attachment, HwptChoice, TargetHwpt, TriggerRequest } from '../target.ts';
import { giveBack, type HandedDevice, handedDevice, UNKNOWN } from './device.ts';
import type { Given } from './given.ts';
import { OwnObjects } from './own-objects.ts';
import { HandedQueue } from './queue.ts';

export class HandedContext {
  readonly #kernel: Kernel;
  /** Who it is of: "qemu (pid 4711)"; null: whoever started us. */
  readonly giver: string | null;
  /** Of its first device id. */
  readonly shift: number;
  /** Indices in the target's list. */
  readonly queues = new Map<number, HandedQueue>();
  readonly devices: HandedDevice[] = [];
  attachments: Attachment[] = [];
  readonly #addQueue: (queue: HandedQueue) => number;
  readonly #spare: Fd[] = [];
  readonly #memories = new Map<number, IoasMemory>();
  #iommufd: Iommufd | null = null;
  #own: OwnObjects | null = null;

  constructor(kernel: Kernel, giver: string | null, shift: number, addQueue: (queue: HandedQueue) => number) {
    this.#kernel = kernel;
    this.giver = giver;
    this.shift = shift;
    this.#addQueue = addQueue;
  }

  get hwpts(): TargetHwpt[] {
    const told = this.devices.map(({ before }) => before).filter(({ id }) => id !== UNKNOWN);
    const different = told.filter(({ id }, i) => told.findIndex((other) => other.id === id) === i);
    return [...different, ...(this.#own?.hwpts.list ?? [])];
  }

  /** Indices of the queues that are the giver's. */
  get given(): number[] {
    return [...this.queues].filter(([, queue]) => queue !== this.#own?.queue).map(([index]) => index);
  }

  isGiven(index: number): boolean {
    return this.given.includes(index);
  }

  /** A queue of it: the id of its fault object (UNKNOWN: not told), and whether groups wait in it. */
  stateOf(index: number): { id: number; waits: boolean } {
    const queue = this.queues.get(index);
    return { id: queue?.id ?? UNKNOWN, waits: queue?.readable() ?? false };
  }

  /** Takes descriptors that were checked. Throws Refusal with nothing taken. Returns the indices of the queues. */
  add({ queues, iommufd, devices }: Given): number[] {
    if (iommufd && this.#iommufd) {
      throw new Refusal('refused', 'an iommufd was handed over already', 'one connection is for one iommufd');
    }
    const context = iommufd ? Iommufd.over(this.#kernel, iommufd.fd) : this.#iommufd;
    const faultId = queues[0]?.faultId ?? UNKNOWN;
    const made = devices.flatMap((device) => {
      if (context === null)
        throw new Refusal('refused', `${device.what} came without its iommufd`, 'hand that over too');
      return device.devId === null ? [] : [handedDevice(context, device, device.devId, faultId)];
    });
    this.#iommufd = context;
    this.#spare.push(...devices.filter(({ devId }) => devId === null).map(({ fd }) => fd));
    for (const device of made) {
      this.devices.push(device);
      this.attachments.push({ devId: this.#outside(device), pasid: null, hwpt: device.before, shared: device.shared });
    }
    return queues.map(({ fd, faultId: id }) => {
      const queue = new HandedQueue(this.#kernel, (id ?? UNKNOWN) as FaultId, fd, this.shift);
      return this.#join(queue);
    });
  }

  #join(queue: HandedQueue): number {
    const index = this.#addQueue(queue);
    this.queues.set(index, queue);
    return index;
  }

  #outside({ devId }: HandedDevice): number {
    return devId + this.shift;
  }

  device(devId: number): HandedDevice {
    const device = this.devices.find((d) => this.#outside(d) === devId);
    if (device) return device;
    throw new Refusal(
      'refused',
      `device ${devId} can be answered and no more: its descriptor was not handed over`,
      'its VFIO device, with its id, and its iommufd are needed',
    );
  }

  find(devId: number, pasid: number | null): Attachment | undefined {
    return this.attachments.find((a) => a.devId === devId && a.pasid === pasid);
  }

  /** Made on demand: whoever only answers leaves nothing in the iommufd of others. */
  #objects(): OwnObjects {
    if (this.#own) return this.#own;
    if (!this.#iommufd) throw new Refusal('refused', 'the iommufd was not handed over');
    const own = new OwnObjects(this.#iommufd, this.shift);
    this.#own = own;
    this.#join(own.queue as HandedQueue);
    return own;
  }

  #choose(device: HandedDevice, choice: HwptChoice): TargetHwpt {
    if (choice === 'new-paging') return this.#objects().hwpts.make(device, 'paging');
    if (choice === 'new-nested') return this.#objects().hwpts.make(device, 'nested');
    const known = this.hwpts.find(({ id }) => id === choice);
    if (known) return known;
    const ioasIds = [device.before.ioasId, this.#own?.ioasId ?? UNKNOWN].filter((id) => id !== UNKNOWN);
    if (ioasIds.includes(choice)) return { id: choice, kind: 'auto', ioasId: choice, faultId: null };
    const ids = this.hwpts.map(({ id }) => id).join(', ') || 'none';
    throw new Refusal(
      'gone',
      `there is no HWPT ${choice} that was told of`,
      `HWPTs: ${ids}; IOAS: ${ioasIds.join(', ') || 'none'}`,
    );
  }

  #attachTo(device: HandedDevice, pasid: number | null, choice: HwptChoice): Attachment {
    const before = this.#own?.hwpts.list.length ?? 0;
    try {
      const hwpt = this.#choose(device, choice);
      const id = device.vfio.attach(pasid, hwpt.id as HwptId);
      if (pasid === null) device.changed = id !== device.before.id;
      const attached = hwpt.kind === 'auto' ? { ...hwpt, id } : hwpt;
      return { devId: this.#outside(device), pasid, hwpt: attached, shared: device.shared };
    } catch (error) {
      this.#own?.hwpts.dropSince(before);
      throw error;
    }
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment {
    const device = this.device(devId);
    if (this.find(devId, pasid)) throw attachedAlready(device, pasid);
    const attachment = this.#attachTo(device, pasid, choice);
    this.attachments.push(attachment);
    return attachment;
  }

  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: TargetHwpt } {
    const device = this.device(devId);
    const attached = this.#need(device, pasid);
    const { hwpt: old } = attached;
    const attachment = this.#attachTo(device, pasid, choice);
    // It was that already: the kernel does nothing.
    if (attachment.hwpt.id === old.id) return { attachment: attached, old };
    this.attachments = this.attachments.map((a) => (a.devId === devId && a.pasid === pasid ? attachment : a));
    this.#dropUnused(old);
    return { attachment, old };
  }

  detach(devId: number, pasid: number | null): TargetHwpt {
    const device = this.device(devId);
    const { hwpt } = this.#need(device, pasid);
    device.vfio.detach(pasid);
    if (pasid === null) device.changed = true;
    this.attachments = this.attachments.filter((a) => a.devId !== devId || a.pasid !== pasid);
    this.#dropUnused(hwpt);
    return hwpt;
  }

  #need(device: HandedDevice, pasid: number | null): Attachment {
    const found = this.find(this.#outside(device), pasid);
    if (!found) throw notAttached(device, pasid);
    return found;
  }

  #dropUnused(latest: TargetHwpt): void {
    this.#own?.hwpts.dropUnused(new Set(this.attachments.map(({ hwpt }) => hwpt.id)), latest.id);
  }

  /** Memory of the IOAS behind an attachment; null where that is not known. */
  #memoryOf(devId: number, pasid: number | null): IoasMemory | null {
    const { hwpt } = this.find(devId, pasid) ?? this.find(devId, null) ?? {};
    if (!hwpt || hwpt.kind === 'nested' || hwpt.ioasId === UNKNOWN || !this.#iommufd) return null;
    if (this.#own?.ioasId === hwpt.ioasId) return this.#own.memory;
    const known = this.#memories.get(hwpt.ioasId) ?? new IoasMemory(this.#iommufd, hwpt.ioasId as IoasId);
    this.#memories.set(hwpt.ioasId, known);
    return known;
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    const memory = this.#memoryOf(devId, pasid);
    if (!memory)
      throw new Refusal(
        'refused',
        `device ${devId} translates through a page table that is not known here`,
        'map the pages there and answer success, or replace its HWPT by a new one first',
      );
    memory.mapPages(pages);
  }

  /** Of an IOAS of others only what we have mapped is known. */
  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    const memory = this.#memoryOf(devId, pasid);
    if (!memory) return null;
    const known = pages.map((page) => memory.has(page));
    if (known.every((is) => is === true)) return true;
    return memory === this.#own?.memory && known.includes(false) ? false : null;
  }

  trigger({ devId, pasid, ...rest }: TriggerRequest): void {
    const { vfio, name } = this.device(devId);
    try {
      vfio.trigger(pasid === null ? rest : { ...rest, pasid });
    } catch (error) {
      throw cannotTrigger(error, name) ?? error;
    }
  }

  /** Our descriptor of a queue that was taken back. */
  closeQueue(index: number): void {
    const queue = this.queues.get(index);
    this.queues.delete(index);
    // Ours goes with the objects it is one of.
    if (queue !== this.#own?.queue) queue?.closeFd();
  }

  /** Puts the devices back where they were, destroys what is ours and closes all. Returns what failed. */
  close(): Error[] {
    const failures: Error[] = [];
    const attempt = (undo: () => void): void => {
      const failure = failureOf(undo);
      if (failure) failures.push(failure);
    };
    for (const { devId, pasid } of this.attachments) {
      if (pasid !== null) attempt(() => this.device(devId).vfio.detach(pasid));
    }
    for (const device of this.devices) attempt(() => giveBack(device));
    this.attachments = [];
    failures.push(...(this.#own?.close() ?? []));
    for (const queue of this.queues.values()) attempt(() => queue.closeFd());
    this.queues.clear();
    const fds = [...this.devices.splice(0).map(({ fd }) => fd), ...this.#spare.splice(0)];
    for (const fd of fds) this.#kernel.close(fd);
    // What `map` put into an IOAS of theirs stays there: the kernel holds the pages, and the device may be using them.
    for (const memory of this.#memories.values()) memory.free();
    this.#memories.clear();
    const iommufd = this.#iommufd;
    this.#iommufd = null;
    if (iommufd) attempt(() => iommufd.close());
    return failures;
  }
}
