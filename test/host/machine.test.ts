// The verdicts on the devices of the simulated machine.
import { describe, expect, it } from 'vitest';
import type { DeviceInfo } from '../../src/host/device-info.ts';
import { listDevices } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';

const idsOf = (device: DeviceInfo): string => {
  const { outcome, findings } = verdictOf(device);
  return [outcome, ...findings.map(({ kind, id }) => (kind === outcome ? id : `(${id})`))].join(' ');
};

const table = (machine: Machine): Record<string, string> =>
  Object.fromEntries(listDevices(machine.files).map((device) => [device.address, idsOf(device)]));

describe('the simulated machine', () => {
  it('has devices of every kind', () => {
    expect(table(new Machine())).toMatchObject({
      '0000:17:00.0': 'ready',
      '0000:17:01.0': 'needs bind-driver',
      '0000:17:02.0': 'needs in-use',
      '0000:17:03.0': 'ready (pri-failed)',
      '0000:17:04.0': 'cannot pri-pasid',
      '0000:17:05.0': 'needs bind-driver',
      '0000:18:02.0': 'cannot bridge',
      '0000:19:00.0': 'cannot no-pri (host-use) (bind-driver)',
      '0000:3b:01.0': 'cannot vf-no-pri',
      '0000:5e:00.0': 'cannot group-no-pri (group-member)',
      '0000:6e:00.0': 'needs group-member',
      '0000:76:01.0': 'cannot vf',
      '0000:81:00.0': 'cannot iommu-ability',
      '0000:a1:00.0': 'cannot amd',
      '0004:75:00.0': 'ready (stall)',
      '0004:76:00.0': 'cannot no-stall',
      '2b600000.dma-controller': 'needs (stall) bind-driver',
    });
  });

  it('without root most behind VT-d are unknown, and nothing is said that is not so', () => {
    const asRoot = table(new Machine());
    const asUser = table(new Machine({ uid: 1000 }));
    expect(Object.keys(asUser)).toEqual(Object.keys(asRoot));
    expect(asUser['0000:17:00.0']).toBe('unknown capabilities-unread');
    for (const [address, verdict] of Object.entries(asUser)) {
      const word = verdict.split(' ')[0]!;
      if (word !== 'unknown') expect(asRoot[address]?.split(' ')[0]).toBe(word);
    }
  });

  it('says of each device what could not be read', () => {
    const devices = listDevices(new Machine({ uid: 1000 }).files);
    const dsa = devices.find(({ address }) => address === '0000:17:00.0');
    expect(dsa?.unread).toContainEqual(expect.objectContaining({ what: 'extended configuration space' }));
    expect(listDevices(new Machine().files).flatMap(({ unread }) => unread)).toEqual([]);
  });

  it('has names of its own', () => {
    const [dsa] = listDevices(new Machine().files);
    expect(dsa?.pci?.vendor.name).toBe('Intel Corporation');
    const [unnamed] = listDevices(new Machine({ pciIds: null }).files);
    expect(unnamed?.pci?.vendor).toEqual({ id: '8086', name: null });
  });
});
