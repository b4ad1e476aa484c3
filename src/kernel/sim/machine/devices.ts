// The devices of the simulated machine: one of each kind that an operator may meet, by what stands between it and its
// first fault. A mixture of vendors that no board has, so that one machine shows them all.
import type { Capabilities, DeviceSpec, PciSpec, PlatformSpec } from './spec.ts';

const INTEL = 0x8086;

/** Of an accelerator that shares virtual memory: all that a fault takes. */
const FAULTING = {
  ats: { queueDepth: 32 },
  pri: { capacity: 512 },
  pasid: { width: 20, privileged: true },
} satisfies Capabilities;

/** Source validation, redirection, upstream forwarding: what isolates the functions behind a port. */
const ISOLATING = 0x1d;

type Place = Pick<PciSpec, 'address' | 'parent' | 'driver' | 'iommu' | 'group'> & Partial<PciSpec>;

const pci = (spec: Place & Pick<PciSpec, 'vendor' | 'device' | 'class'>, capabilities: Capabilities = {}): PciSpec => ({
  bus: 'pci',
  subsystem: [spec.vendor, 0],
  revision: 0,
  numaNode: 0,
  memory: 0x10000,
  capabilities,
  ...spec,
});

/** Intel Data Streaming Accelerator. */
const dsa = (place: Place, capabilities: Capabilities = FAULTING): PciSpec =>
  pci({ vendor: INTEL, device: 0x0b25, class: 0x088000, ...place }, capabilities);

const rootPort = (place: Omit<Place, 'driver'>, acs: number | undefined = ISOLATING): PciSpec =>
  pci(
    { vendor: INTEL, device: 0x352a, class: 0x060400, memory: 0, groupType: 'DMA-FQ', ...place, driver: 'pcieport' },
    acs === undefined ? {} : { acs },
  );

/** On a VT-d unit with page requests. */
const accelerators: readonly PciSpec[] = [
  // Ready.
  dsa({ address: '0000:17:00.0', parent: 'pci0000:17', driver: 'vfio-pci', iommu: 'dmar0', group: 20 }),
  // The kernel's own driver has it.
  dsa({ address: '0000:17:01.0', parent: 'pci0000:17', driver: 'idxd', iommu: 'dmar0', group: 21 }),
  // A virtual machine has it open.
  dsa({ address: '0000:17:02.0', parent: 'pci0000:17', driver: 'vfio-pci', iommu: 'dmar0', group: 22 }),
  // Its page requests have stopped after a response failure.
  dsa(
    { address: '0000:17:03.0', parent: 'pci0000:17', driver: 'vfio-pci', iommu: 'dmar0', group: 23 },
    { ...FAULTING, pri: { capacity: 512, trouble: { stopped: true, responseFailure: true } } },
  ),
  // Responses cannot carry a PASID, so the kernel leaves PRI off.
  dsa(
    { address: '0000:17:04.0', parent: 'pci0000:17', driver: 'vfio-pci', iommu: 'dmar0', group: 24 },
    { ...FAULTING, pri: { capacity: 512, pasidRequired: false } },
  ),
  // No driver at all.
  dsa({ address: '0000:17:05.0', parent: 'pci0000:17', driver: null, iommu: 'dmar0', group: 25 }),
];

/** Behind root ports of that unit. */
const endpoints: readonly PciSpec[] = [
  rootPort({ address: '0000:18:02.0', parent: 'pci0000:18', iommu: 'dmar0', group: 10 }),
  // ATS without PRI.
  pci(
    {
      address: '0000:19:00.0',
      parent: 'pci0000:18/0000:18:02.0',
      vendor: 0x144d,
      device: 0xa80a,
      class: 0x010802,
      driver: 'nvme',
      iommu: 'dmar0',
      group: 26,
      uses: { disk: { name: 'nvme0n1', numbers: '259:0', mount: '/' } },
    },
    { ats: { queueDepth: 32 } },
  ),
  rootPort({ address: '0000:18:03.0', parent: 'pci0000:18', iommu: 'dmar0', group: 11 }),
  // Neither.
  pci({
    address: '0000:1a:00.0',
    parent: 'pci0000:18/0000:18:03.0',
    vendor: INTEL,
    device: 0x1572,
    class: 0x020000,
    driver: 'i40e',
    iommu: 'dmar0',
    group: 27,
  }),
];

/** VFs of a PF without PRI: refused. */
const network: readonly PciSpec[] = [
  rootPort({ address: '0000:3a:00.0', parent: 'pci0000:3a', iommu: 'dmar0', group: 12 }),
  pci(
    {
      address: '0000:3b:00.0',
      parent: 'pci0000:3a/0000:3a:00.0',
      vendor: INTEL,
      device: 0x1592,
      class: 0x020000,
      driver: 'ice',
      iommu: 'dmar0',
      group: 28,
      uses: { network: 'ens1f0np0' },
    },
    { ats: { queueDepth: 32 }, sriov: { totalVfs: 256, vfDevice: 0x1889 } },
  ),
  ...['vfio-pci', 'iavf'].map((driver, i) =>
    pci(
      {
        address: `0000:3b:01.${i}`,
        parent: 'pci0000:3a/0000:3a:00.0',
        vendor: INTEL,
        device: 0x1889,
        class: 0x020000,
        driver,
        iommu: 'dmar0',
        group: 29 + i,
        physfn: '0000:3b:00.0',
      },
      { ats: { queueDepth: 32 } },
    ),
  ),
];

