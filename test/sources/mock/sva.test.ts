// SVA bonds of the mock: PASIDs whose faults the kernel answers itself are shown as such, and nothing can be done to them here.
import { afterEach, describe, expect, it } from 'vitest';
import { snapshotText } from '../../../src/headless/table.ts';
import type { Command } from '../../../src/protocol/messages.ts';
import { openSource } from '../../../src/sources/open.ts';
import { settled } from '../../engine/filter/window.ts';
import { ofType, type Rig, rig } from '../../engine/fixture.ts';
import { OPTIONS } from '../vfio/host-fixture.ts';

const MOCK = { scenario: 'sva', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null };
let open: Rig | null = null;
afterEach(() => {
  open?.session.close();
  open = null;
});

async function session(): Promise<Rig> {
  open = rig({ on: await openSource({ kind: 'mock', ...MOCK }) });
  return open;
}

const run = (r: Rig, seconds: number): void => {
  while (r.session.state.nowNs() < seconds * 1e9) r.session.step(seconds * 1e9);
};

describe('an SVA bond', () => {
  it('is shown with the kernel as handler, and without an HWPT', async () => {
    const { session: s } = await session();
    const rows = s.snapshot().devices.map((d) => d.attachments.map((a) => [a.pasid, a.hwptKind, a.handler]));
    expect(rows).toEqual([
      [
        [null, 'paging', 'us'],
        [1, 'paging', 'us'],
        [7, null, 'kernel'],
      ],
      [
        [null, 'nested', 'us'],
        [3, null, 'kernel'],
      ],
    ]);
    const [dsa0] = s.snapshot().devices;
    expect(dsa0?.attachments[2]).toMatchObject({ hwptId: null, ioasId: null, faultId: null, faults: 0, pending: 0 });
    expect(snapshotText('MOCK', s.snapshot())).toMatch(/dsa0 +7 +SVA bond +- +kernel/);
  });

  it('is found by the filter', async () => {
    const found = settled(await session(), { filters: { devices: "handler == 'kernel'" } }).devices;
    expect(found.map((d) => [d.name, d.attachments.map((a) => a.pasid)])).toEqual([
      ['dsa0', [7]],
      ['zip0', [3]],
    ]);
  });

  it('sends no fault here: the device goes on, and only those of others come', async () => {
    const r = await session();
    run(r, 5);
    const { pending } = r.session.snapshot();
    expect(new Set(pending.map((p) => `${p.device} ${p.pasid}`))).toEqual(new Set(['dsa0 1', 'zip0 2']));
    expect(r.session.snapshot().devices.map((d) => d.hungNs)).toEqual([null, null]);
  });

  it.each<[string, (devId: number) => Command]>([
    ['respond', (devId) => ({ cmd: 'respond', devId, pasid: 7, code: 'success' })],
    ['respond', (devId) => ({ cmd: 'respond', devId, pasid: 7, code: 'map' })],
    ['attach', (devId) => ({ cmd: 'attach', devId, pasid: 7, hwpt: 'new-paging' })],
    ['replace', (devId) => ({ cmd: 'replace', devId, pasid: 7, hwpt: 'new-paging' })],
    ['detach', (devId) => ({ cmd: 'detach', devId, pasid: 7 })],
  ])('is left alone: %s', async (what, command) => {
    const r = await session();
    const before = r.session.snapshot();
    r.session.command(command(r.devId()), 'script');
    const [error] = ofType(r.events, 'error');
    expect(error).toMatchObject({
      kind: 'refused',
      message: `${what}: dsa0 PASID 7 has an SVA bond: the kernel answers its faults itself, and none arrives here`,
    });
    expect(r.session.snapshot().devices).toEqual(before.devices);
    expect(r.session.snapshot().hwpts).toEqual(before.hwpts);
  });

  it('stays when the device is replaced and detached', async () => {
    const r = await session();
    r.session.command({ cmd: 'replace', devId: r.devId(), hwpt: 'new-paging' }, 'script');
    expect(ofType(r.events, 'error')).toEqual([]);
    run(r, 2);
    expect(r.session.snapshot().devices[0]?.attachments.at(-1)).toMatchObject({ pasid: 7, handler: 'kernel' });
  });
});

describe('a scenario with bonds', () => {
  it('is refused where no driver is there that could make them', async () => {
    const devices = ['0000:17:00.0'];
    await expect(openSource({ ...OPTIONS, devices, recover: false, mock: MOCK })).rejects.toThrow(
      'the scenario sva gives dsa0 SVA bonds, which devices that VFIO has cannot have',
    );
    const selftest = {
      kind: 'selftest',
      devices: 1,
      pasids: [],
      hwpt: 'paging',
      scenario: 'sva',
      seed: 1,
      rate: 1,
    } as const;
    await expect(openSource(selftest)).rejects.toThrow('selftest devices cannot have');
  });
});
