// What one giver has handed over: the queues, and the iommufd and devices that belong to them. Device ids in here are shifted,
// as those of the source; other ids are those of its iommufd.
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import { Iommufd } from '../../iommufd/iommufd.ts';
import { failureOf } from '../../iommufd/teardown.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { Refusal } from '../../text/refusal.ts';
import type { FaultId, Fd } from '../../uapi/ids.ts';
import type { Given } from '../listen/given.ts';
import { type BoundDevice, UNKNOWN } from '../objects/device.ts';
import { IommufdObjects } from '../objects/objects.ts';
import { ShiftedQueue } from '../objects/shifted-queue.ts';
import { handedDevice } from './device.ts';

export class HandedContext {
  readonly #kernel: Kernel;
  /** Its owner: "qemu (pid 4711)"; null: our parent. */
  readonly giver: string | null;
  /** Of its first device id. */
  readonly shift: number;
  /** Indices in the source's list. */
  readonly queues = new Map<number, FaultQueue>();
  readonly #addQueue: (queue: FaultQueue) => number;
  readonly #spare: Fd[] = [];
  #objects: IommufdObjects | null = null;

  constructor(kernel: Kernel, giver: string | null, shift: number, addQueue: (queue: FaultQueue) => number) {
    this.#kernel = kernel;
    this.giver = giver;
    this.shift = shift;
    this.#addQueue = addQueue;
  }

  /** Those of its iommufd; null: it was not handed over. */
  get objects(): IommufdObjects | null {
    return this.#objects;
  }

  /** The same, where the device was handed over with it. Throws Refusal. */
  objectsOf(devId: number): IommufdObjects {
    if (this.#objects?.has(devId)) return this.#objects;
    throw onlyAnswered(devId);
  }

  /** Indices of the queues that are the giver's. */
  get given(): number[] {
    const ours = this.#objects?.ownQueue;
    return [...this.queues].filter(([, queue]) => queue !== ours).map(([index]) => index);
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
    if (iommufd && this.#objects) {
      throw new Refusal('refused', 'an iommufd was already handed over', 'use one connection per iommufd');
    }
    const objects = iommufd ? this.#objectsOver(iommufd.fd) : this.#objects;
    const faultId = queues[0]?.faultId ?? UNKNOWN;
    const made = devices.flatMap((device): BoundDevice[] => {
      if (objects === null)
        throw new Refusal('refused', `${device.what} came without its iommufd`, 'hand over the iommufd, too');
      const { devId } = device;
      return devId === null ? [] : [handedDevice(objects.iommufd, device, devId, { shift: this.shift, faultId })];
    });
    this.#objects = objects;
    this.#spare.push(...devices.filter(({ devId }) => devId === null).map(({ fd }) => fd));
    for (const device of made) objects?.adopt(device);
    return queues.map(({ fd, faultId: id }) =>
      this.#join(new ShiftedQueue(this.#kernel, (id ?? UNKNOWN) as FaultId, fd, this.shift)),
    );
  }

  #objectsOver(fd: Fd): IommufdObjects {
    return new IommufdObjects(Iommufd.over(this.#kernel, fd), {
      shift: this.shift,
      joined: (queue) => void this.#join(queue),
      unknownDevice: onlyAnswered,
    });
  }

  #join(queue: FaultQueue): number {
    const index = this.#addQueue(queue);
    this.queues.set(index, queue);
    return index;
  }

  /** Our descriptor of a queue that was taken back. */
  closeQueue(index: number): void {
    const queue = this.queues.get(index);
    this.queues.delete(index);
    // Ours goes with the objects it is one of.
    if (queue !== this.#objects?.ownQueue) queue?.closeFd();
  }

  /** Puts the devices back where they were, destroys what is ours and closes all. Returns what failed. */
  close(): Error[] {
    const objects = this.#objects;
    this.#objects = null;
    const ours = objects?.ownQueue;
    const failures = objects?.close() ?? [];
    const attempt = (undo: () => void): void => {
      const failure = failureOf(undo);
      if (failure) failures.push(failure);
    };
    for (const queue of this.queues.values()) if (queue !== ours) attempt(() => queue.closeFd());
    this.queues.clear();
    const fds = [...(objects?.devices ?? []).flatMap(({ fd }) => fd ?? []), ...this.#spare.splice(0)];
    for (const fd of fds) this.#kernel.close(fd as Fd);
    if (objects) attempt(() => objects.iommufd.close());
    return failures;
  }
}

const onlyAnswered = (devId: number): Refusal =>
  new Refusal(
    'refused',
    `device ${devId} can only be answered: its descriptor was not handed over`,
    'hand over its VFIO device, with its id, and its iommufd',
  );
