// Objects of ours in an iommufd that others opened: made with the first HWPT that is asked for, and gone when they are.
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import type { IoasId } from '../../uapi/ids.ts';
import { IoasMemory } from '../owned/ioas-memory.ts';
import { OwnedHwpts } from '../owned/owned-hwpts.ts';
import { HandedQueue } from './queue.ts';

export class OwnObjects {
  readonly ioasId: IoasId;
  readonly queue: FaultQueue;
  readonly hwpts: OwnedHwpts;
  readonly memory: IoasMemory;
  readonly #undo = new Teardown();

  /** Throws IommufdError with nothing left behind. */
  constructor(iommufd: Iommufd, shift: number) {
    try {
      const ioasId = iommufd.allocIoas();
      this.#undo.defer('destroy the IOAS', () => iommufd.destroy(ioasId, 'IOAS'));
      const { id, fd } = iommufd.allocFaultQueue();
      this.#undo.defer('destroy the fault object', () => iommufd.destroy(id, 'fault object'));
      const queue = new HandedQueue(iommufd.kernel, id, fd, shift);
      this.#undo.defer('close the fault descriptor', () => queue.closeFd());
      this.ioasId = ioasId;
      this.queue = queue;
      this.hwpts = new OwnedHwpts(iommufd, ioasId, queue);
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
