// The handover socket: who may connect, and the leases of those who have.

import { type Kernel, KernelRefusal } from '../../kernel/kernel.ts';
import type { Sockets } from '../../kernel/sockets.ts';
import { Errno, errnoName } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';
import type { SourceAction } from '../source.ts';
import { Lease, type Lessor } from './lease.ts';
import { openSocket } from './socket-path.ts';

const MOST_CLIENTS = 32;
const ROOT = 0;
/** Without free descriptors the socket stays readable, but accept fails. */
const PAUSE_NS = 1_000_000_000n;

export class Listener {
  readonly #kernel: Kernel;
  readonly #sockets: Sockets;
  readonly #lessor: Lessor;
  readonly #path: string;
  readonly #fd: Fd;
  #leases: Lease[] = [];
  #pausedUntilNs: bigint | null = null;

  /** Throws Refusal and IommufdError. */
  constructor(kernel: Kernel, path: string, lessor: Lessor) {
    this.#fd = openSocket(kernel, path);
    this.#sockets = kernel.sockets as Sockets;
    this.#kernel = kernel;
    this.#path = path;
    this.#lessor = lessor;
  }

  get watches(): Fd[] {
    const clients = this.#leases.map(({ fd }) => fd);
    return this.#pausedUntilNs === null ? [this.#fd, ...clients] : clients;
  }

  nextDueNs(): bigint | null {
    return this.#pausedUntilNs;
  }

  tick(nowNs: bigint): SourceAction[] {
    if (this.#pausedUntilNs !== null && nowNs >= this.#pausedUntilNs) this.#pausedUntilNs = null;
    const actions = this.#pausedUntilNs === null ? this.#acceptAll(nowNs) : [];
    for (const lease of this.#leases) actions.push(...lease.receive());
    const over = this.#leases.filter(({ ended }) => ended !== null);
    if (over.length === 0) return actions;
    this.#leases = this.#leases.filter((lease) => !over.includes(lease));
    return [...actions, ...over.flatMap((lease) => lease.leave())];
  }

  #acceptAll(nowNs: bigint): SourceAction[] {
    for (;;) {
      const fd = this.#sockets.accept(this.#fd);
      if (fd === -Errno.EAGAIN) return [];
      // The client that was waiting has gone.
      if (fd === -Errno.ECONNABORTED || fd === -Errno.EINTR) continue;
      if (fd < 0) {
        this.#pausedUntilNs = nowNs + PAUSE_NS;
        const text = `cannot accept a waiting connection: ${errnoName(-fd)}; raise \`ulimit -n\``;
        return [{ action: 'notice', what: 'disconnected', text }];
      }
      this.#admit(fd as Fd);
    }
  }

  #admit(fd: Fd): void {
    let lease: Lease;
    try {
      const peer = this.#sockets.peer(fd);
      lease = new Lease(this.#kernel, this.#sockets, this.#lessor, fd, peer);
      const uid = process.geteuid?.();
      if (peer.uid !== uid && peer.uid !== ROOT) {
        lease.refuse(
          `uid ${peer.uid} is neither the user of this iopftop (${uid}) nor root`,
          'run the client as that user',
        );
      } else if (this.#leases.length >= MOST_CLIENTS) {
        lease.refuse(`there are already ${MOST_CLIENTS} connections`, 'close one of them');
      }
    } catch (error) {
      this.#kernel.close(fd);
      if (error instanceof KernelRefusal) return;
      throw error;
    }
    this.#leases.push(lease);
  }

  /** Replies to the client that asked for it. */
  closed(queue: number): void {
    for (const lease of this.#leases) lease.closed(queue);
  }

  /** All that they had handed over is settled: close their connections. */
  close(): void {
    for (const lease of this.#leases.splice(0)) lease.leave();
    this.#kernel.close(this.#fd);
    try {
      this.#kernel.files.remove(this.#path);
    } catch (error) {
      // It was already removed.
      if (!(error instanceof KernelRefusal)) throw error;
    }
  }
}
