// Faults of devices of our own: the objects of an iommufd that we opened, and what plays on them.
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import { Iommufd } from '../../iommufd/iommufd.ts';
import { failureOf } from '../../iommufd/teardown.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Handles, Hello } from '../../protocol/messages.ts';
import { IommufdObjects } from '../objects/objects.ts';
import type { IovaRange } from '../options.ts';
import type { Answering, AnswerListener, FaultSource, NoticeAction, SourceAction, Triggering } from '../source.ts';
import { addDevice } from './add-device.ts';
import type { Sources } from './device-source.ts';

/** What makes devices fault, beyond what the operator triggers. Device numbers are those of the objects. */
export interface Play {
  readonly listener: AnswerListener | null;
  nextDueNs(): bigint | null;
  tick(nowNs: bigint): SourceAction[];
  note(devId: number): string | null;
  hungSince(devId: number): bigint | null;
}

/** Further notes about the devices. */
export interface Told {
  /** At the first tick. */
  readonly notices: readonly NoticeAction[];
  /** A note about a device, as it is now; null: none. */
  note(devId: number): string | null;
}

/** What is undone when the devices are closed. */
export interface Surroundings {
  /** Returns what failed. */
  restore(): Error[];
  parting(): NoticeAction[];
}

export interface OwnedOptions {
  readonly kernel: Kernel;
  readonly info: Hello['target'];
  readonly devices: Sources;
  /** Memory to map before the first attach. */
  readonly ranges?: readonly IovaRange[];
  /** Asked for once the objects are there, as `told` is; default: devices fault by themselves, or are triggered. */
  readonly play?: ((objects: IommufdObjects) => Play) | undefined;
  readonly told?: (objects: IommufdObjects) => Told;
  readonly surroundings?: Surroundings;
}

export class OwnedSource implements FaultSource {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  readonly watches = [];
  readonly lent = null;
  readonly owner = null;
  readonly answering: Answering;
  readonly attaching: IommufdObjects;
  readonly mapping: IommufdObjects;
  readonly triggering: Triggering | null;
  readonly #objects: IommufdObjects;
  readonly #queues: readonly FaultQueue[];
  readonly #play: Play | null;
  readonly #told: Told | null;
  readonly #surroundings: Surroundings | null;
  #notices: readonly NoticeAction[];

  /**
   * Makes everything, or undoes what was made and throws IommufdError or Refusal. What needs no device comes first: where
   * `devices` has to be made, that is done once there are an iommufd, an IOAS with its memory, and a fault object.
   */
  constructor({ kernel, info, devices, ranges = [], play, told, surroundings }: OwnedOptions) {
    const objects = new IommufdObjects(Iommufd.open(kernel));
    try {
      for (const range of ranges) objects.own.memory.mapRange(range);
      this.#queues = [objects.own.queue];
      for (const device of typeof devices === 'function' ? devices() : devices) addDevice(objects, device);
      this.#play = play?.(objects) ?? null;
      this.#told = told?.(objects) ?? null;
    } catch (error) {
      closeAll(objects);
      throw error;
    }
    this.info = info;
    this.kernel = kernel;
    this.#objects = objects;
    this.#surroundings = surroundings ?? null;
    this.#notices = this.#told?.notices ?? [];
    this.answering = { listener: this.#play?.listener ?? null };
    this.attaching = objects;
    this.mapping = objects;
    this.triggering = objects.canTrigger ? objects : null;
  }

  get queues() {
    return this.#queues;
  }

  get devices() {
    return this.#objects.devices;
  }

  get attachments() {
    return this.#objects.attachments;
  }

  get hwpts() {
    return this.#objects.hwpts;
  }

  get bonds() {
    return this.#objects.bonds;
  }

  /** null: selftest devices have no descriptors. */
  get handles(): Handles | null {
    const { iommufd, own, devices: all } = this.#objects;
    const devices = all.flatMap(({ devId, name, fd }) => {
      const hwptId = this.#objects.find(devId, null)?.hwpt.id;
      return fd === null || hwptId === undefined ? [] : [{ address: name, fd, devId, hwptId }];
    });
    if (devices.length === 0) return null;
    return { iommufd: iommufd.fd, ioasId: own.ioasId, faultId: own.queue.id, devices };
  }

  nextDueNs(): bigint | null {
    return this.#play?.nextDueNs() ?? null;
  }

  tick(nowNs: bigint): SourceAction[] {
    const notices = this.#notices;
    this.#notices = [];
    return [...notices, ...(this.#play?.tick(nowNs) ?? [])];
  }

  note(devId: number): string | null {
    const notes = [this.#play?.note(devId), this.#told?.note(devId)].filter((note) => note != null);
    return notes.length > 0 ? notes.join('; ') : null;
  }

  hungSince(devId: number): bigint | null {
    return this.#play?.hungSince(devId) ?? null;
  }

  close(): Error[] {
    return [...closeAll(this.#objects), ...(this.#surroundings?.restore() ?? [])];
  }

  parting(): NoticeAction[] {
    return this.#surroundings?.parting() ?? [];
  }
}

function closeAll(objects: IommufdObjects): Error[] {
  const failures = objects.close();
  const failure = failureOf(() => objects.iommufd.close());
  return failure ? [...failures, failure] : failures;
}
