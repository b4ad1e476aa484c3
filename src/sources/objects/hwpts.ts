// The HWPTs that we make: fault-capable ones over one IOAS, the nest parents under the nested ones, and when each goes.
import type { Attachable } from '../../iommufd/attachable.ts';
import { IommufdError } from '../../iommufd/error.ts';
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Hwpt, Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import type { IoasId } from '../../uapi/ids.ts';
import type { SourceHwpt } from '../source.ts';
import { makeNestedHwpt } from './nested.ts';

export interface HwptOwner {
  readonly attachable: Pick<Attachable, 'devId'>;
  readonly pasidCapable: boolean;
  readonly hwInfoType: number;
  /** Of its nested HWPTs; made with the first. */
  nestParent: Hwpt | null;
}

export class Hwpts {
  readonly #iommufd: Iommufd;
  readonly #ioasId: IoasId;
  readonly #queue: FaultQueue;
  readonly list: SourceHwpt[] = [];
  readonly #undo = new Teardown();
  readonly #undoOne = new Map<number, () => void>();

  constructor(iommufd: Iommufd, ioasId: IoasId, queue: FaultQueue) {
    this.#iommufd = iommufd;
    this.#ioasId = ioasId;
    this.#queue = queue;
  }

  /** A new one whose faults go to the queue. */
  make(owner: HwptOwner, kind: 'paging' | 'nested'): SourceHwpt {
    const request = {
      devId: owner.attachable.devId,
      ioasId: this.#ioasId,
      faultId: this.#queue.id,
      ...(owner.pasidCapable ? { pasid: true } : {}),
    };
    const before = new Teardown();
    let hwpt: Hwpt;
    try {
      hwpt =
        kind === 'paging'
          ? this.#iommufd.allocPagingHwpt(request)
          : makeNestedHwpt(this.#iommufd, owner.hwInfoType, request, this.#parentOf(owner), before);
    } catch (error) {
      before.run();
      throw error;
    }
    const made: SourceHwpt = { id: hwpt.id, kind, ioasId: this.#ioasId, faultId: hwpt.faultId };
    this.list.push(made);
    const undo = () => {
      this.#iommufd.destroy(hwpt.id, 'HWPT');
      const [failure] = before.run();
      if (failure) throw failure;
    };
    this.#undoOne.set(hwpt.id, this.#undo.defer(`destroy HWPT ${hwpt.id}`, undo));
    return made;
  }

  #parentOf(owner: HwptOwner): Hwpt {
    if (owner.nestParent) return owner.nestParent;
    const parent = this.#iommufd.allocNestParent(owner.attachable.devId, this.#ioasId);
    owner.nestParent = parent;
    this.#undo.defer(`destroy HWPT ${parent.id}`, () => this.#iommufd.destroy(parent.id, 'HWPT'));
    return parent;
  }

  /** Destroys those made since there were `before`: what they were made for failed. */
  dropSince(before: number): void {
    for (const hwpt of this.list.slice(before)) this.#tryDrop(hwpt);
  }

  /** Of those that are not `inUse`, only `latest` stays: replace can go back to it. */
  dropUnused(inUse: ReadonlySet<number>, latest: number): void {
    for (const hwpt of this.list.filter((h) => h.id !== latest && !inUse.has(h.id))) this.#tryDrop(hwpt);
  }

  /** The action that dropped it is done, whatever the kernel says now: it stays, until the next attempt or the end. */
  #tryDrop(hwpt: SourceHwpt): void {
    try {
      this.#drop(hwpt);
    } catch (error) {
      if (!(error instanceof IommufdError)) throw error;
    }
  }

  #drop(hwpt: SourceHwpt): void {
    this.#undoOne.get(hwpt.id)?.();
    this.#undoOne.delete(hwpt.id);
    this.list.splice(this.list.indexOf(hwpt), 1);
  }

  /** Destroys all, nested ones before their parents; returns what failed. */
  close(): Error[] {
    return this.#undo.run();
  }
}
