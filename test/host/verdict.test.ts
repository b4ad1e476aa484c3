import { describe, expect, it } from 'vitest';
import { findDevice } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { configSpace, ECAP, FULL, PRI_ON, type Registers, type SmallDevice, SmallHost } from './small-host.ts';

const BOUND: SmallDevice = { driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' };

/** Outcome and findings, as kind and id. */
function judge(host: SmallHost, spec: SmallDevice): [outcome: string, ...findings: string[]] {
  const path = host.device(spec);
  const { outcome, findings } = verdictOf(findDevice(host.files, path.slice(path.lastIndexOf('/') + 1)));
  return [outcome, ...findings.map(({ kind, id }) => `${kind} ${id}`)];
}

const intel = (spec: SmallDevice = {}, host = new SmallHost().intel()) => judge(host, { ...BOUND, ...spec });
const withRegisters = (registers: Registers) => intel({ config: configSpace(registers) });

describe('behind VT-d', () => {
  it('a bound device with ATS and PRI is ready', () => {
    expect(intel()).toEqual(['ready']);
  });

  it.each([
    ['no PRI', { ats: [0, 0x8000] }, ['cannot', 'cannot no-pri']],
    ['no ATS', { pri: PRI_ON }, ['cannot', 'cannot no-pri']],
    ['nothing', {}, ['cannot', 'cannot no-pri']],
    // iommu_enable_pci_pri() turns PRI on in neither of these two
    ['PASIDs on that it wants in no response', { ...FULL, pri: [0, 0x100, 512, 0] }, ['cannot', 'cannot pri-pasid']],
    ['PASIDs on and PRI off', { ...FULL, pri: [0, 0x8100, 512, 0] }, ['unknown', 'unknown pri-off-unknown']],
    ['PRI that failed', { ...FULL, pri: [1, 0x8101, 512, 32] }, ['cannot', 'cannot pri-stuck']],
    ['an odd response', { ...FULL, pri: [1, 0x8002, 512, 32] }, ['ready', 'note pri-unexpected']],
  ] as [string, Registers, string[]][])('%s', (_, registers, expected) => {
    expect(withRegisters(registers)).toEqual(expected);
  });

  it('PRI that failed is no obstacle where VFIO can reset the device', () => {
    const host = new SmallHost().intel();
    host.files.add('/sys/devices/pci0000:17/0000:17:00.0/reset', '');
    const config = configSpace({ ...FULL, pri: [1, 0x8101, 512, 32] });
    expect(intel({ config }, host)).toEqual(['ready', 'note pri-failed']);
  });

  it.each([
    ['', ['unknown', 'unknown scalable-mode-unknown']],
    ['quiet intel_iommu=on', ['unknown', 'unknown scalable-mode-unknown']],
    ['intel_iommu=on,sm_on', ['unknown', 'unknown pri-off-unknown']],
    ['intel-iommu="on,sm_on" -- intel_iommu=sm_off', ['unknown', 'unknown pri-off-unknown']],
    ['intel_iommu=sm_on intel_iommu=sm_off', ['needs', 'needs scalable-mode']],
  ])('PRI and PASIDs off, and a command line of "%s"', (line, expected) => {
    const host = new SmallHost().intel();
    host.files.add('/proc/cmdline', `${line}\n`);
    const config = configSpace({ ...FULL, pasid: [0x1400, 0], pri: [0, 0x100, 512, 0] });
    expect(intel({ config }, host)).toEqual(expected);
  });

  it.each([
    ['PRS', 29],
    ['PDS', 42],
    ['DT', 2],
    ['SMTS', 43],
  ])('an IOMMU without %s', (name, bit) => {
    const host = new SmallHost().intel('dmar0', ECAP & ~(1n << BigInt(bit)));
    expect(intel({}, host)).toEqual(['cannot', 'cannot iommu-ability']);
    const [finding] = verdictOf(findDevice(host.files, '17:00.0')).findings;
    expect(finding?.text).toContain(`(${name})`);
  });

  it('an IOMMU that cannot be read', () => {
    const host = new SmallHost().intel();
    host.files.delete('/sys/devices/virtual/iommu/dmar0/intel-iommu/ecap');
    expect(intel({}, host)).toEqual(['unknown', 'unknown iommu-unread']);
  });

  it.each([
    ['with PRI', configSpace(FULL), 'cannot vf'],
    ['without PRI', configSpace({ ats: [0, 0x8000] }), 'cannot vf-no-pri'],
    ['that cannot be read', configSpace(FULL, 64), 'cannot vf'],
  ])('a VF of a PF %s', (_, config, finding) => {
    const host = new SmallHost().intel();
    host.device({ address: '0000:17:00.0', config });
    const vf = { ...BOUND, address: '0000:17:00.1', physfn: '0000:17:00.0' };
    expect(judge(host, vf)).toEqual(['cannot', finding]);
  });

  it.each([
    ['with PRI', {}, ['ready']],
    [
      'that is a port',
      { class: '060400', driver: 'pcieport', config: configSpace({}) },
      ['cannot', 'cannot group-no-pri'],
    ],
    ['without ATS', { config: configSpace({ pri: PRI_ON }) }, ['cannot', 'cannot group-no-pri']],
    ['that is not a PCI device', { address: 'acpi0', bus: 'platform' }, ['cannot', 'cannot group-no-pri']],
    ['that is gone', { config: new Uint8Array(4096).fill(0xff) }, ['unknown', 'unknown group-unread']],
    ['whose PRI is that of its PF', { physfn: '0000:17:00.2' }, ['ready']],
    ['whose PF has no PRI', { physfn: '0000:17:00.3' }, ['cannot', 'cannot group-no-pri']],
  ] as [string, SmallDevice, string[]][])('with another member in its group %s', (_, member, expected) => {
    const host = new SmallHost().intel();
    host.device({ address: '0000:17:00.2' });
    host.device({ address: '0000:17:00.3', config: configSpace({}) });
    host.device({ address: '0000:17:00.1', group: 9, iommu: 'dmar0', ...member });
    expect(intel({}, host)).toEqual(expected);
  });

  it('what is not a PCI device', () => {
    const host = new SmallHost().intel();
    expect(judge(host, { address: 'HPET', bus: 'platform', group: 3, iommu: 'dmar0' })).toEqual([
      'cannot',
      'cannot not-pci',
      'needs bind-driver',
    ]);
  });

  it('a device that is gone', () => {
    expect(intel({ config: new Uint8Array(4096).fill(0xff) })).toEqual(['cannot', 'cannot gone']);
  });

  it('without root it is not known, and what it needs is still said', () => {
    expect(intel({ config: configSpace(FULL, 64), driver: 'idxd', vfio: undefined })).toEqual([
      'unknown',
      'unknown capabilities-unread',
      'needs bind-driver',
    ]);
  });
});

describe('behind another IOMMU', () => {
  it('AMD: nothing reaches iommufd', () => {
    expect(judge(new SmallHost().amd(), { ...BOUND, iommu: 'ivhd0' })).toEqual(['cannot', 'cannot amd']);
  });

  it.each([
    ['a PCI device', {}, ['cannot', 'cannot no-stall']],
    ['HiSilicon', { vendor: '19e5', device: 'a250', revision: '30' }, ['ready', 'note stall']],
    ['a platform device', { bus: 'platform', address: 'dma0' }, ['unknown', 'unknown stall-unknown']],
  ])('SMMUv3: %s', (_, spec, expected) => {
    const host = new SmallHost().platformIommu('smmu3.0x1', 'arm-smmu-v3');
    expect(judge(host, { ...BOUND, iommu: 'smmu3.0x1', ...spec })).toEqual(expected);
  });

  it('one whose driver knows no faults', () => {
    const host = new SmallHost().platformIommu('virtio0', 'virtio_iommu');
    expect(judge(host, { ...BOUND, iommu: 'virtio0' })).toEqual(['cannot', 'cannot iommu-driver']);
  });

  it.each([
    ['with VFIO', 'vfio0', ['ready']],
    ['without', undefined, ['cannot', 'cannot selftest']],
  ])('a selftest device %s', (_, vfio, expected) => {
    const host = new SmallHost().platformIommu('iommufd_selftest_iommu.0', 'platform');
    const spec = { address: 'iommufd_mock0', bus: 'iommufd_mock', iommu: 'iommufd_selftest_iommu.0', group: 0 };
    expect(judge(host, { ...spec, vfio })).toEqual(expected);
  });

  it.each([
    ['no group', {}, ['needs', 'needs no-group', 'needs bind-driver']],
    [
      'no group, and no PRI',
      { config: configSpace({}) },
      ['cannot', 'cannot no-pri', 'needs no-group', 'needs bind-driver'],
    ],
    ['a group without an IOMMU', { group: 1, vfio: 'vfio0' }, ['cannot', 'cannot no-iommu']],
    ['an mdev', { bus: 'mdev', address: 'abc', group: 1, vfio: 'vfio0' }, ['cannot', 'cannot emulated']],
  ])('none: %s', (_, spec, expected) => {
    expect(judge(new SmallHost(), spec)).toEqual(expected);
  });
});

describe('binding', () => {
  const findingsOf = (host: SmallHost, name: string) => verdictOf(findDevice(host.files, name)).findings;

  it('members of the group first, without a command since nobody has looked who uses them, then the device', () => {
    const host = new SmallHost().intel();
    host.device({ address: '0000:17:00.1', driver: 'nvme', group: 9, iommu: 'dmar0' });
    host.device({ address: '0000:17:00.2', driver: 'pcieport', group: 9, iommu: 'dmar0' });
    host.device({ address: 'acpi0', bus: 'platform', driver: 'odd', group: 9, iommu: 'dmar0' });
    host.device({ ...BOUND, driver: 'idxd', vfio: undefined });
    expect(findingsOf(host, '17:00.0')).toMatchObject([
      { id: 'group-no-pri', command: null },
      { id: 'group-member', command: null, text: expect.stringContaining('`iopftop devices 0000:17:00.1`') },
      { id: 'group-member', command: null, text: expect.stringContaining('`iopftop devices acpi0`') },
      {
        id: 'bind-driver',
        command: [
          'modprobe vfio-pci',
          'echo vfio-pci > /sys/bus/pci/devices/0000:17:00.0/driver_override',
          'echo 0000:17:00.0 > /sys/bus/pci/devices/0000:17:00.0/driver/unbind',
          'echo 0000:17:00.0 > /sys/bus/pci/drivers_probe',
        ].join(' && '),
      },
    ]);
  });

  it('a device without a driver has none to leave', () => {
    const host = new SmallHost().intel();
    host.device({ ...BOUND, driver: undefined, vfio: undefined });
    expect(findingsOf(host, '17:00.0')).toMatchObject([{ command: expect.not.stringContaining('unbind') }]);
  });

  it.each([
    ['platform', 'modprobe vfio-platform && '],
    ['serio', null],
  ])('a device of the bus %s', (bus, command) => {
    const host = new SmallHost().intel();
    host.device({ address: 'thing', bus, group: 9, iommu: 'dmar0' });
    const [, finding] = findingsOf(host, 'thing');
    expect(finding?.command ?? null).toEqual(command && expect.stringContaining(command));
  });

  it.each([
    ['a bridge', { class: '060400', driver: 'pcieport', vfio: undefined }, 'cannot bridge'],
    ['a driver of VFIO that failed', { vfio: undefined }, 'needs vfio-device'],
    ['a kernel without character devices', { cdev: false }, 'needs no-cdev'],
  ])('%s', (_, spec, finding) => {
    expect(intel(spec)).toEqual([finding.split(' ')[0], finding]);
  });

  it('who has it open has to go', () => {
    const host = new SmallHost().intel().process(42, 'qemu', { 7: '/dev/vfio/devices/vfio0' });
    expect(intel({}, host)).toEqual(['needs', 'needs in-use']);
    expect(findingsOf(host, '17:00.0')[0]?.text).toContain('qemu (PID 42) has /dev/vfio/devices/vfio0 open as 7');
  });
});
