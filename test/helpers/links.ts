import type { Kernel } from '../../src/kernel/kernel.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { standIn } from './stand-in.ts';

const OPEN = '/proc/self/fd/';

export interface Linked {
  readonly kernel: Kernel;
  /** Another descriptor for the same file, as one that was inherited; `link`: where it leads. */
  another(fd: number, link: string): Fd;
}

/** A kernel whose /proc/self/fd says where those descriptors lead. The simulated one does not know; the real one says it itself. */
export function withLinks(kernel: Kernel): Linked {
  const links = new Map<string, string>();
  const readLink = (path: string): string => links.get(path) ?? kernel.files.readLink(path);
  return {
    kernel: kernel.name === 'linux' ? kernel : standIn(kernel, { files: standIn(kernel.files, { readLink }) }),
    another: (fd, link) => {
      const copy = kernel.dup(fd);
      if (copy < 0) throw new Error(`dup: errno ${-copy}`);
      links.set(`${OPEN}${copy}`, link);
      return copy as Fd;
    },
  };
}
