// The configuration of the kernel: no command can change what a running kernel was built with.
import type { Reading } from '../../host/reading.ts';
import { DEVICE_NUMBERS, vfioCdevState } from '../../host/vfio-cdev.ts';
import {
  type Check,
  type CheckGroup,
  check,
  fail,
  fix,
  look,
  type Observation,
  pass,
  type Remedy,
  unknown,
} from '../check.ts';
import type { KernelConfig } from '../facts/kernel-config.ts';
import type { Vendor } from '../facts/platform.ts';
import type { HostGround } from './ground.ts';

/** What the running kernel shows of an option; null: nothing. */
type Shown = { readonly on: boolean; readonly seen: string } | null;

interface Wanted {
  readonly id: string;
  /** Without CONFIG_. */
  readonly option: string;
  readonly why: string;
  /** A file that exists only if the option is on, or other evidence from the running kernel. */
  readonly evidence?: string | ((reading: Reading) => Shown);
  /** The IOMMU it applies to; all if absent. */
  readonly vendor?: Vendor;
  readonly pci?: true;
  readonly after?: readonly string[];
  readonly required?: boolean;
  readonly note?: string;
  /** It can be a module. */
  readonly tristate?: true;
}

const WANTED: readonly Wanted[] = [
  {
    id: 'kernel.iommu-support',
    option: 'IOMMU_SUPPORT',
    why: 'without it the kernel drives no IOMMU',
    evidence: '/sys/kernel/iommu_groups/0',
  },
  {
    id: 'kernel.iommufd',
    option: 'IOMMUFD',
    why: 'it is /dev/iommu, whose fault objects deliver I/O page faults to user space',
    evidence: '/dev/iommu',
    after: ['kernel.iommu-support'],
    note: "Debian's stock kernels are built without it",
    tristate: true,
  },
  {
    id: 'kernel.vfio',
    option: 'VFIO',
    why: 'it gives devices to user space',
    evidence: '/sys/module/vfio',
    tristate: true,
  },
  {
    id: 'kernel.vfio-device-cdev',
    option: 'VFIO_DEVICE_CDEV',
    why: 'it makes /dev/vfio/devices/vfioN, the only way to bind a device to an iommufd',
    evidence: vfioCdevShown,
    after: ['kernel.iommufd', 'kernel.vfio'],
  },
  {
    id: 'kernel.vfio-pci',
    option: 'VFIO_PCI',
    why: 'the VFIO driver for PCI devices',
    evidence: '/sys/bus/pci/drivers/vfio-pci',
    pci: true,
    after: ['kernel.vfio'],
    tristate: true,
  },
  { id: 'kernel.intel-iommu', option: 'INTEL_IOMMU', why: 'the driver of Intel VT-d', vendor: 'intel' },
  {
    id: 'kernel.intel-iommu-svm',
    option: 'INTEL_IOMMU_SVM',
    why: 'before Linux 6.13 VT-d takes page requests only with it; later only shared virtual addressing needs it',
    vendor: 'intel',
    after: ['kernel.intel-iommu'],
    required: false,
  },
  { id: 'kernel.amd-iommu', option: 'AMD_IOMMU', why: 'the driver of AMD-Vi', vendor: 'amd' },
  { id: 'kernel.arm-smmu-v3', option: 'ARM_SMMU_V3', why: 'the driver of Arm SMMUv3', vendor: 'arm', tristate: true },
  {
    id: 'kernel.arm-smmu-v3-sva',
    option: 'ARM_SMMU_V3_SVA',
    why: 'without it SMMUv3 refuses every HWPT that has a fault object (EOPNOTSUPP)',
    vendor: 'arm',
    after: ['kernel.arm-smmu-v3'],
  },
  {
    id: 'kernel.iommufd-test',
    option: 'IOMMUFD_TEST',
    why: 'it makes the mock devices of this kernel',
    vendor: 'selftest',
    after: ['kernel.iommufd'],
  },
  {
    id: 'kernel.iommu-iopf',
    option: 'IOMMU_IOPF',
    why: 'it groups page requests and passes them on; the drivers of the IOMMUs select it',
    after: ['kernel.intel-iommu', 'kernel.amd-iommu', 'kernel.arm-smmu-v3', 'kernel.arm-smmu-v3-sva'],
  },
];

