// The machine that comes with the program, except its devices.
import { DEVICES, SMMU } from './devices.ts';
import { type DriverSpec, EcapBit as E, type IommuSpec, type MachineSpec, type ProcessSpec } from './spec.ts';

/** What every current VT-d unit has: coherency, queued invalidation, pass-through, snoop control, device TLBs. */
const BASE_ECAP = 0xf_00d3n | E.DEVICE_TLB;
/** 48-bit addresses in four levels, 2 MiB and 1 GiB pages, 65,536 domains. */
const CAP = 0x8d2_078c_106f_0466n;

const SCALABLE = E.SCALABLE_MODE | E.FIRST_STAGE | E.SECOND_STAGE | E.NEST | E.PASID | (19n << 35n);

const iommus: readonly IommuSpec[] = [
  {
    kind: 'intel',
    name: 'dmar0',
    version: '6:0',
    address: 0xd37f_c000n,
    cap: CAP,
    ecap: BASE_ECAP | SCALABLE | E.INTERRUPT_REMAPPING | E.PAGE_REQUESTS | E.PAGE_REQUEST_DRAIN | E.SECOND_STAGE_DIRTY,
    scalable: true,
  },
  {
    kind: 'intel',
    name: 'dmar1',
    version: '5:0',
    address: 0xe0ff_c000n,
    cap: CAP,
    ecap: BASE_ECAP | SCALABLE | E.INTERRUPT_REMAPPING,
    scalable: true,
  },
  { kind: 'intel', name: 'dmar2', version: '1:0', address: 0xeb7f_c000n, cap: CAP, ecap: BASE_ECAP, scalable: false },
  {
    kind: 'amd',
    name: 'ivhd0',
    parent: 'pci0000:a0/0000:a0:00.2',
    cap: 0x80b_190f,
    efr: 0x58f_77ef_2229_4aden,
    efr2: 0n,
  },
  {
    kind: 'smmuv3',
    name: SMMU,
    parent: 'platform/arm-smmu-v3.0.auto',
    registers: [0x0d1b_bf9b, 0x1f17_3d08, 0, 0x1c, 0, 0x74, 0x4832_0001, 0x1],
    sva: true,
  },
];

const drivers: readonly DriverSpec[] = [
  { name: 'pcieport', bus: 'pci', module: null, class: [0x060400, 0xffff00], managedDma: true },
  { name: 'vfio-pci', bus: 'pci', module: 'vfio_pci', managedDma: true },
  { name: 'idxd', bus: 'pci', module: 'idxd', ids: ['8086:0b25', '8086:11fb'] },
  { name: 'nvme', bus: 'pci', module: 'nvme', class: [0x010802, 0xffffff] },
  { name: 'i40e', bus: 'pci', module: 'i40e', ids: ['8086:1572'] },
  { name: 'ice', bus: 'pci', module: 'ice', ids: ['8086:1592'] },
  { name: 'iavf', bus: 'pci', module: 'iavf', ids: ['8086:1889'] },
  { name: '4xxx', bus: 'pci', module: 'qat_4xxx', ids: ['8086:4940'] },
  { name: 'xhci_hcd', bus: 'pci', module: 'xhci_pci', class: [0x0c0330, 0xffffff] },
  { name: 'amdgpu', bus: 'pci', module: 'amdgpu', ids: ['1002:15d8'] },
  { name: 'hisi_zip', bus: 'pci', module: 'hisi_zip', ids: ['19e5:a250'] },
  { name: 'mlx5_core', bus: 'pci', module: 'mlx5_core', ids: ['15b3:1017'] },
  { name: 'dma-pl330', bus: 'platform', module: 'pl330', ids: ['arm,pl330'] },
  { name: 'vfio-platform', bus: 'platform', module: 'vfio_platform', managedDma: true },
];

