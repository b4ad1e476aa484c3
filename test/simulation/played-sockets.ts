// Unix sockets over the simulated kernel: messages with descriptors, between the engine and those who hand queues over.
import type { Files } from '../../src/kernel/files.ts';
import { type Kernel, KernelRefusal } from '../../src/kernel/kernel.ts';
import type { SimKernel } from '../../src/kernel/sim/sim.ts';
import type { Peer, ReceivedMessage, Sockets } from '../../src/kernel/sockets.ts';
import { wake } from '../../src/kernel/wake.ts';
import { Errno } from '../../src/uapi/errno.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { standIn } from '../helpers/stand-in.ts';

/** Answers that a client has not read, before the socket is full. */
const ROOM = 40;
const MOST_FDS = 16;

/** An open file of theirs: a descriptor of it, and where that leads. */
export interface Handed {
  readonly fd: number;
  readonly link: string;
}

interface Message {
  readonly bytes: Uint8Array;
  readonly fds: Fd[];
}

/** One connection. */
export class Connection {
  readonly pid: number;
  readonly #sockets: PlayedSockets;
  readonly #wakeup: ReturnType<SimKernel['wakeup']>;
  readonly #toUs: Message[] = [];
  /** That they have not read. */
  readonly #answers: string[] = [];
  #theirEnd = true;
  #ourEnd = true;
  /** When we answer, before they read it. */
  onAnswer: (text: string) => void = () => {};

  constructor(sockets: PlayedSockets, pid: number) {
    this.#sockets = sockets;
    this.pid = pid;
    this.#wakeup = sockets.wakeup();
  }

  /** Ours. */
  get fd(): Fd {
    return this.#wakeup.fd;
  }

  /** Neither of the two has closed it. */
  get open(): boolean {
    return this.#theirEnd && this.#ourEnd;
  }

  /** They send. False: we have closed it. */
  send(text: string, handed: readonly Handed[]): boolean {
    if (!this.#ourEnd) return false;
    const fds = handed.slice(0, MOST_FDS).map((one) => this.#sockets.duplicate(one));
    this.#toUs.push({ bytes: new TextEncoder().encode(text), fds });
    wake(this.#wakeup.handle);
    return true;
  }

  /** They read what we have answered. */
  readAnswers(): void {
    this.#answers.length = 0;
  }

  /** They close it. */
  hangUp(): void {
    this.#theirEnd = false;
    if (this.#ourEnd) wake(this.#wakeup.handle);
  }

  receive(into: Uint8Array): ReceivedMessage | number {
    const message = this.#toUs.shift();
    if (this.#toUs.length === 0 && this.#theirEnd) this.#wakeup.clear();
    if (!message) return this.#theirEnd ? -Errno.EAGAIN : { count: 0, fds: [], truncated: false };
    into.set(message.bytes);
    return { count: message.bytes.length, fds: message.fds, truncated: false };
  }

  reply(bytes: Uint8Array): number {
    if (!this.#theirEnd) return -Errno.EPIPE;
    if (this.#answers.length >= ROOM) return -Errno.EAGAIN;
    const text = new TextDecoder().decode(bytes);
    this.#answers.push(text);
    this.onAnswer(text);
    return bytes.length;
  }

  /** We close it: what was under way goes with it. */
  closeOurs(close: (fd: Fd) => void): void {
    this.#ourEnd = false;
    for (const { fds } of this.#toUs.splice(0)) for (const fd of fds) close(fd);
  }
}

export class PlayedSockets implements Sockets {
  readonly #sim: SimKernel;
  readonly #connections = new Map<number, Connection>();
  readonly #backlog: Connection[] = [];
  #listener: ReturnType<SimKernel['wakeup']> | null = null;
  /** The open file behind each descriptor of ours that was duplicated. */
  readonly #duplicates = new Map<number, Handed>();
  /** Before a descriptor of ours is closed that was duplicated. */
  onClose: (fd: number) => void = () => {};

  constructor(sim: SimKernel) {
    this.#sim = sim;
  }

  /** The kernel as the engine has it: with these sockets, and with files and processes as far as they are needed. */
  over(kernel: Kernel): Kernel {
    const files: Partial<Files> = {
      readLink: (path) => {
        const link = this.#duplicates.get(Number(path.slice('/proc/self/fd/'.length)))?.link;
        if (link === undefined) throw new KernelRefusal('readlink', Errno.ENOENT);
        return link;
      },
      // /sys/class/vfio-dev/vfio0/device: it bears the name of the VFIO device.
      realPath: (path) => path.replace(/\/device$/, ''),
      status: (path) => {
        if (path !== '/run') throw new KernelRefusal('stat', Errno.ENOENT);
        return { kind: 'directory', mode: 0o700, uid: process.geteuid?.() ?? 0, gid: 0, size: 0, rdev: null };
      },
      // /sys/class/vfio-dev/vfio0/device/iommu_group/devices: it is alone.
      list: (path) => [path],
      remove: () => {},
    };
    const fileOf = (fd: number): unknown => this.#duplicates.get(fd) ?? fd;
    const processes = { compareFiles: (a: Fd, b: Fd) => (fileOf(a) === fileOf(b) ? 0 : 1), closeOnExec: () => 0 };
    const close = (fd: number): number => this.#close(kernel, fd);
    return standIn(kernel, { sockets: this, files, processes, close });
  }

  /** Is a descriptor of it open on our side, or under way to it? */
  has(handed: Handed): boolean {
    return [...this.#duplicates.values()].includes(handed);
  }

  #close(kernel: Kernel, fd: number): number {
    this.onClose(fd);
    this.#duplicates.delete(fd);
    const close = (other: number): void => void this.#close(kernel, other);
    this.#connections.get(fd)?.closeOurs(close);
    this.#connections.delete(fd);
    if (fd === this.#listener?.fd) {
      this.#listener = null;
      for (const { fd: waiting } of this.#backlog.splice(0)) close(waiting);
    }
    return kernel.close(fd);
  }

  /** What the descriptor of ours is a duplicate of. */
  behind(fd: number): Handed | undefined {
    return this.#duplicates.get(fd);
  }

  wakeup(): ReturnType<SimKernel['wakeup']> {
    return this.#sim.wakeup();
  }

  duplicate(handed: Handed): Fd {
    const copy = this.#sim.dup(handed.fd) as Fd;
    this.#duplicates.set(copy, handed);
    return copy;
  }

  /** Somebody connects; null: nobody listens. */
  join(pid: number): Connection | null {
    if (!this.#listener) return null;
    const connection = new Connection(this, pid);
    this.#connections.set(connection.fd, connection);
    this.#backlog.push(connection);
    wake(this.#listener.handle);
    return connection;
  }

  listen(): number {
    this.#listener = this.wakeup();
    return this.#listener.fd;
  }

  connect(): number {
    return -Errno.ECONNREFUSED;
  }

  accept(): number {
    const next = this.#backlog.shift();
    if (this.#backlog.length === 0) this.#listener?.clear();
    return next?.fd ?? -Errno.EAGAIN;
  }

  peer(fd: Fd): Peer {
    return { pid: this.#connections.get(fd)?.pid ?? 0, uid: process.geteuid?.() ?? 0, gid: 0 };
  }

  receive(fd: Fd, bytes: Uint8Array): ReceivedMessage | number {
    return this.#connections.get(fd)?.receive(bytes) ?? -Errno.EBADF;
  }

  send(fd: Fd, bytes: Uint8Array): number {
    return this.#connections.get(fd)?.reply(bytes) ?? -Errno.EBADF;
  }
}
