// iommufd's object table and its reference counts (iommufd/main.c). `users` counts exactly as the kernel's does, so that
// EBUSY and ENOENT fall where they fall there. References held only during an ioctl are not counted.
import { Errno } from '../../uapi/errno.ts';
import { LowestFree } from './lowest-free.ts';

export type ObjectType = 'device' | 'hwpt-paging' | 'hwpt-nested' | 'ioas' | 'fault' | 'selftest';

/** struct iommufd_object: starts with one user, the table itself. */
export abstract class IommufdObject {
  abstract readonly type: ObjectType;
  id = 0;
  users = 1;
  /** iommufd_object_ops.destroy, run when the last user is gone. */
  abstract destroy(): void;
}

export class ObjectTable {
  readonly #ids = new LowestFree(1);
  readonly #objects = new Map<number, IommufdObject>();

  /** _iommufd_object_alloc(): gives `object` an id; nobody finds it before finalize(). */
  alloc<T extends IommufdObject>(object: T): T {
    object.id = this.#ids.take();
    return object;
  }

  /** iommufd_object_finalize() */
  finalize(object: IommufdObject): void {
    this.#objects.set(object.id, object);
  }

  /** iommufd_object_abort() */
  abort(object: IommufdObject): void {
    this.#ids.give(object.id);
  }

  /** iommufd_object_abort_and_destroy() */
  abortAndDestroy(object: IommufdObject): void {
    object.destroy();
    this.abort(object);
  }

  /** iommufd_get_object() with IOMMUFD_OBJ_ANY */
  find(id: number): IommufdObject | undefined {
    return this.#objects.get(id);
  }

  /** iommufd_get_object() with a type */
  get<T extends IommufdObject>(id: number, kind: abstract new (...args: never[]) => T): T | undefined {
    const object = this.#objects.get(id);
    return object instanceof kind ? object : undefined;
  }

  /** iommufd_object_remove() as IOMMU_DESTROY calls it. */
  remove(id: number): number {
    const object = this.#objects.get(id);
    if (!object) return -Errno.ENOENT;
    if (object.users !== 1) return -Errno.EBUSY;
    this.#erase(object);
    return 0;
  }

  /** iommufd_object_destroy_user(), iommufd_object_put_and_try_destroy(): drops the caller's reference first. */
  putAndTryDestroy(object: IommufdObject): number {
    object.users--;
    if (object.users !== 1) return -Errno.EBUSY;
    this.#erase(object);
    return 0;
  }

  /**
   * iommufd_fops_release(): destroys leaves, lowest id first, until none is left. What is still referred to after that
   * (only a device whose stdev was destroyed while PASIDs were attached) stays, as it does in the kernel.
   */
  destroyAll(): void {
    for (;;) {
      let destroyed = 0;
      for (const id of [...this.#objects.keys()].sort((a, b) => a - b)) {
        const object = this.#objects.get(id);
        if (object?.users !== 1) continue;
        destroyed++;
        this.#erase(object);
      }
      if (destroyed === 0) return;
    }
  }

  *[Symbol.iterator](): IterableIterator<IommufdObject> {
    yield* this.#objects.values();
  }

  #erase(object: IommufdObject): void {
    object.users = 0;
    this.#objects.delete(object.id);
    this.#ids.give(object.id);
    object.destroy();
  }
}
