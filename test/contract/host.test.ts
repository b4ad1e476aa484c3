// Devices of a host by their VFIO character devices, through a session: the same on both kernels.

import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { HostOptions } from '../../src/sources/options.ts';
import { Refusal } from '../../src/text/refusal.ts';
import { ofType, type Rig, rig } from '../engine/fixture.ts';
import { openOn } from '../sources/vfio/host-fixture.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

const kernel = await kernelUnderTest();

/** The descriptors of this process on the real kernel, or the lowest free one of the simulated one. */
function open(): number {
  if (kernel.name === 'linux') return readdirSync('/proc/self/fd').length;
  const fd = kernel.open('/dev/iommu', 2);
  kernel.close(fd);
  return fd;
}

const host = (options: Partial<HostOptions> = {}): Rig => rig({ on: openOn(kernel, options) });
const attachments = (r: Rig) =>
  r.session.snapshot().devices.map((d) => d.attachments.map((a) => [a.pasid, a.hwptKind, a.handler]));

function refusal(options: Partial<HostOptions>): Error & { hint: string | null } {
  try {
    openOn(kernel, options).close();
  } catch (error) {
    return error as Error & { hint: string | null };
  }
  throw new Error('it did not fail');
}

describe(`devices of a host on ${kernel.name}`, () => {
  it('binds, attaches, and says what is open', () => {
    const r = host({ devices: ['vfio0', '/dev/vfio/devices/vfio1'] });
    const { hello } = r.session;
    expect(hello.abilities.trigger).toBe(true);
    expect(hello.target).toEqual({
      kind: 'host',
      mock: false,
      label: '2 devices',
      scenario: null,
      seed: null,
      triggers: true,
    });
    const devices = r.session.snapshot().devices;
    expect(devices.map(({ name, pasidCapable }) => [name, pasidCapable])).toEqual([
      ['iommufd_mock0', false],
      ['iommufd_mock1', true],
    ]);
    expect(attachments(r)).toEqual([[[null, 'paging', 'us']], [[null, 'paging', 'us']]]);
    const { handles } = hello;
    expect(handles?.devices.map(({ address, devId, hwptId }) => [address, devId, hwptId])).toEqual(
      devices.map(({ name, devId, attachments: [first] }) => [name, devId, first?.hwptId]),
    );
    expect(new Set([handles?.iommufd, ...(handles?.devices ?? []).map(({ fd }) => fd)]).size).toBe(3);
    expect(r.session.close().outstanding.groups).toBe(0);
  });

  it.each(['paging', 'nested'] as const)('%s: faults come, are answered, and come again', (hwpt) => {
    const r = host({ hwpt, devices: ['iommufd_mock0'] });
    expect(attachments(r)).toEqual([[[null, hwpt, 'us']]]);
    r.fault(3);
    expect(r.session.snapshot().counters).toMatchObject({ faults: 3, pending: 3 });
    r.session.command({ cmd: 'respond', groups: [1, 3], code: 'success' }, 'key');
    r.session.command({ cmd: 'respond', group: 2, code: 'invalid' }, 'key');
    r.fault();
    expect(r.session.snapshot().counters).toMatchObject({ faults: 4, success: 2, invalid: 1, pending: 1 });
    expect(r.session.close().outstanding).toEqual({ groups: 1, plan: 'hold', answered: 0 });
  });

  it('replace answers what was outstanding, by both kinds of HWPT and by the IOAS', () => {
    const r = host();
    const devId = r.devId();
    r.fault(2);
    r.session.command({ cmd: 'replace', devId, hwpt: 'new-nested' }, 'key');
    expect(ofType(r.events, 'attachment').at(-1)).toMatchObject({ change: 'replaced', invalidated: 2 });
    r.fault();
    const { ioasId } = r.session.hello.handles!;
    r.session.command({ cmd: 'replace', devId, hwpt: ioasId }, 'key');
    expect(attachments(r)).toEqual([[[null, 'auto', 'nobody']]]);
    r.fault();
    r.session.command({ cmd: 'replace', devId, hwpt: 'new-paging' }, 'key');
    r.fault();
    expect(r.session.snapshot().counters).toMatchObject({ faults: 4, auto: 3, pending: 1, refused: 0 });
    r.session.close();
  });

  it('PASIDs are attached at the start and later, replaced and detached, each with its faults', () => {
    const r = host({ devices: ['vfio1'], pasids: [5] });
    const devId = r.devId();
    r.fault(1, 5);
    r.session.command({ cmd: 'attach', devId, pasid: 6, hwpt: 'new-nested' }, 'key');
    r.fault(1, 6);
    expect(attachments(r)).toEqual([
      [
        [null, 'paging', 'us'],
        [5, 'paging', 'us'],
        [6, 'nested', 'us'],
      ],
    ]);
    r.session.command({ cmd: 'replace', devId, pasid: 6, hwpt: 'new-paging' }, 'key');
    r.session.command({ cmd: 'detach', devId, pasid: 5 }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ faults: 2, auto: 2, pending: 0, refused: 0 });
    r.session.close();
  });

  it('detach and attach of the device itself', () => {
    const r = host();
    const devId = r.devId();
    r.fault();
    r.session.command({ cmd: 'detach', devId }, 'key');
    expect(attachments(r)).toEqual([[]]);
    r.fault();
    r.session.command({ cmd: 'attach', devId, hwpt: 'new-paging' }, 'key');
    r.fault();
    expect(r.session.snapshot().counters).toMatchObject({ faults: 2, auto: 1, pending: 1 });
    r.session.close();
  });

  it('memory is mapped before the attach, and known to be', () => {
    const r = host({ ranges: [{ iova: 0x1000_0000n, length: 0x2000n }] });
    r.fault(3, null, 0x1000_0000n);
    expect(r.session.snapshot().pending.map(({ mapped }) => mapped)).toEqual([true, true, false]);
    r.session.close();
  });

  it('leaves nothing behind, so that it can be done again; nor where a later device is refused', () => {
    const before = open();
    for (let i = 0; i < 3; i++) {
      const r = host({ devices: ['vfio0', 'vfio1'], hwpt: 'nested' });
      r.fault(2);
      r.session.close();
      expect(ofType(r.events, 'error')).toEqual([]);
      expect(open()).toBe(before);
      expect(refusal({ devices: ['vfio1', 'vfio0'], pasids: [7] }).message).toMatch(
        /^VFIO_DEVICE_ATTACH_IOMMUFD_PT \(iommufd_mock0, PASID 7\): EINVAL/,
      );
      expect(open()).toBe(before);
    }
  });
});

describe(`refused on ${kernel.name}`, () => {
  it.each<[string, Partial<HostOptions>, RegExp, RegExp]>([
    ['a device that does not exist', { devices: ['vfio77'] }, /^there is no device "vfio77"$/, /iopftop devices/],
    ['one named twice', { devices: ['vfio0', 'iommufd_mock0'] }, /are both iommufd_mock0$/, /once/],
  ])('%s', (_, options, message, hint) => {
    const error = refusal(options);
    expect(error).toBeInstanceOf(Refusal);
    expect(error.message).toMatch(message);
    expect(error.hint).toMatch(hint);
  });

  it('one that is bound already: another open file has it', () => {
    const first = openOn(kernel);
    expect(refusal({}).message).toMatch(
      /^VFIO_DEVICE_BIND_IOMMUFD \(iommufd_mock0\): EINVAL, another process has the device bound/,
    );
    expect(first.close()).toEqual([]);
    expect(openOn(kernel).close()).toEqual([]);
  });
});
