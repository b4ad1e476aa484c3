// A start on a VFIO device in which the kernel's nth allocation fails (CONFIG_FAILSLAB, /proc/thread-self/fail-nth), or what else
// of a selftest kernel asks whether to fail (iommufd_should_fail: lookups with ENOENT, user memory with EFAULT).

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IommufdError } from '../../src/iommufd/error.ts';
import type { HostOptions } from '../../src/sources/options.ts';
import { Refusal } from '../../src/text/refusal.ts';
import { tellFigure } from '../helpers/figures.ts';
import { openOn } from '../sources/vfio/host-fixture.ts';
import { descriptors, letAllocationsFail, ShortOfMemory } from './fail-nth.ts';

describe('a start whose nth allocation in the kernel fails', () => {
  let putBack: () => void;
  let kernel: ShortOfMemory;

  beforeAll(() => {
    putBack = letAllocationsFail();
    kernel = new ShortOfMemory();
  });

  afterAll(() => {
    kernel.end();
    putBack();
  });

  it.each<[string, Partial<HostOptions>]>([
    ['paging', { pasids: [1], ranges: [{ iova: 0x1000_0000n, length: 0x2000n }] }],
    ['nested', { hwpt: 'nested' }],
  ])(
    '%s: it says what failed, or works, and nothing is left that keeps the next one from getting further',
    (name, more) => {
      const options = { devices: ['vfio1'], ...more };
      openOn(kernel, options).close();
      const open = descriptors();
      const said = new Set<string>();
      let nth = 1;
      for (; ; nth++) {
        kernel.left = nth;
        try {
          const source = openOn(kernel, options);
          const unused = kernel.left;
          kernel.left = 0;
          expect([nth, source.close()]).toEqual([nth, []]);
          if (unused > 0) break;
        } catch (error) {
          kernel.left = 0;
          if (error instanceof IommufdError) said.add(`${error.operation}: ${error.errnoName}`);
          else expect(error, `allocation ${nth}`).toBeInstanceOf(Refusal);
        }
        expect([nth, descriptors()]).toEqual([nth, open]);
      }
      expect(nth).toBeGreaterThan(20);
      tellFigure({
        topic: 'Allocation failures',
        what: `start on a VFIO device, ${name}`,
        value: `each of ${nth - 1} allocations failed once; nothing was left`,
        repeat: 'npm run test:kernel -- test/lab-kernel/no-memory',
      });
      const calls = [
        'open /dev/iommu',
        'IOMMU_IOAS_ALLOC',
        'IOMMU_FAULT_QUEUE_ALLOC',
        'open VFIO device',
        'VFIO_DEVICE_BIND_IOMMUFD',
        'IOMMU_HWPT_ALLOC',
        'VFIO_DEVICE_ATTACH_IOMMUFD_PT',
      ];
      expect([...said]).toEqual(expect.arrayContaining(calls.map((call) => `${call}: ENOMEM`)));
    },
  );
});
