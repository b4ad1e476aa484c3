import { describe, expect, it } from 'vitest';
import { findDevice } from '../../src/host/find.ts';
import { blocksGroup, isVfioDriver } from '../../src/host/group.ts';
import { SmallHost } from './small-host.ts';

describe('drivers', () => {
  // Every driver of Linux 7.2 with driver_managed_dma that is named after VFIO.
  it.each([
    'vfio-pci',
    'vfio-platform',
    'vfio-amba',
    'vfio-fsl-mc',
    'vfio-cdx',
    'mlx5_vfio_pci',
    'hisi_acc_vfio_pci',
    'nvgrace_gpu_vfio_pci',
    'virtio_vfio_pci',
    'pds_vfio_pci',
    'qat_vfio_pci',
    'xe_vfio_pci',
    'ism_vfio_pci',
  ])('%s is of VFIO', (driver) => {
    expect(isVfioDriver(driver)).toBe(true);
    expect(blocksGroup(driver)).toBe(false);
  });

  it.each([
    ['pci-stub', false],
    ['pcieport', false],
    [null, false],
    ['idxd', true],
    ['vfiox', true],
    ['snd_hda_intel', true],
  ])('%s keeps a group from VFIO: %s', (driver, blocks) => {
    expect(blocksGroup(driver)).toBe(blocks);
  });
});

describe('a group', () => {
  const host = () => {
    const small = new SmallHost().intel();
    small.device({ address: '0000:17:00.0', driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' });
    return small;
  };

  it('of its own is viable', () => {
    expect(findDevice(host().files, '17:00.0').group).toEqual({
      id: 9,
      type: 'DMA-FQ',
      name: null,
      members: [],
      viable: true,
    });
  });

  it('is not while another member has a driver that uses DMA', () => {
    const small = host();
    small.device({ address: '0000:17:00.1', driver: 'nvme', group: 9, iommu: 'dmar0' });
    small.device({ address: '0000:17:00.2', group: 9, iommu: 'dmar0' });
    expect(findDevice(small.files, '17:00.0').group).toMatchObject({
      viable: false,
      members: [
        {
          address: '0000:17:00.1',
          bus: 'pci',
          driver: 'nvme',
          vfio: null,
          blocks: true,
          pageRequests: true,
          pageRequestsOn: true,
        },
        { address: '0000:17:00.2', bus: 'pci', driver: null, blocks: false },
      ],
    });
  });

  it('a driver of VFIO that is not called so shows by the VFIO device', () => {
    const small = host();
    small.device({ address: '0000:17:00.1', driver: 'strange', group: 9, iommu: 'dmar0', vfio: 'vfio1' });
    expect(findDevice(small.files, '17:00.0').group?.viable).toBe(true);
  });
});
