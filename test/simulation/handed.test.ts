// The simulation over queues that others hand over. A twentieth of the seeds of a run is played here.
import { expect, test } from 'vitest';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { VFIO_DEVICE_ATTACH_IOMMUFD_PT } from '../../src/uapi/ioctl.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { standIn } from '../helpers/stand-in.ts';
import { simulateHanded } from './handed-life.ts';
import { playSeeds, seedsOf } from './seeds.ts';

const STEPS = 200;
const seeds = seedsOf({ steps: STEPS, share: 20 });

test('queues that others hand over, take back and leave behind', { timeout: 24 * 3_600_000 }, async () => {
  const of = await playSeeds(seeds, 'handed', simulateHanded);
  tellFigure({
    topic: 'The whole program, simulated',
    what: 'over queues that three other processes hand over',
    value: `${thousands(seeds.count)} seeds, ${of('handed')} queues handed over, ${of('groups')} groups; each given back settled, every device heard its answers`,
    repeat: 'npm run simulate -- --of handed --seeds 500',
  });
});

test('the same seed is the same run', async () => {
  expect(await simulateHanded(7, STEPS)).toEqual(await simulateHanded(7, STEPS));
});

const isQueue = (kernel: Kernel, fd: number): boolean => {
  try {
    return kernel.files.readLink(`/proc/self/fd/${fd}`) === 'anon_inode:[iommufd-pgfault]';
  } catch {
    return false;
  }
};

test.each<[string, (kernel: Kernel) => Partial<Kernel>, RegExp]>([
  [
    'an answer that is lost',
    (kernel) => ({
      write: (fd, bytes, count) => (isQueue(kernel, fd) ? bytes.byteLength : kernel.write(fd, bytes, count)),
    }),
    /counted, \d+ given|read and not answered/,
  ],
  [
    'what is read and forgotten',
    (kernel) => ({
      read: (fd, bytes, count) => {
        const read = kernel.read(fd, bytes, count);
        return isQueue(kernel, fd) ? 0 : read;
      },
    }),
    /0 faults counted|0 groups counted/,
  ],
  [
    'a queue that is given back in words only',
    (kernel) => ({ close: (fd) => (isQueue(kernel, fd) ? 0 : kernel.close(fd)) }),
    /given back and is still open|descriptors are left open|the object is in use/,
  ],
  [
    'a device that is not attached again',
    (kernel) => {
      let calls = 0;
      const skips = (request: number): boolean => request === VFIO_DEVICE_ATTACH_IOMMUFD_PT.nr && ++calls % 2 === 0;
      return { ioctl: (fd, request, arg) => (skips(request) ? 0 : kernel.ioctl(fd, request, arg)) };
    },
    /does not deliver to it any more|once we had gone|not pending|never answered/,
  ],
])('%s is found', async (_, parts, says) => {
  let said: string | null = null;
  for (let seed = 1; seed <= 200 && said === null; seed++)
    said = (await simulateHanded(seed, STEPS, (kernel) => standIn(kernel, parts(kernel)))).broken;
  expect(said).toMatch(says);
});
