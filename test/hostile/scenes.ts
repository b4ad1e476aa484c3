// Where the engine meets a kernel that lies: on devices of the selftest, on those of a host, over queues that others opened.
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import type { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Rule } from '../../src/protocol/messages.ts';
import { loadScenario } from '../../src/scenario/scenario.ts';
import { openHandedOn } from '../../src/sources/handed/open.ts';
import { SimPlay } from '../../src/sources/mock/plays.ts';
import { type Rig, rig } from '../engine/fixture.ts';
import { withLinks } from '../helpers/links.ts';
import { machine, openOn } from '../sources/vfio/host-fixture.ts';
import { HostileKernel, type Hostility } from './hostile-kernel.ts';

export interface Scene {
  readonly kernel: HostileKernel;
  /** Starts it. Throws what a start throws. */
  begin(rules: Rule[]): Rig;
  /** Something faults that the engine has not asked for. */
  fault(): void;
  /** What was not put back; null: all was. Only where the kernel has let it. */
  left(): string | null;
}

export const SCENES = ['selftest', 'host', 'handed'] as const;

export function sceneOf(name: (typeof SCENES)[number], clock: VirtualClock, kind: Hostility): Scene {
  if (name === 'host') return host(clock, kind);
  if (name === 'handed') return handed(clock, kind);
  const kernel = new HostileKernel(clock, kind);
  return {
    kernel,
    begin: (rules) => rig({ kernel, rules, devices: [{}, { pasid: true, pasids: [1] }] }),
    fault() {},
    left: () => null,
  };
}

function host(clock: VirtualClock, kind: Hostility): Scene {
  const { machine: made, files } = machine();
  const kernel = new HostileKernel(clock, kind, made);
  const devices = ['0000:17:01.0', '0000:17:00.0'];
  const driver = (): string => files.readLink(`/sys/bus/pci/devices/${devices[0]}/driver`);
  const before = driver();
  const play = { scenario: loadScenario('burst'), seed: kind.seed, rate: 5 };
  return {
    kernel,
    begin: (rules) =>
      rig({
        on: openOn(
          kernel,
          { devices, bind: true, pasids: [3] },
          { play: (objects) => new SimPlay(kernel, objects, play) },
        ),
        rules,
      }),
    fault() {},
    left: () => (driver() === before ? null : `${devices[0]} stays with ${driver()}`),
  };
}

/** A VMM with a device and its queue. */
function handed(clock: VirtualClock, kind: Hostility): Scene {
  const kernel = new HostileKernel(clock, kind);
  const iommufd = Iommufd.open(kernel);
  const device = VfioDevice.open(iommufd, '/dev/vfio/devices/vfio0');
  const queue = iommufd.allocFaultQueue();
  const hwpt = iommufd.allocPagingHwpt({ devId: device.devId, ioasId: iommufd.allocIoas(), faultId: queue.id });
  device.attach(null, hwpt.id);
  const { kernel: linked, another } = withLinks(kernel);
  let grpid = 0;
  return {
    kernel,
    begin: (rules) => {
      const on = openHandedOn(linked, {
        kind: 'handed',
        faultFds: [another(queue.fd, 'anon_inode:[iommufd-pgfault]')],
        iommufd: another(iommufd.fd, '/dev/iommu'),
        deviceFds: [{ fd: another(device.fd, '/dev/vfio/devices/vfio0'), devId: device.devId }],
        listen: null,
      });
      return rig({ on, rules });
    },
    fault: () => kernel.honestly(() => device.trigger({ grpid: grpid++, perm: 1, addr: BigInt(grpid) << 12n })),
    left: () => null,
  };
}
