// What src/host reads of a real kernel's sysfs: Linux 7.2.13 with the VT-d unit of QEMU 11.1.3.
import { describe, expect, it } from 'vitest';
import type { DeviceInfo } from '../../src/host/device-info.ts';
import { listDevices } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { recordedHost } from './recorded-host.ts';

const devices = listDevices(recordedHost('qemu-q35.json'));

function deviceAt(address: string, among = devices): DeviceInfo {
  const found = among.find((device) => device.address === address);
  if (!found) throw new Error(`${address} is not in the recording`);
  return found;
}

describe('a recorded host', () => {
  it('gets the verdicts that its kernel bears out at the attach', () => {
    // Tried there: ATTACH with a fault object is ok for 04:00.0, ENODEV for 01:00.0 and 05:00.1, EINVAL for 02:10.0.
    const verdicts = devices.map((device) => {
      const { outcome, findings } = verdictOf(device);
      return [device.address, outcome, findings.find(({ kind }) => kind === outcome)?.id ?? null];
    });
    expect(verdicts).toEqual([
      ['0000:00:04.0', 'cannot', 'bridge'],
      ['0000:00:09.0', 'cannot', 'bridge'],
      ['0000:01:00.0', 'cannot', 'no-pri'],
      ['0000:02:00.0', 'needs', expect.any(String)],
      ['0000:02:10.0', 'cannot', 'vf'],
      ['0000:04:00.0', 'ready', null],
      ['0000:05:00.0', 'cannot', 'no-pri'],
      ['0000:05:00.1', 'cannot', 'vf-no-pri'],
      ['0000:06:01.0', 'cannot', 'no-pri'],
      ['0000:06:02.0', 'cannot', 'no-pri'],
    ]);
  });

  it('everything that is looked at could be read', () => {
    expect(devices.flatMap(({ unread }) => unread)).toEqual([]);
  });

  it('page requests of a device that VFIO has: on at probe, and Stopped is set all the same', () => {
    expect(deviceAt('0000:04:00.0')).toMatchObject({
      bus: 'pci',
      driver: 'vfio-pci',
      driverOverride: 'vfio-pci',
      vfio: { name: 'vfio0', path: '/dev/vfio/devices/vfio0' },
      group: { id: 13, type: 'DMA-FQ', members: [] },
      pci: { class: { id: '010000' }, vendor: { id: '1af4' }, device: { id: '1042' }, revision: '01' },
      capabilities: {
        ats: { enabled: true, queueDepth: 32, pageAligned: true },
        pasid: { enabled: true, width: 16, executable: false, privileged: false },
        pri: { enabled: true, stopped: true, responsePasidRequired: true, capacity: 32, allocation: 32 },
      },
    });
  });

  it('its IOMMU', () => {
    expect(deviceAt('0000:04:00.0').iommu).toMatchObject({
      name: 'dmar0',
      kind: 'intel',
      intel: {
        version: '1:0',
        ecap: '0x8d7a20f00f4e',
        pageRequests: true,
        pageRequestDrain: true,
        deviceTlb: true,
        pasidBits: 16,
        scalableMode: true,
        firstStage: true,
        secondStage: false,
        nested: false,
      },
    });
  });

  it('a PF, and a VF: vendor and device are ones in its configuration space, and in files all the same', () => {
    expect(deviceAt('0000:02:00.0').function).toMatchObject({ kind: 'physical', virtualFunctions: 1 });
    const vf = deviceAt('0000:02:10.0');
    expect(vf).toMatchObject({
      driver: null,
      driverOverride: null,
      gone: false,
      pci: { vendor: { id: '8086' }, device: { id: '10ca' } },
      function: { kind: 'virtual', physicalFunction: '0000:02:00.0', sharedCapabilities: { pri: { enabled: true } } },
      capabilities: { ats: null, pasid: null, pri: null },
    });
  });

  it('conventional PCI: a group of the bridge and what is behind it, and 256 bytes of configuration space', () => {
    const { group, capabilities, unread } = deviceAt('0000:06:01.0');
    expect(group).toMatchObject({
      id: 8,
      viable: false,
      members: [
        { address: '0000:00:09.0', driver: null, blocks: false },
        { address: '0000:06:02.0', driver: 'e1000', blocks: true },
      ],
    });
    expect({ capabilities, unread }).toEqual({ capabilities: { ats: null, pasid: null, pri: null }, unread: [] });
  });

  it('without root: the capabilities of PCI Express devices are unknown, and those of conventional ones are none', () => {
    const seen = listDevices(recordedHost('qemu-q35.json', 1000));
    expect(deviceAt('0000:04:00.0', seen).capabilities).toBeNull();
    expect(verdictOf(deviceAt('0000:04:00.0', seen)).outcome).toBe('unknown');
  });
});
