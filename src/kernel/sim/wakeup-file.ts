// The wake-up of a poller: where linux has an eventfd, a cell that another thread can set (see wake.ts).
import { Errno } from '../../uapi/errno.ts';
import { Poll } from '../kernel.ts';
import type { FileOps } from './files.ts';

const COUNTER_BYTES = 8;

export class WakeupFile implements FileOps {
  readonly kind = 'wakeup';
  readonly path = 'anon_inode:[eventfd]';
  readonly seekable = false;
  readonly buffer = new SharedArrayBuffer(4);
  /** Word 0: 0 idle, 1 woken. */
  readonly cell = new Int32Array(this.buffer);

  get woken(): boolean {
    return Atomics.load(this.cell, 0) !== 0;
  }

  clear(): void {
    Atomics.store(this.cell, 0, 0);
  }

  /** eventfd_read() */
  read(bytes: Uint8Array, count: number): number {
    if (count < COUNTER_BYTES) return -Errno.EINVAL;
    if (!this.woken) return -Errno.EAGAIN;
    this.clear();
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(0, 1n, true);
    return COUNTER_BYTES;
  }

  /** eventfd_write() */
  write(_bytes: Uint8Array, count: number): number {
    if (count < COUNTER_BYTES) return -Errno.EINVAL;
    Atomics.store(this.cell, 0, 1);
    return COUNTER_BYTES;
  }

  /** eventfd_poll() */
  poll(): number {
    return this.woken ? Poll.IN | Poll.OUT : Poll.OUT;
  }

  release(): void {}
}