/** Hidden options follow from the one that selects them. */
const SELECTED_BY: Record<string, Record<Vendor, string>> = {
  IOMMU_IOPF: { intel: 'INTEL_IOMMU', amd: 'AMD_IOMMU', arm: 'ARM_SMMU_V3_SVA', selftest: 'IOMMUFD_TEST' },
};

const isOn = (config: KernelConfig, option: string): boolean => ['y', 'm'].includes(config.get(option));

/** One build with every missing option, for all checks. */
function rebuild(ground: HostGround, config: KernelConfig): Remedy {
  const missing = WANTED.filter((wanted) => notHere(wanted, ground) === null && !isOn(config, wanted.option));
  const words = missing
    .filter(({ option }) => !SELECTED_BY[option])
    .map(({ option, tristate }) => `${tristate ? '--module' : '--enable'} ${option}`);
  const steps = [
    ...(words.length > 0 ? [`scripts/config ${words.join(' ')}`] : []),
    'make olddefconfig',
    'make -j"$(nproc)"',
    'sudo make modules_install install',
    'sudo reboot',
  ];
  const note = 'in the kernel source, with the .config of the running kernel; it cannot be added to a running kernel';
  return fix(steps.join(' && '), note);
}

/** Only the registered numbers show it: the class of VFIO devices exists without the option too. */
function vfioCdevShown(reading: Reading): Shown {
  const state = vfioCdevState(reading);
  if (state === 'made') return { on: true, seen: `${DEVICE_NUMBERS} has vfio-dev` };
  return state === 'not made' ? { on: false, seen: `VFIO is loaded, and ${DEVICE_NUMBERS} has no vfio-dev` } : null;
}

function shownBy(reading: Reading, evidence: Wanted['evidence']): Shown {
  if (typeof evidence === 'function') return evidence(reading);
  return evidence !== undefined && reading.isThere(evidence) ? { on: true, seen: `${evidence} is there` } : null;
}

function lookAt({ option, evidence, note }: Wanted, ground: HostGround): Observation {
  const { config, reading, osrelease } = ground;
  const shown = shownBy(reading, evidence);
  if (shown) return shown.on ? pass(shown.seen) : fail(shown.seen, ...(config ? [rebuild(ground, config)] : []));
  if (config === null) {
    const command = option === 'IOMMU_SUPPORT' ? 'sudo modprobe configs; zcat /proc/config.gz' : null;
    return unknown(
      `the configuration of kernel ${osrelease || '?'} cannot be read`,
      ...(command ? [look(command)] : []),
    );
  }
  const value = config.get(option);
  if (value === 'y' || value === 'm') return pass(`CONFIG_${option}=${value} (${config.path})`);
  const seen = `CONFIG_${option} is not set (${config.path})`;
  return fail(note ? `${seen}: ${note}` : seen, rebuild(ground, config));
}

function notHere({ vendor, pci }: Wanted, { platform, vfioPciUnneeded }: HostGround): string | null {
  if (vendor && !platform.vendors.includes(vendor)) return 'no such IOMMU is here';
  return pci ? vfioPciUnneeded : null;
}

const asCheck = (wanted: Wanted): Check<HostGround> =>
  check(wanted.id, `CONFIG_${wanted.option}`, wanted.why, (ground) => lookAt(wanted, ground), {
    after: wanted.after ?? [],
    required: wanted.required ?? true,
    unless: (ground) => notHere(wanted, ground),
  });

export const KERNEL: CheckGroup<HostGround> = { name: 'kernel', checks: WANTED.map(asCheck) };
