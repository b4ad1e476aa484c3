// One open /dev/iommu (struct iommufd_ctx, iommufd/main.c): its objects. What its ioctls do is in ioctls.ts.
import { type FdTable, type FileOps, OpenFile } from './files.ts';
import type { AddressSpace } from './memory.ts';
import { ObjectTable } from './objects.ts';
import { DEFAULT_POLLMASK } from './poll.ts';

/** What this kernel can do; each is true on the lab's 7.2. */
export interface Features {
  /** CONFIG_IOMMUFD_TEST */
  readonly selftest: boolean;
  /** IOMMU_FAULT_QUEUE_ALLOC: 6.11 and later. */
  readonly faultQueue: boolean;
  /** Fault ids and PASIDs on paging HWPTs: 6.13 and later. */
  readonly pagingFault: boolean;
  /** The lab's edit: TRIGGER_IOPF with the top bit of perm leaves LAST_PAGE out. */
  readonly partialTrigger: boolean;
}

/** What of the kernel a context needs. */
interface Kernel {
  readonly memory: AddressSpace;
  readonly features: Features;
  readonly fds: FdTable;
  readonly ioctl: (ctx: IommufdContext, request: number, arg: Uint8Array) => number;
  readonly onRelease: (ctx: IommufdContext) => void;
}

export class IommufdContext implements FileOps {
  readonly kind = 'iommufd';
  readonly path = '/dev/iommu';
  readonly seekable = true;
  readonly objects = new ObjectTable();
  readonly memory: AddressSpace;
  readonly features: Features;
  readonly fds: FdTable;
  /** The open file that is this context; fault files and bound VFIO devices hold it too. */
  readonly file: OpenFile;
  readonly #ioctl: Kernel['ioctl'];
  readonly #onRelease: Kernel['onRelease'];

  constructor(kernel: Kernel, accessMode: number) {
    this.memory = kernel.memory;
    this.features = kernel.features;
    this.fds = kernel.fds;
    this.#ioctl = kernel.ioctl;
    this.#onRelease = kernel.onRelease;
    this.file = new OpenFile(this, accessMode);
  }

  poll(): number {
    return DEFAULT_POLLMASK;
  }

  /** iommufd_fops_ioctl() */
  ioctl(request: number, arg: Uint8Array): number {
    return this.#ioctl(this, request, arg);
  }

  /** iommufd_fops_release() */
  release(): void {
    this.objects.destroyAll();
    this.#onRelease(this);
  }
}
