// What a simulated machine is made of. Plain data: devices.ts is the machine that comes with the program, and a test
// spreads its changes over it.

import type { UsesSpec } from './uses-spec.ts';

/** A VT-d unit (DRHD). `ecap` decides what its driver can do: see EcapBit. */
export interface IntelIommu {
  readonly kind: 'intel';
  /** dmarN */
  readonly name: string;
  readonly version: string;
  readonly address: bigint;
  readonly cap: bigint;
  readonly ecap: bigint;
  /** intel_iommu=sm_on; without it the hardware's scalable mode is not used. */
  readonly scalable: boolean;
}

export interface AmdIommu {
  readonly kind: 'amd';
  /** ivhdN */
  readonly name: string;
  /** Below /sys/devices: the PCI function that is the IOMMU. */
  readonly parent: string;
  readonly cap: number;
  readonly efr: bigint;
  readonly efr2: bigint;
}

export interface Smmu {
  readonly kind: 'smmuv3';
  /** smmu3.0x…: the physical address of its registers */
  readonly name: string;
  readonly parent: string;
  /** IDR0 to IDR5, then IIDR and AIDR. */
  readonly registers: readonly number[];
  /** CONFIG_ARM_SMMU_V3_SVA */
  readonly sva: boolean;
}

export type IommuSpec = IntelIommu | AmdIommu | Smmu;

/** Bits of the VT-d extended capability register (intel/iommu.h: ecap_…). */
export const EcapBit = {
  DEVICE_TLB: 1n << 2n,
  INTERRUPT_REMAPPING: 1n << 3n,
  SNOOP_CONTROL: 1n << 7n,
  NEST: 1n << 26n,
  SUPERVISOR_REQUESTS: 1n << 31n,
  EXTENDED_ACCESS: 1n << 34n,
  PAGE_REQUESTS: 1n << 29n,
  PASID: 1n << 40n,
  PAGE_REQUEST_DRAIN: 1n << 42n,
  SCALABLE_MODE: 1n << 43n,
  SECOND_STAGE_DIRTY: 1n << 45n,
  SECOND_STAGE: 1n << 46n,
  FIRST_STAGE: 1n << 47n,
} as const;

/** The extended capabilities of a PCI function, in the order in which they are in config space. */
export interface Capabilities {
  /** Invalidate queue depth, 1 to 32. */
  readonly ats?: { readonly queueDepth: number };
  readonly pasid?: { readonly width: number; readonly exec?: boolean; readonly privileged?: boolean };
  readonly pri?: {
    /** Outstanding page requests that it can have. */
    readonly capacity: number;
    /**
     * PRG Response PASID Required (status bit 15); default true. Without it the kernel does not enable PRI together with
     * PASIDs.
     */
    readonly pasidRequired?: boolean;
    /** What has happened to it since it was enabled. */
    readonly trouble?: { readonly stopped?: boolean; readonly responseFailure?: boolean };
  };
  readonly sriov?: { readonly totalVfs: number; readonly vfDevice: number };
  /** Bits of the ACS control register, all of them supported. */
  readonly acs?: number;
}

export interface PciSpec {
  readonly bus: 'pci';
  readonly address: string;
  /** The directory that it is in, below /sys/devices. */
  readonly parent: string;
  readonly vendor: number;
  readonly device: number;
  readonly subsystem: readonly [vendor: number, device: number];
  readonly class: number;
  readonly revision: number;
  /** What it is bound to when the machine starts. */
  readonly driver: string | null;
  /** Name of its IOMMU; null: it has none, and no group. */
  readonly iommu: string | null;
  readonly group: number | null;
  readonly groupType?: 'DMA' | 'DMA-FQ' | 'identity';
  readonly numaNode?: number;
  readonly capabilities: Capabilities;
  /** Of a VF: its PF. */
  readonly physfn?: string;
  /** quirk_huawei_pcie_sva(): the device property "dma-can-stall". */
  readonly stall?: boolean;
  /** pcie_flr(): it can be reset alone, which VFIO does when it opens it. Default true. */
  readonly reset?: boolean;
  /** The kernel reaches only the first 256 bytes of its configuration space (pci_cfg_space_size()). */
  readonly unreached?: boolean;
  /** pdev->untrusted: behind a port that faces out of the machine; the kernel does not use its ATS. */
  readonly untrusted?: boolean;
  /** RMRR: memory that firmware uses through it, first and last address, which the kernel maps 1:1. */
  readonly firmwareMemory?: readonly [start: bigint, last: bigint];
  /** What the host does with it while its own driver has it. */
  readonly uses?: UsesSpec;
  /** Size of its first memory window, bytes; 0: none. */
  readonly memory?: number;
}

