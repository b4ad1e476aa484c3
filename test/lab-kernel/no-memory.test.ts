// A start on a VFIO device in which the kernel's nth allocation fails (CONFIG_FAILSLAB, /proc/thread-self/fail-nth), or what else
// of a selftest kernel asks whether to fail (iommufd_should_fail: lookups with ENOENT, user memory with EFAULT).
import { execFileSync } from 'node:child_process';
import { closeSync, existsSync, openSync, readdirSync, readSync, writeFileSync, writeSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { IommufdError } from '../../src/iommufd/error.ts';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import type { HostOptions } from '../../src/targets/options.ts';
import { TargetRefusal } from '../../src/targets/target.ts';
import { openOn } from '../targets/host-fixture.ts';

const DEBUG = '/sys/kernel/debug';
const FAILSLAB = `${DEBUG}/failslab`;

/** The running kernel, whose nth allocation (from 1) within our own opens and ioctls fails. */
class ShortOfMemory extends LinuxKernel {
  readonly #failNth = openSync('/proc/thread-self/fail-nth', 'r+');
  readonly #bytes = Buffer.alloc(16);
  /** How many allocations are left until then; 0: it has failed, or none is to. */
  left = 0;

  #within(call: () => number): number {
    writeSync(this.#failNth, `${this.left}`, 0);
    const done = call();
    // Before anything else runs: node could not bear it.
    const read = readSync(this.#failNth, this.#bytes, 0, this.#bytes.length, 0);
    this.left = Number(this.#bytes.toString('latin1', 0, read));
    if (this.left > 0) writeSync(this.#failNth, '0', 0);
    return done;
  }

  override open(path: string, flags: number): number {
    return this.#within(() => super.open(path, flags));
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    return this.#within(() => super.ioctl(fd, request, arg));
  }

  end(): void {
    closeSync(this.#failNth);
  }
}

describe('a start whose nth allocation in the kernel fails', () => {
  let mounted = false;
  let kernel: ShortOfMemory;

  beforeAll(() => {
    mounted = !existsSync(FAILSLAB);
    if (mounted) execFileSync('mount', ['-t', 'debugfs', 'none', DEBUG]);
    // Allocations that may wait count too; a stack trace of each would fill the log.
    writeFileSync(`${FAILSLAB}/ignore-gfp-wait`, 'N');
    writeFileSync(`${FAILSLAB}/verbose`, '0');
    kernel = new ShortOfMemory();
  });

  afterAll(() => {
    kernel.end();
    writeFileSync(`${FAILSLAB}/ignore-gfp-wait`, 'Y');
    if (mounted) execFileSync('umount', [DEBUG]);
  });

  const descriptors = () => readdirSync('/proc/self/fd').length;

  it.each<[string, Partial<HostOptions>]>([
    ['paging', { pasids: [1], ranges: [{ iova: 0x1000_0000n, length: 0x2000n }] }],
    ['nested', { hwpt: 'nested' }],
  ])(
    '%s: it says what failed, or works, and nothing is left that keeps the next one from getting further',
    (_, more) => {
      const options = { devices: ['vfio1'], ...more };
      openOn(kernel, options).close();
      const open = descriptors();
      const said = new Set<string>();
      let nth = 1;
      for (; ; nth++) {
        kernel.left = nth;
        try {
          const target = openOn(kernel, options);
          const unused = kernel.left;
          kernel.left = 0;
          expect([nth, target.close()]).toEqual([nth, []]);
          if (unused > 0) break;
        } catch (error) {
          kernel.left = 0;
          if (error instanceof IommufdError) said.add(`${error.operation}: ${error.errnoName}`);
          else expect(error, `allocation ${nth}`).toBeInstanceOf(TargetRefusal);
        }
        expect([nth, descriptors()]).toEqual([nth, open]);
      }
      expect(nth).toBeGreaterThan(20);
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
