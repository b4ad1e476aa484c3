// The real kernel's sockets and descriptors, with files that stand for what needs an iommufd: /dev/zero is a fault queue here,
// /dev/full an iommufd and /dev/random a VFIO device.
import { openSync, readdirSync, readlinkSync } from 'node:fs';

import type { Kernel } from '../../../src/kernel/kernel.ts';
import { LinuxKernel } from '../../../src/kernel/linux/linux.ts';
import type { Sockets } from '../../../src/kernel/sockets.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { Fd } from '../../../src/uapi/ids.ts';
import { standIn } from '../../helpers/stand-in.ts';

const STANDS_FOR: Record<string, string> = {
  '/dev/zero': 'anon_inode:[iommufd-pgfault]',
  '/dev/full': '/dev/iommu',
  '/dev/random': '/dev/vfio/devices/vfio0',
};

export const QUEUE = '/dev/zero';
export const IOMMUFD = '/dev/full';
export const DEVICE = '/dev/random';

export interface Pretend {
  readonly kernel: Kernel;
  readonly sockets: Sockets;
}

/** `peer`: who is said to have connected. */
export function pretend(peer: { uid: number } | null = null): Pretend {
  const real = new LinuxKernel();
  const readLink = (path: string): string => {
    const link = real.files.readLink(path);
    return STANDS_FOR[link] ?? link;
  };
  const files = standIn(real.files, { readLink });
  const withPeer = (fd: Fd) => ({ ...real.sockets.peer(fd), ...peer });
  const sockets = standIn(real.sockets, peer ? { peer: withPeer } : {});
  return { kernel: standIn<Kernel>(real, { files, sockets } as never), sockets };
}

/** What is open in this process, by where it leads; the directory that is read for it left out. */
export const openFiles = (): string[] =>
  readdirSync('/proc/self/fd')
    .flatMap((fd) => {
      try {
        return [readlinkSync(`/proc/self/fd/${fd}`)];
      } catch {
        return [];
      }
    })
    .sort();

export const openFile = (path: string): number => openSync(path, 'r');

/** A client of the socket. */
export class Client {
  readonly fd: Fd;
  readonly #kernel: Kernel;
  readonly #sockets: Sockets;
  readonly #bytes = new Uint8Array(65_536);

  constructor({ kernel, sockets }: Pretend, path: string) {
    this.#kernel = kernel;
    this.#sockets = sockets;
    this.fd = sockets.connect(path) as Fd;
    if (this.fd < 0) throw new Error(`connect: errno ${-this.fd}`);
  }

  /** Opens the files, sends them along and closes them. */
  send(message: unknown, paths: readonly string[] = []): number {
    const fds = paths.map(openFile);
    const text = typeof message === 'string' ? message : JSON.stringify(message);
    const sent = this.#sockets.send(this.fd, new TextEncoder().encode(text), fds);
    for (const fd of fds) this.#kernel.close(fd);
    return sent;
  }

  /** The next answer; null: none has come; 'closed'. */
  // biome-ignore lint/suspicious/noExplicitAny: what an answer holds is what the test is about
  answer(): any {
    const message = this.#sockets.receive(this.fd, this.#bytes);
    if (message === -Errno.EAGAIN) return null;
    if (typeof message === 'number') return 'closed';
    return message.count === 0
      ? 'closed'
      : JSON.parse(new TextDecoder().decode(this.#bytes.subarray(0, message.count)));
  }

  close(): void {
    this.#kernel.close(this.fd);
  }
}
