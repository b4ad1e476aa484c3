import { describe, expect, it } from 'vitest';
import { findDevice } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { configSpace, FULL, SmallHost } from './small-host.ts';

const NAMES = '8086  Intel Corporation\n\t11fb  Data Streaming Accelerator\nC 08  System\n\t80  Peripheral\n';
const DEVICE = { driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' };

describe('a device', () => {
  it('with all that can be known of it', () => {
    const host = new SmallHost().intel().process(42, 'qemu', { 7: '/dev/vfio/devices/vfio0', 8: '/dev/vfio/9' });
    host.files.add('/usr/share/misc/pci.ids', NAMES);
    host.device({ ...DEVICE, override: 'vfio-pci', vfs: [2, 16], revision: '03' });
    expect(findDevice(host.files, '17:00.0')).toMatchObject({
      address: '0000:17:00.0',
      bus: 'pci',
      path: '/sys/devices/pci0000:17/0000:17:00.0',
      pci: {
        class: { id: '088000', name: 'Peripheral' },
        vendor: { id: '8086', name: 'Intel Corporation' },
        device: { id: '11fb', name: 'Data Streaming Accelerator' },
        revision: '03',
      },
      function: { kind: 'physical', physicalFunction: null, virtualFunctions: 2, mostVirtualFunctions: 16 },
      driver: 'vfio-pci',
      driverOverride: 'vfio-pci',
      group: { id: 9 },
      iommu: { name: 'dmar0', kind: 'intel', intel: { version: '6:0' } },
      capabilities: { ats: { enabled: true }, pasid: { width: 20 }, pri: { capacity: 512 } },
      gone: false,
      vfio: { name: 'vfio0', path: '/dev/vfio/devices/vfio0' },
      openers: [
        { pid: 42, comm: 'qemu', fd: 7, path: '/dev/vfio/devices/vfio0' },
        { pid: 42, comm: 'qemu', fd: 8, path: '/dev/vfio/9' },
      ],
      unseenUses: [],
      unread: [],
    });
  });

  it('with nothing at all', () => {
    const host = new SmallHost();
    host.device({ address: 'thing', bus: 'platform' });
    expect(findDevice(host.files, 'thing')).toEqual({
      address: 'thing',
      bus: 'platform',
      path: '/sys/devices/platform/thing',
      pci: null,
      function: null,
      driver: null,
      driverOverride: null,
      extendedSpace: null,
      kernelAts: null,
      priTime: null,
      headerType: null,
      refusal: null,
      group: null,
      iommu: null,
      capabilities: null,
      gone: false,
      resettable: null,
      canStall: null,
      vfio: null,
      openers: [],
      uses: [],
      unseenUses: [],
      unread: [],
    });
  });

  it('that the host uses, where a driver of the host has it', () => {
    const host = new SmallHost().intel();
    const path = host.device({ driver: 'nvme', group: 9, iommu: 'dmar0' });
    host.device({ address: '0000:17:00.1', class: '060400', driver: 'pcieport', vfs: [1, 2] });
    const disk = `${path}/nvme/nvme0/nvme0n1`;
    host.files.add(`${disk}/dev`, '259:0\n');
    host.files.addLink('/sys/class/block/nvme0n1', disk);
    host.files.add('/proc/self/mountinfo', '22 1 259:0 / / rw - ext4 /dev/nvme0n1 rw\n');
    const device = findDevice(host.files, '17:00.0');
    expect(device.uses).toEqual(['nvme0n1 is mounted at /']);
    expect(verdictOf(device)).toMatchObject({ findings: [{ id: 'host-use', kind: 'needs' }, { id: 'bind-driver' }] });
    expect(findDevice(host.files, '17:00.1').uses).toEqual([]);
  });

  it('is not free while another of its group is open', () => {
    const host = new SmallHost().intel().process(42, 'qemu', { 7: '/dev/vfio/devices/vfio1' });
    host.device(DEVICE);
    host.device({ ...DEVICE, address: '0000:17:00.1', vfio: 'vfio1' });
    const device = findDevice(host.files, '17:00.0');
    expect(device.openers).toMatchObject([{ pid: 42, path: '/dev/vfio/devices/vfio1' }]);
    expect(verdictOf(device)).toMatchObject({ outcome: 'needs', findings: [{ id: 'in-use' }] });
    expect(verdictOf(device).findings[0]?.text).toContain('which is 0000:17:00.1 of the same IOMMU group');
  });

  it('driver_override says (null) where there is none', () => {
    const host = new SmallHost();
    host.device({ override: '(null)' });
    expect(findDevice(host.files, '17:00.0').driverOverride).toBeNull();
  });

  it('a VFIO device without a character device', () => {
    const host = new SmallHost().intel();
    host.device({ ...DEVICE, cdev: false });
    expect(findDevice(host.files, '17:00.0').vfio).toEqual({ name: 'vfio0', path: null });
  });
});

describe('a VF', () => {
  const withPf = (config: Uint8Array): SmallHost => {
    const host = new SmallHost().intel();
    host.device({ address: '0000:17:00.0', driver: 'idxd', group: 8, iommu: 'dmar0', config });
    host.device({ ...DEVICE, address: '0000:17:00.1', physfn: '0000:17:00.0', config: configSpace({}) });
    return host;
  };

  it('has the capabilities of its PF too', () => {
    expect(findDevice(withPf(configSpace(FULL)).files, '17:00.1').function).toMatchObject({
      kind: 'virtual',
      physicalFunction: '0000:17:00.0',
      sharedCapabilities: { pri: { capacity: 512 } },
    });
  });

  it('says that those could not be read', () => {
    const { function: of, unread } = findDevice(withPf(configSpace(FULL, 64)).files, '17:00.1');
    expect(of?.sharedCapabilities).toBeNull();
    expect(unread).toMatchObject([{ what: 'extended configuration space of its physical function' }]);
  });
});

describe('what could not be read', () => {
  it('extended configuration space without root, and who has it open', () => {
    const host = new SmallHost(1000).intel().hidden(1).hidden(2);
    host.device({ ...DEVICE, config: configSpace(FULL, 64) });
    const { capabilities, unread } = findDevice(host.files, '17:00.0');
    expect(capabilities).toBeNull();
    expect(unread).toEqual([
      {
        what: 'extended configuration space',
        path: '/sys/devices/pci0000:17/0000:17:00.0/config',
        why: 'it ends after 64 bytes: that needs root',
      },
      { what: 'who else has it open', path: '/proc/PID/fd', why: '2 processes do not show their descriptors' },
    ]);
  });

  it('a device that does not answer', () => {
    const host = new SmallHost().intel();
    host.device({ ...DEVICE, config: new Uint8Array(4096).fill(0xff) });
    const { gone, capabilities, unread } = findDevice(host.files, '17:00.0');
    expect([gone, capabilities]).toEqual([true, null]);
    expect(unread).toMatchObject([{ why: 'it reads as all ones: the device is gone or does not answer' }]);
  });

  it('a broken list of capabilities, of which the whole part counts', () => {
    const config = configSpace(FULL);
    config[0x123] = 0x10; // the last one leads back to 0x100
    const host = new SmallHost().intel();
    host.device({ ...DEVICE, config });
    const { capabilities, unread } = findDevice(host.files, '17:00.0');
    expect(capabilities?.pri?.enabled).toBe(true);
    expect(unread).toMatchObject([{ why: 'the list is broken: the list goes back to 0x100' }]);
  });
});

describe('stalling', () => {
  const stalls = (spec: object, tree?: 'with' | 'without'): boolean | null => {
    const host = new SmallHost();
    const path = host.device(spec);
    if (tree) {
      const node = '/sys/firmware/devicetree/base/dma@0';
      host.files.makeDirectories(node);
      if (tree === 'with') host.files.add(`${node}/dma-can-stall`, '');
      host.files.addLink(`${path}/of_node`, node);
    }
    return findDevice(host.files, path.slice(path.lastIndexOf('/') + 1)).canStall;
  };

  it.each([
    ['a platform device whose node says so', { address: 'dma0', bus: 'platform' }, 'with', true],
    ['a platform device whose node does not', { address: 'dma0', bus: 'platform' }, 'without', false],
    ['a platform device of ACPI', { address: 'HISI0001:00', bus: 'platform' }, undefined, null],
    ['a PCI device', {}, undefined, false],
    ['the accelerators of HiSilicon', { vendor: '19e5', device: 'a250', revision: '21' }, undefined, true],
    ['earlier ones', { vendor: '19e5', device: 'a250', revision: '20' }, undefined, false],
  ] as const)('%s', (_, spec, tree, expected) => {
    expect(stalls(spec, tree)).toBe(expected);
  });
});
