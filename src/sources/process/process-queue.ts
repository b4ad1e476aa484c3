// A fault queue among the descriptors of another process, and what has been observed about it so far.
import type { OwnerQueueRow } from '../../protocol/messages.ts';
import type { Fd } from '../../uapi/ids.ts';

export class ProcessQueue {
  /** Its numbers in the owner's table, rising. */
  fds: number[];
  /** Our index and descriptor of it; null: it is not taken over. */
  taken: { readonly queue: number; readonly fd: Fd } | null = null;
  #readable: boolean | null = null;
  #readableSince: bigint | null = null;
  #looks = 0;
  #readableLooks = 0;

  constructor(fds: number[]) {
    this.fds = fds;
  }

  /** The result of a check; null: it could not be checked. */
  looked(readable: boolean | null, nowNs: bigint): void {
    this.#readable = readable;
    if (readable === null) return;
    this.#looks++;
    if (readable) this.#readableLooks++;
    this.#readableSince = readable ? (this.#readableSince ?? nowNs) : null;
  }

  /** Only its owner reads it from now on: earlier observations no longer count. */
  released(): void {
    this.taken = null;
    this.#readableSince = null;
    this.#looks = 0;
    this.#readableLooks = 0;
  }

  row(nowNs: bigint): OwnerQueueRow {
    const [fd = -1, ...others] = this.fds;
    return {
      fd,
      others,
      readable: this.#readable,
      readableNs: this.#readableSince === null ? null : Number(nowNs - this.#readableSince),
      looks: this.#looks,
      readableLooks: this.#readableLooks,
      queue: this.taken?.queue ?? null,
    };
  }
}
