// The file of a fault object: anon_inode:[iommufd-pgfault] (iommufd/eventq.c).
import type { IommufdFault } from './fault-queue.ts';
import type { FileOps, OpenFile } from './files.ts';

export class FaultFile implements FileOps {
  readonly kind = 'fault';
  readonly path = 'anon_inode:[iommufd-pgfault]';
  readonly seekable = false;
  readonly #fault: IommufdFault;
  readonly #context: OpenFile;

  /** iommufd_eventq_init(): takes a reference to the object and one to the context. */
  constructor(fault: IommufdFault, context: OpenFile) {
    this.#fault = fault;
    this.#context = context.get();
    fault.users++;
  }

  read(bytes: Uint8Array, count: number): number {
    return this.#fault.read(bytes, count);
  }

  write(bytes: Uint8Array, count: number): number {
    return this.#fault.write(bytes, count);
  }

  poll(): number {
    return this.#fault.poll();
  }

  /** iommufd_eventq_fops_release() */
  release(): void {
    this.#fault.users--;
    this.#context.put();
  }
}
