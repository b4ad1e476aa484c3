// Opens the source over queues that other processes opened.

import type { Kernel } from '../../kernel/kernel.ts';
import { joinLines } from '../../text/one-line.ts';
import type { DevId, Fd } from '../../uapi/ids.ts';
import { linuxKernel } from '../linux-kernel.ts';
import type { Given } from '../listen/given.ts';
import type { HandedOptions } from '../options.ts';
import type { FaultSource } from '../source.ts';
import { checkDescriptor } from './descriptor.ts';
import { HandedSource } from './handed-source.ts';

/** Throws Refusal and IommufdError. The descriptors are checked before anything is read from them. */
export async function openHanded(options: HandedOptions): Promise<FaultSource> {
  return openHandedOn(await linuxKernel(), options);
}

export function openHandedOn(kernel: Kernel, { faultFds, iommufd, deviceFds, listen }: HandedOptions): FaultSource {
  const source = new HandedSource(kernel, labelOf(faultFds.length > 0, listen));
  if (faultFds.length > 0) {
    const given: Given = {
      queues: faultFds.map((fd) => ({ fd: fd as Fd, faultId: null, what: `--fault-fd ${fd}` })),
      iommufd: iommufd === null ? null : { fd: iommufd as Fd, what: `--iommufd ${iommufd}` },
      devices: deviceFds.map(({ fd, devId }) => ({
        fd: fd as Fd,
        devId: devId as DevId | null,
        name: null,
        hwptId: null,
        ioasId: null,
        what: `--device-fd ${fd}${devId === null ? '' : `:${devId}`}`,
      })),
    };
    source.take(source.openContext(null), { ...given, queues: distinct(kernel, source, given.queues) });
    for (const fd of new Set([...faultFds, iommufd, ...deviceFds.map(({ fd }) => fd)])) {
      if (fd !== null) kernel.processes?.closeOnExec(fd as Fd);
    }
  }
  if (listen !== null) source.listen(listen);
  return source;
}

/** A queue that is open as two descriptors is one queue. */
function distinct(kernel: Kernel, source: HandedSource, queues: Given['queues']): Given['queues'] {
  const kept: Given['queues'][number][] = [];
  for (const queue of queues) {
    checkDescriptor(kernel.files, queue.fd, 'fault queue', queue.what);
    const same = kept.find(({ fd }) => fd === queue.fd || source.isSame(fd, queue.fd));
    if (!same) kept.push(queue);
    else if (same.fd !== queue.fd) kernel.close(queue.fd);
  }
  return kept;
}

const labelOf = (inherited: boolean, listen: string | null): string =>
  joinLines(
    [inherited ? 'handed over' : '', listen === null ? '' : `listens at ${listen}`]
      .filter((part) => part !== '')
      .join(', '),
  );
