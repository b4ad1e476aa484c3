// What the kernel refuses to say of a host is not known, is said to be, and keeps nothing else from being known.
import { isDeepStrictEqual } from 'node:util';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { DeviceInfo } from '../../src/host/device-info.ts';
import { listDevices } from '../../src/host/find.ts';
import { readHostFacts } from '../../src/host/read-device.ts';
import type { Unread } from '../../src/host/reading.ts';
import { Reading } from '../../src/host/reading.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import type { Files } from '../../src/kernel/files.ts';
import { KernelRefusal } from '../../src/kernel/kernel.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { Errno, errnoName } from '../../src/uapi/errno.ts';
import { configSpace, FULL, SmallHost } from './small-host.ts';

/** The same files; `before` is called before each access, and may throw. */
function watched(files: Files, before: (count: number, method: string, path: unknown) => void): Files {
  let count = 0;
  return new Proxy(files, {
    get: (target, method: keyof Files) => {
      return (...args: unknown[]) => {
        before(count++, method, args[0]);
        return Reflect.apply(target[method], target, args);
      };
    },
  });
}

function look(files: Files): { devices: DeviceInfo[]; unread: Unread[] } {
  const facts = readHostFacts(new Reading(files));
  const devices = listDevices(files, facts);
  const unseen = devices.flatMap(({ unseenUses }) => unseenUses.map((what) => ({ what, path: '', why: '' })));
  return { devices, unread: [...facts.reading.unread, ...devices.flatMap(({ unread }) => unread), ...unseen] };
}

const { files } = new Machine();
let accesses = 0;
look(watched(files, () => accesses++));

it('any one access may be refused: that is noted, unless nothing is lost by it', () => {
  const whole = look(files).devices;
  const property = fc.property(
    fc.integer({ min: 0, max: accesses - 1 }),
    fc.constantFrom(Errno.EIO, Errno.EACCES, Errno.EMFILE),
    (which, errno) => {
      const { devices, unread } = look(
        watched(files, (count, method) => {
          if (count === which) throw new KernelRefusal(method, errno);
        }),
      );
      const noted = ({ what, why }: Unread): boolean =>
        why === errnoName(errno) || what.includes(errnoName(errno)) || /who else has it open|does not show/.test(what);
      expect(unread.some(noted) || isDeepStrictEqual(devices, whole)).toBe(true);
    },
  );
  fc.assert(property, { numRuns: 150 });
});

it.each([
  ['the driver of an open VFIO device', /^\/sys\/class\/vfio-dev\/vfio\d+\/device\/driver$/],
  ['our PID namespace', /^\/proc\/self\/ns\/pid$/],
])('%s that is not told is taken for the worst, and that is noted', (_, at) => {
  let refused = 0;
  const { devices, unread } = look(
    watched(files, (_count, method, path) => {
      if (method !== 'readLink' || !at.test(String(path))) return;
      refused++;
      throw new KernelRefusal(method, Errno.EIO);
    }),
  );
  expect(refused).toBeGreaterThan(0);
  expect(
    unread.some(({ what, why }) => `${what} ${why}`.includes('EIO')) || isDeepStrictEqual(devices, look(files).devices),
  ).toBe(true);
});

it('from any moment on there may be nothing at all: what is told of is whole', () => {
  const whole = look(files).devices;
  const property = fc.property(fc.integer({ min: 0, max: accesses - 1 }), (from) => {
    const { devices } = look(
      watched(files, (count, method) => {
        if (count >= from) throw new KernelRefusal(method, Errno.ENOENT);
      }),
    );
    expect(whole).toEqual(expect.arrayContaining(devices));
  });
  fc.assert(property, { numRuns: 50 });
});

it('a device that goes away while it is read is not half there', () => {
  const host = new SmallHost().intel();
  const path = host.device({ driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' });
  host.device({ address: '0000:17:00.1', group: 10, iommu: 'dmar0' });
  host.files.add(`${path}/class`, {
    read: () => {
      host.files.delete(path);
      return '088000\n';
    },
  });
  expect(listDevices(host.files).map(({ address }) => address)).toEqual(['0000:17:00.1']);
});

it('configuration space whose size is not told is taken to be cut where it is short', () => {
  const host = new SmallHost().intel();
  host.device({ group: 9, iommu: 'dmar0', driver: 'vfio-pci', vfio: 'vfio0', config: configSpace(FULL, 64) });
  const refusing = watched(host.files, (_, method, path) => {
    if (method === 'status' && String(path).endsWith('/config')) throw new KernelRefusal(method, Errno.EIO);
  });
  expect(look(refusing).devices).toMatchObject([{ capabilities: null }]);
});

it('any bytes may be in configuration space: a verdict is reached', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 4096, size: 'max' }), (config) => {
    const host = new SmallHost().intel();
    host.device({ group: 9, iommu: 'dmar0', driver: 'vfio-pci', vfio: 'vfio0', config });
    const [device] = listDevices(host.files);
    expect(['ready', 'needs', 'cannot', 'unknown']).toContain(verdictOf(device as DeviceInfo).outcome);
  });
  fc.assert(property, { numRuns: 100 });
});

it('a host of 4,000 devices in large groups is read once, not once for each member', () => {
  const host = new SmallHost().intel();
  let reads = 0;
  const hex = (n: number, digits: number): string => n.toString(16).padStart(digits, '0');
  for (let i = 0; i < 4_000; i++) {
    const address = `0000:${hex(i >> 8, 2)}:${hex((i >> 3) & 31, 2)}.${i & 7}`;
    host.device({ address, group: i >> 7, iommu: 'dmar0', driver: 'nvme' });
  }
  const devices = listDevices(watched(host.files, () => reads++));
  expect(devices).toHaveLength(4_000);
  expect(reads).toBeLessThan(4_000 * 60);
});
