import { describe, expect, it } from 'vitest';
import { DeviceNotFound, findDevice, listDevices, pciAddress } from '../../src/host/find.ts';
import { SmallHost } from './small-host.ts';

const UUID = '83b8f4f2-509f-382f-3c1e-e6bfe0fa1001';

function host(): SmallHost {
  const small = new SmallHost().intel();
  small.device({ address: '0000:17:00.0', driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio7' });
  small.device({ address: '0000:02:1f.3', driver: 'nvme', group: 10, iommu: 'dmar0' });
  small.device({ address: '10000:02:00.0', driver: 'nvme', group: 11, iommu: 'dmar0' });
  small.device({ address: '0000:00:02.0', driver: 'virtio-pci' });
  small.device({ address: 'iommufd_mock10', bus: 'iommufd_mock', group: 1 });
  small.device({ address: 'iommufd_mock9', bus: 'iommufd_mock', group: 2 });
  small.device({ address: UUID, bus: 'mdev', driver: 'mtty', vfio: 'vfio1' });
  return small;
}

describe('findDevice', () => {
  it.each([
    ['0000:17:00.0', '0000:17:00.0'],
    ['17:00.0', '0000:17:00.0'],
    ['02:1F.3', '0000:02:1f.3'],
    ['10000:02:00.0', '10000:02:00.0'],
    ['vfio7', '0000:17:00.0'],
    ['/dev/vfio/devices/vfio7', '0000:17:00.0'],
    ['vfio1', UUID],
    [UUID, UUID],
    [UUID.toUpperCase(), UUID],
    ['iommufd_mock9', 'iommufd_mock9'],
    // without an IOMMU group
    ['00:02.0', '0000:00:02.0'],
  ])('%s is %s', (name, address) => {
    expect(findDevice(host().files, name).address).toBe(address);
  });

  it.each([
    ['17:00.1', 'did you mean 0000:17:00.0?'],
    ['iommufd_mok9', 'did you mean iommufd_mock9?'],
    ['vfio77', 'did you mean vfio7?'],
    ['nothing-like-it-at-all', '`iopftop devices` lists'],
    ['', '`iopftop devices` lists'],
    ['..', '`iopftop devices` lists'],
    ['../pci/devices/0000:17:00.0', '`iopftop devices` lists'],
    ['a\0b', '`iopftop devices` lists'],
    ['x'.repeat(10_000), '`iopftop devices` lists'],
  ])('%s is none', (name, hint) => {
    const call = (): unknown => findDevice(host().files, name);
    expect(call).toThrow(DeviceNotFound);
    expect(call).toThrow(expect.objectContaining({ hint: expect.stringContaining(hint) }));
  });

  it('a host without anything has none', () => {
    expect(() => findDevice(new SmallHost().files, '17:00.0')).toThrow('there is no device "17:00.0"');
  });
});

describe('listDevices', () => {
  it('has those with a group and those of VFIO, each once, PCI first, numbers by their size', () => {
    expect(listDevices(host().files).map(({ address }) => address)).toEqual([
      '0000:02:1f.3',
      '0000:17:00.0',
      '10000:02:00.0',
      UUID,
      'iommufd_mock9',
      'iommufd_mock10',
    ]);
  });

  it('is empty on a host without an IOMMU', () => {
    const small = new SmallHost();
    small.device({ address: '0000:00:02.0', driver: 'virtio-pci' });
    expect(listDevices(small.files)).toEqual([]);
  });
});

it.each([
  ['1:0.0', null],
  ['17:00.8', null],
  ['17:20.0', null],
  ['0000:17:00.0 ', null],
  ['ABCD:EF:1F.7', 'abcd:ef:1f.7'],
])('%s as a PCI address: %s', (name, address) => {
  expect(pciAddress(name)).toBe(address);
});
