import { describe, expect, it } from 'vitest';
import { amdAbilities, intelAbilities, listIommus } from '../../src/host/iommu-kinds.ts';
import { Reading } from '../../src/host/reading.ts';
import { ECAP, SmallHost } from './small-host.ts';

describe('abilities', () => {
  it.each([
    ['pageRequests', 29],
    ['pageRequestDrain', 42],
    ['deviceTlb', 2],
    ['pasid', 40],
    ['scalableMode', 43],
    ['firstStage', 47],
    ['secondStage', 46],
    ['nested', 26],
    ['dirtyTracking', 45],
    ['snoopControl', 7],
  ] as const)('VT-d %s is bit %i of ecap, and no other', (name, bit) => {
    expect(intelAbilities(null, 0n, 1n << BigInt(bit))[name]).toBe(true);
    expect(intelAbilities(null, 0n, ~(1n << BigInt(bit)) & 0xffff_ffff_ffff_ffffn)[name]).toBe(false);
  });

  it('PASIDs of VT-d are PSS + 1 bits wide, where there are any', () => {
    expect(intelAbilities('6:0', 0xd2n, ECAP)).toMatchObject({ pasidBits: 20, cap: '0xd2', version: '6:0' });
    expect(intelAbilities(null, 0n, 19n << 35n).pasidBits).toBe(0);
  });

  it('the features of an AMD IOMMU', () => {
    expect(amdAbilities(0x190b640fn, 0x25bf732fa2295afen, 0x1dn)).toEqual({
      cap: '0x190b640f',
      features: '0x25bf732fa2295afe',
      features2: '0x1d',
      pageRequests: true,
      guestTranslation: true,
      enhancedPpr: true,
      pasidBits: 16,
      dirtyTracking: true,
    });
    expect(amdAbilities(null, 0n, null)).toMatchObject({ pageRequests: false, guestTranslation: false, pasidBits: 0 });
  });
});

describe('kinds', () => {
  const list = (host: SmallHost) => listIommus(new Reading(host.files));

  it.each([
    ['intel', new SmallHost().intel('dmar3'), 'dmar3'],
    ['amd', new SmallHost().amd(), 'ivhd0'],
    ['smmuv3', new SmallHost().platformIommu('smmu3.0x0000000140000000', 'arm-smmu-v3'), 'smmu3.0x0000000140000000'],
    ['selftest', new SmallHost().platformIommu('iommufd_selftest_iommu.0', 'platform'), 'iommufd_selftest_iommu.0'],
    ['other', new SmallHost().platformIommu('virtio0', 'virtio_iommu'), 'virtio0'],
  ] as const)('%s', (kind, host, name) => {
    expect(list(host)).toMatchObject([{ kind, name }]);
  });

  it('one whose registers make no sense has no abilities', () => {
    const host = new SmallHost().intel().amd('ivhd0', 'nonsense');
    host.files.add('/sys/devices/virtual/iommu/dmar0/intel-iommu/ecap', 'zzz\n');
    expect(list(host)).toMatchObject([
      { name: 'dmar0', intel: null },
      { name: 'ivhd0', amd: null },
    ]);
  });

  it('older kernels say one word of features', () => {
    expect(list(new SmallHost().amd('ivhd0', 'f77ef22294ada'))).toMatchObject([
      { amd: { features: '0xf77ef22294ada', features2: null, pageRequests: true } },
    ]);
  });

  it('one that may not be read is said to be unread', () => {
    const host = new SmallHost(1000).intel();
    host.files.add('/sys/devices/virtual/iommu/dmar0/intel-iommu/cap', { read: () => '0\n', mode: 0o400 });
    const reading = new Reading(host.files);
    expect(listIommus(reading)).toMatchObject([{ kind: 'intel', intel: null }]);
    expect(reading.unread).toMatchObject([{ why: 'EACCES', what: 'the capabilities of the IOMMU' }]);
  });
});
