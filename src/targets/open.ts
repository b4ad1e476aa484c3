// Opens the target that was asked for.

import { VirtualClock } from '../kernel/sim/clock.ts';
import { SimKernel } from '../kernel/sim/sim.ts';
import type { TargetOptions } from './options.ts';
import { OwnedTarget } from './owned-target.ts';
import type { Target } from './target.ts';

/** Throws IommufdError or TargetRefusal with nothing left open. */
export async function openTarget(options: TargetOptions): Promise<Target> {
  if (options.kind === 'selftest') {
    const specs = Array.from({ length: options.devices }, (_, i) => ({
      name: `mock${i}`,
      pasid: options.pasid,
      hwpt: options.hwpt,
      pasids: [],
    }));
    const info = { kind: 'selftest', mock: false, label: 'selftest', scenario: options.scenario, seed: null } as const;
    // Loaded only here: it is the one thing that is native.
    const { LinuxKernel } = await import('../kernel/linux/linux.ts');
    return new OwnedTarget(new LinuxKernel(), info, specs);
  }
  const kernel = new SimKernel(options.virtualTime ? { clock: new VirtualClock() } : {});
  const info = { kind: 'mock', mock: true, label: 'MOCK', scenario: options.scenario, seed: options.seed } as const;
  return new OwnedTarget(kernel, info, [{ name: 'mock0', pasid: false, hwpt: 'paging', pasids: [] }], (o) => {
    let next = kernel.now();
    return {
      listens: false,
      nextDueNs: () => next,
      tick(now) {
        if (now >= next) {
          o.trigger({ devId: o.devices[0]!.devId, pasid: null, grpid: 1, perm: 1, addr: 0x10000000n });
          next = now + 200_000_000n;
        }
        return [];
      },
      answered() {},
      note: () => null,
    };
  });
}
