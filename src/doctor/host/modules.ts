// The modules that must be in the kernel now.
import { type Check, type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import { moduleState } from '../facts/modules.ts';
import type { HostGround } from './ground.ts';

interface Wanted {
  readonly id: string;
  /** As modprobe is given it. */
  readonly module: string;
  readonly option: string;
  readonly why: string;
  readonly after: readonly string[];
  readonly pci?: true;
}

const WANTED: readonly Wanted[] = [
  {
    id: 'modules.iommufd',
    module: 'iommufd',
    option: 'IOMMUFD',
    why: 'it makes /dev/iommu',
    after: ['kernel.iommufd'],
  },
  { id: 'modules.vfio', module: 'vfio', option: 'VFIO', why: 'the core of VFIO', after: ['kernel.vfio'] },
  {
    id: 'modules.vfio-pci',
    module: 'vfio-pci',
    option: 'VFIO_PCI',
    why: 'PCI devices are bound to it',
    after: ['kernel.vfio-pci'],
    pci: true,
  },
];

function lookAt(wanted: Wanted, { reading, osrelease, config }: HostGround): Observation {
  const { module } = wanted;
  switch (moduleState(reading, osrelease, config, wanted)) {
    case 'loaded':
      return pass('loaded');
    case 'built in':
      return pass('built into the kernel');
    case 'not loaded':
      return fail('not loaded', fix(`sudo modprobe ${module}`));
    case 'absent':
      return fail(
        `kernel ${osrelease} has no such module`,
        look(`find /lib/modules/${osrelease} -name '${module.replace(/[-_]/g, '?')}.ko*'`),
      );
    case 'unknown':
      return unknown(`not in /sys/module, and no list of modules can be read`, look(`sudo modprobe ${module}`));
  }
}

const asCheck = (wanted: Wanted): Check<HostGround> =>
  check(wanted.id, `module ${wanted.module}`, wanted.why, (ground) => lookAt(wanted, ground), {
    after: wanted.after,
    unless: ({ vfioPciUnneeded }) => (wanted.pci ? vfioPciUnneeded : null),
  });

export const MODULES: CheckGroup<HostGround> = { name: 'modules', checks: WANTED.map(asCheck) };
