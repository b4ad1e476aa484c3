import { FaultQueue, RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { FaultId, Fd } from '../../uapi/ids.ts';
import { iommuHwptPgfault } from '../../uapi/iommufd.ts';

const DEV_ID_AT = iommuHwptPgfault.offsetOf.devId;

/** Distance between the device ids of two iommufds: each counts from 1, and here they must not be mixed up. */
export const CONTEXT_IDS = 1_000_000;
/** Then the u32 is full, and the first ids are long unused. */
export const MOST_CONTEXTS = 4_000;

/** A queue in another process's iommufd. Its records have that iommufd's device ids; here `shift` is added to each. */
export class ShiftedQueue extends FaultQueue {
  readonly #shift: number;

  constructor(kernel: Kernel, id: FaultId, fd: Fd, shift: number) {
    super(kernel, id, fd);
    this.#shift = shift;
  }

  override read(bytes: Uint8Array): number {
    const count = super.read(bytes);
    if (this.#shift === 0) return count;
    const view = new DataView(bytes.buffer, bytes.byteOffset, count);
    for (let at = DEV_ID_AT; at < count; at += RECORD_BYTES) {
      view.setUint32(at, view.getUint32(at, true) + this.#shift, true);
    }
    return count;
  }
}
