// The devices of the simulated machine behind VT-d: one of each kind that an operator may meet, by what stands between it
// and its first fault.
import { deniedDsa, dsa, FAULTING, INTEL, pci, rootPort } from './device-kinds.ts';
import type { PciSpec } from './spec.ts';

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
      uses: { disks: [{ name: 'nvme0n1', numbers: '259:0', claim: { mount: '/' } }] },
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
    uses: { interfaces: [{ name: 'ens2f0', state: 'down' }] },
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
      uses: { interfaces: [{ name: 'ens1f0np0', state: 'up' }] },
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
        uses: { interfaces: [{ name: `ens1f0v${i}`, state: 'down' }] },
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

/** What vfio-pci refuses. */
export const DENIED: readonly PciSpec[] = [
  deniedDsa({ address: '0000:6a:01.0', parent: 'pci0000:6a', driver: 'idxd', iommu: 'dmar0', group: 35 }),
];

/** Two functions of one device, which does not isolate them: both can fault, once the other leaves its driver too. */
export const PAIR: readonly PciSpec[] = [
  dsa({ address: '0000:6e:00.0', parent: 'pci0000:6e', driver: 'vfio-pci', iommu: 'dmar0', group: 34 }),
  dsa({ address: '0000:6e:00.1', parent: 'pci0000:6e', driver: 'idxd', iommu: 'dmar0', group: 34 }),
];

export const BEHIND_VTD: readonly PciSpec[] = [
  ...accelerators,
  ...endpoints,
  ...network,
  ...crypto,
  ...shared,
  ...older,
];