/** A VF of a PF with PRI, which it shares. */
const crypto: readonly PciSpec[] = [
  pci(
    {
      address: '0000:76:00.0',
      parent: 'pci0000:76',
      vendor: INTEL,
      device: 0x4940,
      class: 0x0b4000,
      driver: '4xxx',
      iommu: 'dmar0',
      group: 31,
    },
    { ...FAULTING, sriov: { totalVfs: 16, vfDevice: 0x4941 } },
  ),
  pci(
    {
      address: '0000:76:01.0',
      parent: 'pci0000:76',
      vendor: INTEL,
      device: 0x4941,
      class: 0x0b4000,
      driver: 'vfio-pci',
      iommu: 'dmar0',
      group: 32,
      physfn: '0000:76:00.0',
    },
    { ats: { queueDepth: 32 } },
  ),
];

/**
 * Two functions and a port that does not isolate them: one group, which another driver keeps from user space, and whose other
 * members have no page requests.
 */
const shared: readonly PciSpec[] = [
  rootPort({ address: '0000:5d:00.0', parent: 'pci0000:5d', iommu: 'dmar0', group: 33 }, 0),
  dsa({
    address: '0000:5e:00.0',
    parent: 'pci0000:5d/0000:5d:00.0',
    driver: 'vfio-pci',
    iommu: 'dmar0',
    group: 33,
  }),
  pci({
    address: '0000:5e:00.1',
    parent: 'pci0000:5d/0000:5d:00.0',
    vendor: INTEL,
    device: 0x7ae0,
    class: 0x0c0330,
    driver: 'xhci_hcd',
    iommu: 'dmar0',
    group: 33,
  }),
];

/** On lesser VT-d units. */
const older: readonly PciSpec[] = [
  // The unit takes no page requests.
  dsa({ address: '0000:81:00.0', parent: 'pci0000:81', driver: 'vfio-pci', iommu: 'dmar1', group: 40, numaNode: 1 }),
  // The unit does not remap interrupts.
  pci(
    {
      address: '0000:c1:00.0',
      parent: 'pci0000:c1',
      vendor: 0x10de,
      device: 0x20b5,
      class: 0x030200,
      driver: 'vfio-pci',
      iommu: 'dmar2',
      group: 41,
      numaNode: 1,
    },
    { ats: { queueDepth: 32 } },
  ),
];

const AMD = 0x1002;

const amd: readonly PciSpec[] = [
  // The IOMMU's own function: no group.
  pci({
    address: '0000:a0:00.2',
    parent: 'pci0000:a0',
    vendor: 0x1022,
    device: 0x164f,
    class: 0x080600,
    driver: null,
    iommu: null,
    group: null,
    memory: 0,
  }),
  pci(
    {
      address: '0000:a1:00.0',
      parent: 'pci0000:a0',
      vendor: AMD,
      device: 0x15d8,
      class: 0x030000,
      driver: 'vfio-pci',
      iommu: 'ivhd0',
      group: 50,
      groupType: 'identity',
    },
    { ats: { queueDepth: 32 }, pri: { capacity: 32 }, pasid: { width: 16, exec: true, privileged: true } },
  ),
  // The graphics driver has it.
  pci(
    {
      address: '0000:a2:00.0',
      parent: 'pci0000:a0',
      vendor: AMD,
      device: 0x15d8,
      class: 0x030000,
      driver: 'amdgpu',
      iommu: 'ivhd0',
      group: 51,
      groupType: 'identity',
    },
    { ats: { queueDepth: 32 }, pri: { capacity: 32 }, pasid: { width: 16, exec: true, privileged: true } },
  ),
];

export const SMMU = 'smmu3.0x000000002b400000';

const arm: readonly (PciSpec | PlatformSpec)[] = [
  // HiSilicon's accelerator stalls, and its "PCIe" is an AMBA bus.
  pci(
    {
      address: '0004:75:00.0',
      parent: 'pci0004:75',
      vendor: 0x19e5,
      device: 0xa250,
      // quirk_huawei_pcie_sva() looks at it.
      revision: 0x21,
      class: 0x120000,
      driver: 'vfio-pci',
      iommu: SMMU,
      group: 60,
      stall: true,
    },
    { ats: { queueDepth: 32 }, pasid: { width: 16 } },
  ),
  // Attaches, and nothing ever arrives.
  pci(
    {
      address: '0004:76:00.0',
      parent: 'pci0004:76',
      vendor: 0x15b3,
      device: 0x1017,
      class: 0x020000,
      driver: 'vfio-pci',
      iommu: SMMU,
      group: 61,
    },
    { ats: { queueDepth: 32 }, pri: { capacity: 128 }, pasid: { width: 16 } },
  ),
  {
    bus: 'platform',
    address: '2b600000.dma-controller',
    parent: 'platform',
    compatible: 'arm,pl330',
    driver: 'dma-pl330',
    iommu: SMMU,
    group: 62,
    pasidBits: 0,
    stall: true,
    reset: false,
  },
];

/** Two functions of one device, which does not isolate them: both can fault, once the other leaves its driver too. */
const pair: readonly PciSpec[] = [
  dsa({ address: '0000:6e:00.0', parent: 'pci0000:6e', driver: 'vfio-pci', iommu: 'dmar0', group: 34 }),
  dsa({ address: '0000:6e:00.1', parent: 'pci0000:6e', driver: 'idxd', iommu: 'dmar0', group: 34 }),
];

export const DEVICES: readonly DeviceSpec[] = [
  ...accelerators,
  ...endpoints,
  ...network,
  ...crypto,
  ...shared,
  ...older,
  ...amd,
  ...arm,
  ...pair,
];