const processes: readonly ProcessSpec[] = [
  {
    pid: 4242,
    ppid: 1,
    uid: 0,
    comm: 'qemu-system-x86',
    cmdline: ['/usr/bin/qemu-system-x86_64', '-object', 'iommufd,id=iommufd0', '-device', 'vfio-pci,host=17:02.0'],
    fds: { 0: '/dev/null', 14: '/dev/iommu', 15: '/dev/vfio/devices/vfio1', 16: 'anon_inode:[iommufd-pgfault]' },
  },
];

/** As far as the devices of the table go. */
const PCI_IDS = `#
#\tList of PCI ID's
#
1002  Advanced Micro Devices, Inc. [AMD/ATI]
\t15d8  Picasso/Raven 2 [Radeon Vega Series / Radeon Vega Mobile Series]
1022  Advanced Micro Devices, Inc. [AMD]
\t164f  Milan IOMMU
10de  NVIDIA Corporation
\t20b5  GA100 [A100 PCIe 80GB]
144d  Samsung Electronics Co Ltd
\ta80a  NVMe SSD Controller PM9A1/PM9A3/980PRO
\t\t144d a801  SSD 980 PRO
15b3  Mellanox Technologies
\t1017  MT27800 Family [ConnectX-5]
19e5  Huawei Technologies Co., Ltd.
\ta250  HiSilicon ZIP Engine
8086  Intel Corporation
\t0b25  Data Streaming Accelerator (DSA)
\t11fb  Data Streaming Accelerator (DSA)
\t1572  Ethernet Controller X710 for 10GbE SFP+
\t1592  Ethernet Controller E810-C for QSFP
\t1889  Ethernet Adaptive Virtual Function
\t352a  PCI Express Root Port A
\t4940  4xxx Series QAT
\t4941  4xxx Series QAT Virtual Function
\t7ae0  Alder Lake-S PCH USB 3.2 Gen 2x2 XHCI Controller

# List of known device classes, subclasses and programming interfaces
C 02  Network controller
\t00  Ethernet controller
C 08  Generic system peripheral
\t80  System peripheral
`;

export const DEFAULT_MACHINE: MachineSpec = {
  iommus,
  devices: DEVICES,
  drivers,
  processes,
  release: '7.2.13',
  cmdline: 'BOOT_IMAGE=/boot/vmlinuz-7.2.13 root=/dev/nvme0n1p2 ro quiet intel_iommu=on,sm_on iommu=nopt',
  config: {
    CONFIG_IOMMU_SUPPORT: 'y',
    CONFIG_IOMMU_IOPF: 'y',
    CONFIG_IOMMU_SVA: 'y',
    CONFIG_INTEL_IOMMU: 'y',
    CONFIG_INTEL_IOMMU_SVM: 'y',
    CONFIG_AMD_IOMMU: 'y',
    CONFIG_ARM_SMMU_V3: 'y',
    CONFIG_ARM_SMMU_V3_SVA: 'y',
    CONFIG_IRQ_REMAP: 'y',
    CONFIG_IOMMUFD: 'm',
    CONFIG_VFIO: 'm',
    CONFIG_VFIO_DEVICE_CDEV: 'y',
    CONFIG_VFIO_GROUP: 'y',
    CONFIG_VFIO_PCI: 'm',
    CONFIG_VFIO_PCI_CORE: 'm',
    CONFIG_PCI_ATS: 'y',
    CONFIG_PCI_PRI: 'y',
    CONFIG_PCI_PASID: 'y',
    CONFIG_PCI_IOV: 'y',
    CONFIG_KCMP: 'y',
    CONFIG_SECURITY_YAMA: 'y',
    CONFIG_IKCONFIG: 'y',
    CONFIG_IKCONFIG_PROC: 'y',
  },
  configAt: 'proc',
  modules: ['vfio_pci', 'vfio_pci_core', 'vfio', 'vfio_platform', 'iommufd', 'idxd', 'ice', 'i40e', 'nvme', 'amdgpu'],
  ptraceScope: 1,
  memlock: null,
  uid: 0,
  disableDenylist: false,
  unsafeInterrupts: false,
  pciIds: PCI_IDS,
  nodes: { iommu: true, cdev: true },
};
