import { describe, expect, it } from 'vitest';
import { IommufdError } from '../../src/iommufd/error.ts';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { MockDevice } from '../../src/iommufd/mock-device.ts';
import { Teardown } from '../../src/iommufd/teardown.ts';
import { SimKernel, type SimOptions } from '../../src/kernel/sim/sim.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { errnoMeaning, errnoMeanings } from '../../src/uapi/errno-meaning.ts';
import type { DevId, FaultId, IoasId } from '../../src/uapi/ids.ts';
import { ioctls } from '../../src/uapi/ioctl.ts';

const failure = (run: () => unknown): IommufdError => {
  try {
    run();
  } catch (error) {
    if (error instanceof IommufdError) return error;
    throw error;
  }
  throw new Error('it did not fail');
};

/** Opens, and makes an IOAS, a device and a fault queue, on a kernel that lacks something. */
function use(options: SimOptions) {
  const iommufd = Iommufd.open(new SimKernel(options));
  const ioasId = iommufd.allocIoas();
  const device = MockDevice.create(iommufd, ioasId, true);
  const queue = iommufd.allocFaultQueue();
  return {
    iommufd,
    ioasId,
    device,
    queue,
    hwpt: iommufd.allocPagingHwpt({ devId: device.devId, ioasId, faultId: queue.id }),
  };
}

describe('IommufdError says what was tried, what the kernel said, and what to do', () => {
  it.each<[string, SimOptions, RegExp, RegExp]>([
    ['no iommufd', { absent: true }, /^open \/dev\/iommu: ENOENT, the kernel has no iommufd$/, /CONFIG_IOMMUFD/],
    ['no permission', { noPermission: true }, /^open \/dev\/iommu: EACCES, no permission$/, /run as root/],
    [
      'no selftest',
      { noSelftest: true },
      /^IOMMU_TEST_CMD: ENOTTY, the kernel has no selftest devices$/,
      /npm run lab/,
    ],
    [
      'no fault queues',
      { noFaultQueue: true },
      /^IOMMU_FAULT_QUEUE_ALLOC: ENOTTY, the kernel has no fault queues$/,
      /6\.11/,
    ],
    [
      '6.12',
      { noPagingFault: true },
      /^IOMMU_HWPT_ALLOC \(paging HWPT for device 3, fault object 5\): EOPNOTSUPP/,
      /6\.13/,
    ],
  ])('%s', (_, options, message, hint) => {
    const error = failure(() => use(options));
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('over the memlock limit', () => {
    const { iommufd, ioasId } = use({ memlock: 8_192 });
    const memory = iommufd.kernel.memory(65_536);
    const error = failure(() => iommufd.map(ioasId, memory, 0x100_0000n, 65_536));
    expect([error.errnoName, error.hint]).toEqual(['ENOMEM', 'raise it with `ulimit -l unlimited`, or run as root']);
  });

  it('an id that is none, an object that is in use', () => {
    const { iommufd, ioasId, queue } = use({});
    expect(failure(() => iommufd.allocPagingHwpt({ devId: 99 as DevId, ioasId })).errno).toBe(Errno.ENOENT);
    const bad = { devId: 3 as DevId, ioasId, faultId: 99 as FaultId };
    expect(failure(() => iommufd.allocPagingHwpt(bad)).message).toMatch(/fault object 99\): ENOENT/);
    expect(failure(() => iommufd.destroy(queue.id, 'fault object')).message).toBe(
      'IOMMU_DESTROY (fault object 5): EBUSY, the object is in use',
    );
    expect(failure(() => iommufd.destroy(77 as IoasId)).message).toMatch(/ENOENT, no such object/);
  });
});

describe('errno meanings', () => {
  it('every ioctl has some', () => {
    for (const { name } of ioctls) expect(errnoMeanings[name], name).toBeDefined();
  });

  it('an errno that nobody foresaw is named all the same', () => {
    expect(errnoMeaning('IOMMU_DESTROY', Errno.EIO).meaning).toBe('the kernel gives no reason');
    expect(new IommufdError('IOMMU_DESTROY', 999, '').message).toBe(
      'IOMMU_DESTROY: errno 999, the kernel gives no reason',
    );
  });
});

describe('Teardown', () => {
  it('undoes the last first, goes on when a step fails, and says which', () => {
    const done: string[] = [];
    const teardown = new Teardown();
    teardown.defer('a', () => done.push('a'));
    teardown.defer('b', () => {
      throw new Error('b failed');
    });
    const now = teardown.defer('c', () => done.push('c'));
    teardown.defer('d', () => done.push('d'));
    now();
    now();
    expect(teardown.run().map((e) => e.message)).toEqual(['b failed']);
    expect(done).toEqual(['c', 'd', 'a']);
    expect(teardown.run()).toEqual([]);
  });
});
