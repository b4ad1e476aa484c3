import { type Kernel, Poll, type PollFd } from '../kernel/kernel.ts';
import { Errno } from '../uapi/errno.ts';
import type { FaultId, Fd } from '../uapi/ids.ts';
import { iommuHwptPageResponse, iommuHwptPgfault, PageResponse } from '../uapi/iommufd.ts';
import { check, ImpossibleResult } from './error.ts';

export const RECORD_BYTES = iommuHwptPgfault.size;
export const RESPONSE_BYTES = iommuHwptPageResponse.size;

/** A group has at most 2,048 records on Intel (outstanding page requests of a device): this always holds one. */
export const READ_BYTES = 2_048 * RECORD_BYTES;

const CLOSED = -1 as Fd;

/** A fault object and its descriptor. The id is 0 for one that another process made: it cannot be queried. */
export class FaultQueue {
  readonly #kernel: Kernel;
  readonly id: FaultId;
  #fd: Fd;

  constructor(kernel: Kernel, id: FaultId, fd: Fd) {
    this.#kernel = kernel;
    this.id = id;
    this.#fd = fd;
  }

  /** -1 once it is closed: poll(2) skips it. */
  get fd(): Fd {
    return this.#fd;
  }

  get #name(): string {
    return `fault object ${this.id}`;
  }

  get closed(): boolean {
    return this.#fd === CLOSED;
  }

  /**
   * Whole groups, as many as fit `bytes` (a multiple of 40, at least READ_BYTES); never blocks. Returns the bytes read,
   * 0 when the queue is empty, which is not an end of file (iommufd_fault_fops_read). Throws IommufdError, EINVAL if
   * the first group does not fit (Linux 6.11 returns 0), and ImpossibleResult.
   */
  read(bytes: Uint8Array): number {
    if (this.closed) return 0;
    const read = check('read fault queue', this.#name, this.#kernel.read(this.fd, bytes));
    if (read > bytes.byteLength || read % RECORD_BYTES !== 0) {
      throw new ImpossibleResult('read fault queue', this.#name, `${read} bytes for a buffer of ${bytes.byteLength}`);
    }
    return read;
  }

  /**
   * Answers the first `count` responses of `bytes`. Returns how many were taken: fewer where one was refused, whose
   * cookie the kernel no longer knows (iommufd_fault_fops_write). Returns 0 when that is the first. Throws IommufdError
   * and ImpossibleResult; none was taken then.
   */
  respond(bytes: Uint8Array, count: number): number {
    if (count === 0 || this.closed) return 0;
    const done = this.#kernel.write(this.fd, bytes, count * RESPONSE_BYTES);
    if (done === -Errno.EINVAL) return 0;
    const taken = check('write page response', this.#name, done) / RESPONSE_BYTES;
    if (taken < 1 || taken > count || !Number.isInteger(taken)) {
      throw new ImpossibleResult('write page response', this.#name, `${done} for ${count * RESPONSE_BYTES} bytes`);
    }
    return taken;
  }

  /** Whether groups wait in it (iommufd_eventq_fops_poll). */
  readable(): boolean {
    if (this.closed) return false;
    const fds: PollFd[] = [{ fd: this.fd, events: Poll.IN, revents: 0 }];
    return this.#kernel.poll(fds, 0) > 0 && (fds[0]!.revents & Poll.IN) !== 0;
  }

  /** Reads all that waits and answers it INVALID. */
  invalidateAll(): void {
    const bytes = new Uint8Array(READ_BYTES);
    for (let read = this.read(bytes); read > 0; read = this.read(bytes)) {
      const cookies = new Set<number>();
      for (let at = 0; at < read; at += RECORD_BYTES) cookies.add(iommuHwptPgfault.decode(bytes, at).cookie);
      for (const cookie of cookies) {
        this.respond(iommuHwptPageResponse.encode({ cookie, code: PageResponse.INVALID }), 1);
      }
    }
  }

  /** Closes the descriptor; it cannot be opened again. Destroy the fault object after it. */
  closeFd(): void {
    if (this.closed) return;
    const fd = this.#fd;
    this.#fd = CLOSED;
    check('close', this.#name, this.#kernel.close(fd));
  }
}
