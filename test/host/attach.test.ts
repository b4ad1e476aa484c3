// What the verdicts say, and what the drivers of the simulated IOMMUs do with a fault object.
import { expect, it } from 'vitest';
import { listDevices } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { IommufdError } from '../../src/iommufd/error.ts';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';

/** Binds the device and attaches it to an HWPT with a fault object: the errno, or null. */
function attach(path: string): number | null {
  const iommufd = Iommufd.open(new SimKernel({ machine: new Machine() }));
  try {
    const device = VfioDevice.open(iommufd, path);
    const ioasId = iommufd.allocIoas();
    const { id } = iommufd.allocPagingHwpt({ devId: device.devId, ioasId, faultId: iommufd.allocFaultQueue().id });
    device.attach(null, id);
    return null;
  } catch (error) {
    if (error instanceof IommufdError) return error.errno;
    throw error;
  }
}

const bound = listDevices(new Machine().files).flatMap((device) => {
  const { outcome, findings } = verdictOf(device);
  return device.vfio?.path ? [{ address: device.address, path: device.vfio.path, outcome, id: findings[0]?.id }] : [];
});

/** These attach all the same, and nothing ever comes: amd_iommu takes every domain, arm_smmu_enable_iopf() says nothing. */
const SILENT: readonly (string | undefined)[] = ['amd', 'no-stall'];

it.each(bound)('$address: $outcome $id', ({ path, outcome, id }) => {
  const refused = attach(path) !== null;
  expect(refused).toBe(outcome !== 'ready' && !SILENT.includes(id));
});

it('has devices of each outcome that can be bound', () => {
  expect(new Set(bound.map(({ outcome }) => outcome))).toEqual(new Set(['ready', 'needs', 'cannot']));
});
