import { describe, expect, it } from 'vitest';
import { Journal } from '../../src/engine/journal/journal.ts';
import { DEFAULT_ALARMS } from '../../src/engine/options.ts';
import { Session } from '../../src/engine/session.ts';
import { CallRefused, type Kernel, KernelRefusal } from '../../src/kernel/kernel.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { mockSource } from '../../src/sources/owned/device-source.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { INFO } from '../engine/fixture.ts';

/** The simulated kernel, whose `nth` open, ioctl, memory or wakeup (from 1) is refused; counts descriptors. */
class FailingKernel extends SimKernel {
  #left: number;
  opened = 0;

  constructor(nth: number) {
    super({});
    this.#left = nth;
  }

  get #fails(): boolean {
    return --this.#left === 0;
  }

  get reached(): boolean {
    return this.#left <= 0;
  }

  override open(path: string, flags: number): number {
    if (this.#fails) return -Errno.EMFILE;
    this.opened++;
    return super.open(path, flags);
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    if (this.#fails) return -Errno.ENOMEM;
    return super.ioctl(fd, request, arg);
  }

  override close(fd: number): number {
    const done = super.close(fd);
    if (done === 0) this.opened--;
    return done;
  }

  override memory(length: number): ReturnType<Kernel['memory']> {
    if (this.#fails) throw new KernelRefusal('mmap', Errno.ENOMEM);
    return super.memory(length);
  }

  override wakeup(): ReturnType<Kernel['wakeup']> {
    if (this.#fails) throw new KernelRefusal('eventfd', Errno.EMFILE);
    return super.wakeup();
  }
}

const SPECS = [
  { name: 'a', pasid: true, hwpt: 'nested', pasids: [1, 2] },
  { name: 'b', pasid: false, hwpt: 'paging', pasids: [] },
] as const;

/** Opens a source and a session on it; what is thrown is returned. */
function start(kernel: Kernel): unknown {
  let source: OwnedSource | undefined;
  try {
    source = new OwnedSource({ kernel, info: INFO, devices: SPECS.map(mockSource) });
    new Session({
      source,
      journal: new Journal(null),
      emit() {},
      version: '0.0.0',
      startedAt: '2000-01-01T00:00:00.000Z',
      options: {
        source: { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null },
        rules: [],
        onExit: 'hold',
        readOnly: false,
        dryRun: false,
        alarms: DEFAULT_ALARMS,
        history: 1,
        journal: null,
        events: false,
        until: { durationMs: null, groups: null, idleMs: null },
      },
    });
  } catch (error) {
    source?.close();
    return error;
  }
  return null;
}

describe('a start whose nth system call is refused', () => {
  it('says which and why, and closes /dev/iommu, whatever n is', () => {
    const said = new Set<string>();
    let nth = 1;
    for (; ; nth++) {
      const kernel = new FailingKernel(nth);
      const error = start(kernel);
      if (!kernel.reached) break;
      expect(error, `call ${nth}`).toBeInstanceOf(CallRefused);
      said.add((error as CallRefused).operation);
      // Only the fault descriptor's close has no open to go with it.
      expect(kernel.opened, `call ${nth}`).toBeLessThanOrEqual(0);
    }
    expect([...said].sort()).toEqual([
      'IOMMU_FAULT_QUEUE_ALLOC',
      'IOMMU_HWPT_ALLOC',
      'IOMMU_IOAS_ALLOC',
      'IOMMU_TEST_CMD',
      'eventfd',
      'mmap',
      'open /dev/iommu',
    ]);
    expect(nth).toBeGreaterThan(10);
  });
});
