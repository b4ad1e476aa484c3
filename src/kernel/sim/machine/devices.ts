// The devices of the simulated machine. A mixture of vendors that no board has, so that one machine shows them all.
import { pci } from './device-kinds.ts';
import { BEHIND_VTD, DENIED, PAIR } from './intel-devices.ts';
import type { DeviceSpec, PciSpec, PlatformSpec } from './spec.ts';

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

export const DEVICES: readonly DeviceSpec[] = [...BEHIND_VTD, ...amd, ...arm, ...PAIR, ...DENIED];