/** A device that the device tree describes. */
export interface PlatformSpec {
  readonly bus: 'platform';
  readonly address: string;
  readonly parent: string;
  readonly compatible: string;
  readonly driver: string | null;
  readonly iommu: string;
  readonly group: number;
  readonly groupType?: 'DMA' | 'DMA-FQ' | 'identity';
  readonly pasidBits: number;
  readonly stall: boolean;
  /** VFIO knows how to reset it, and refuses it otherwise (vfio_platform_init_common()). */
  readonly reset: boolean;
}

export type DeviceSpec = PciSpec | PlatformSpec;

/** A PCI or platform driver: what it takes by itself. */
export interface DriverSpec {
  readonly name: string;
  readonly bus: 'pci' | 'platform';
  /** Module; null: built in. */
  readonly module: string | null;
  /** vendor:device pairs, as `8086:11fb`. */
  readonly ids?: readonly string[];
  /** Class code and the mask that counts. */
  readonly class?: readonly [code: number, mask: number];
  /** driver_managed_dma: its devices do not keep user space out of their group. */
  readonly managedDma?: boolean;
}

/** A path, with the numbers of the node where the path leads to something else from here. */
export type OpenSpec = string | { readonly path: string; readonly rdev: string };

/** Another process that has descriptors of interest open. */
export interface ProcessSpec {
  readonly pid: number;
  readonly ppid: number;
  readonly uid: number;
  readonly comm: string;
  readonly cmdline: readonly string[];
  readonly fds: Readonly<Record<number, OpenSpec>>;
  /** What it has mapped, as /proc/PID/maps names it. */
  readonly mapped?: readonly string[];
}

export interface MachineSpec {
  readonly iommus: readonly IommuSpec[];
  readonly devices: readonly DeviceSpec[];
  readonly drivers: readonly DriverSpec[];
  readonly processes: readonly ProcessSpec[];
  readonly release: string;
  readonly cmdline: string;
  /** Kernel options that are set, `CONFIG_…=y` or `=m`. Those in UNSET_OPTIONS that are missing here are "is not set". */
  readonly config: Readonly<Record<string, 'y' | 'm'>>;
  /** Where the kernel's options can be read. */
  readonly configAt: 'proc' | 'boot' | 'nowhere';
  /** Modules that are loaded, as /proc/modules lists them. */
  readonly modules: readonly string[];
  /** yama.ptrace_scope; null: no Yama. */
  readonly ptraceScope: number | null;
  /** RLIMIT_MEMLOCK, bytes; null: unlimited. */
  readonly memlock: number | null;
  /** The user of this process, and its PID (default: the real one). */
  readonly uid: number;
  readonly pid?: number;
  /** Its PID namespace is not that of the machine; default false. */
  readonly ownPidNamespace?: boolean;
  /** The module parameter vfio_pci.disable_denylist. */
  readonly disableDenylist: boolean;
  /** The module parameter iommufd.allow_unsafe_interrupts. */
  readonly unsafeInterrupts: boolean;
  /** Text of /usr/share/misc/pci.ids; null: not there. */
  readonly pciIds: string | null;
  /** /dev/iommu and VFIO: what of the character devices there is. */
  readonly nodes: { readonly iommu: boolean; readonly cdev: boolean };
}
