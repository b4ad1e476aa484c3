// What is ours in an iommufd: an IOAS with its memory, a fault queue, HWPTs.
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import type { IoasId } from '../../uapi/ids.ts';
import { Hwpts } from './hwpts.ts';
import { IoasMemory } from './ioas-memory.ts';
import { ShiftedQueue } from './shifted-queue.ts';

export class OwnObjects {
  readonly ioasId: IoasId;
  readonly queue: FaultQueue;
  readonly hwpts: Hwpts;
  readonly memory: IoasMemory;
  readonly #undo = new Teardown();

  /** Throws IommufdError with nothing left behind. */
  constructor(iommufd: Iommufd, shift: number) {
    try {
      const ioasId = iommufd.allocIoas();
      this.#undo.defer('destroy the IOAS', () => iommufd.destroy(ioasId, 'IOAS'));
      const made = iommufd.allocFaultQueue();
      this.#undo.defer('destroy the fault object', () => iommufd.destroy(made.id, 'fault object'));
      const queue = shift === 0 ? made : new ShiftedQueue(iommufd.kernel, made.id, made.fd, shift);
      this.#undo.defer('close the fault descriptor', () => queue.closeFd());
      this.ioasId = ioasId;
      this.queue = queue;
      this.hwpts = new Hwpts(iommufd, ioasId, queue);
      this.memory = new IoasMemory(iommufd, ioasId);
    } catch (error) {
      this.#undo.run();
      throw error;
    }
  }

  /** Once nothing is attached to its HWPTs any more. Returns what failed. */
  close(): Error[] {
    const failures = [...this.hwpts.close(), ...this.#undo.run()];
    this.memory.free();
    return failures;
  }
}
