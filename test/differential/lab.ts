// The two kernels of a differential run, or why there is no real one.
import { existsSync, readFileSync } from 'node:fs';
import { Errno } from '../../src/uapi/errno.ts';
import { IOMMU_TEST_CMD } from '../../src/uapi/ioctl.ts';
import type { Player } from './call.ts';
import { player } from './play.ts';

export type Lab = { readonly players: readonly [linux: Player, sim: Player] } | { readonly missing: string };

const COMMAND = '`npm run test:kernel` runs it in the lab';

/** Both kernels where this machine's has the selftest driver; else what is missing. */
export async function lab(): Promise<Lab> {
  if (!existsSync('/dev/iommu')) return { missing: `no /dev/iommu here; ${COMMAND}` };
  const { LinuxKernel } = await import('../../src/kernel/linux/linux.ts');
  const { SimKernel } = await import('../../src/kernel/sim/sim.ts');
  const linux = new LinuxKernel();
  const fd = linux.open('/dev/iommu', 2);
  if (fd < 0) return { missing: `/dev/iommu does not open (errno ${-fd}); ${COMMAND}` };
  const r = linux.ioctl(fd, IOMMU_TEST_CMD.nr, IOMMU_TEST_CMD.arg.encode({ op: 0 }));
  linux.close(fd);
  if (r !== -Errno.EOPNOTSUPP) return { missing: `this kernel has no CONFIG_IOMMUFD_TEST; ${COMMAND}` };
  return { players: [player(linux), player(new SimKernel())] };
}

/** What the kernel has found wrong with itself: not 0 after a WARN or an oops. */
export const taint = (): string => readFileSync('/proc/sys/kernel/tainted', 'utf8').trim();
