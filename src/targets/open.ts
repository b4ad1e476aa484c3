// Opens the target that was asked for.

import type { TargetOptions } from '../engine/options.ts';
import { LinuxKernel } from '../kernel/linux/linux.ts';
import { VirtualClock } from '../kernel/sim/clock.ts';
import { SimKernel } from '../kernel/sim/sim.ts';
import { OwnedTarget } from './owned-target.ts';
import type { Target } from './target.ts';

/** Throws IommufdError or TargetRefusal with nothing left open. */
export function openTarget(options: TargetOptions): Target {
  if (options.kind === 'selftest') {
    const specs = Array.from({ length: options.devices }, (_, i) => ({
      name: `mock${i}`,
      pasid: options.pasid,
      hwpt: options.hwpt,
      pasids: [],
    }));
    const info = { kind: 'selftest', mock: false, label: 'selftest', scenario: options.scenario, seed: null } as const;
    return new OwnedTarget(new LinuxKernel(), info, specs);
  }
  const kernel = new SimKernel(options.virtualTime ? { clock: new VirtualClock() } : {});
  const info = { kind: 'mock', mock: true, label: 'MOCK', scenario: options.scenario, seed: options.seed } as const;
  return new OwnedTarget(kernel, info, [{ name: 'mock0', pasid: false, hwpt: 'paging', pasids: [] }], (o) => {
    let next = kernel.now();
    return {
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
