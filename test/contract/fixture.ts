// vitest's test with a fresh context, and the arrangement that most tests start from: a device whose faults are delivered.
import { test as base } from 'vitest';
import { HwptAllocFlag } from '../../src/uapi/iommufd.ts';
import { MockDeviceFlag } from '../../src/uapi/selftest.ts';
import { Context, type MockDevice } from './context.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

export { IDLE, INVALID, READY, RECORD, SUCCESS } from './context.ts';

/** A mock device attached to an HWPT with a fault object. */
export interface Delivering extends MockDevice {
  readonly ioas: number;
  readonly fault: number;
  readonly fd: number;
  readonly hwpt: number;
}

export const test = base.extend<{ context: Context }>({
  // biome-ignore lint/correctness/noEmptyPattern: vitest reads the fixtures that one depends on from this pattern
  context: async ({}, use) => {
    const context = new Context(await kernelUnderTest());
    await use(context);
    context.end();
  },
});

/** A device (with PASIDs if asked) attached to a paging HWPT with a fault object. */
export function paging(context: Context, pasid = false): Delivering {
  const ioas = context.ioas();
  const device = context.mock(ioas, pasid ? MockDeviceFlag.PASID : 0);
  const { id: fault, fd } = context.fault();
  const flags = pasid ? HwptAllocFlag.PASID : 0;
  const hwpt = context.hwpt({ dev: device.idev, pt: ioas, fault, flags });
  if (context.replace(device.stdev, hwpt) !== 0) throw new Error('the device would not be attached');
  return { ...device, ioas, fault, fd, hwpt };
}

/** A device attached to a nested HWPT with a fault object. */
export function nested(context: Context, pasid = false): Delivering & { readonly parent: number } {
  const ioas = context.ioas();
  const device = context.mock(ioas, pasid ? MockDeviceFlag.PASID : 0);
  const { id: fault, fd } = context.fault();
  const flags = pasid ? HwptAllocFlag.PASID : 0;
  const parent = context.hwpt({ dev: device.idev, pt: ioas, flags: flags | HwptAllocFlag.NEST_PARENT });
  const hwpt = context.hwpt({ dev: device.idev, pt: parent, fault, flags, nested: true });
  if (context.replace(device.stdev, hwpt) !== 0) throw new Error('the device would not be attached');
  return { ...device, ioas, fault, fd, hwpt, parent };
}
