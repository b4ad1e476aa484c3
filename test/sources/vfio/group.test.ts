// Devices of one IOMMU group: they follow one attachment.
import { describe, expect, it } from 'vitest';
import { findDevice } from '../../../src/host/find.ts';
import type { Kernel } from '../../../src/kernel/kernel.ts';
import type { PageRequest } from '../../../src/scenario/behaviour.ts';
import { openHandedOn } from '../../../src/sources/handed/open.ts';
import { openHost } from '../../../src/sources/vfio/open.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { DevId, Fd } from '../../../src/uapi/ids.ts';
import { VFIO_DEVICE_DETACH_IOMMUFD_PT } from '../../../src/uapi/ioctl.ts';
import { ofType, rig } from '../../engine/fixture.ts';
import { withLinks } from '../../helpers/links.ts';
import { standIn } from '../../helpers/stand-in.ts';
import { machine, OPTIONS, openOn } from './host-fixture.ts';

const [FIRST, SECOND] = ['0000:6e:00.1', '0000:6e:00.0'];
const BOTH = { devices: [FIRST, SECOND], bind: true };
const PLAY = { scenario: 'tour', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null };

/** The scenario plays behind both, until some groups of theirs are pending. */
async function played() {
  const r = rig({ on: await openHost({ ...OPTIONS, ...BOTH, mock: PLAY }) });
  for (let i = 0; pendingOf(r).length < 3; i++) r.session.step(i * 1e7);
  const [first, second] = r.session.snapshot().devices;
  return { ...r, ids: [first?.devId ?? 0, second?.devId ?? 0] as const };
}

const pendingOf = ({ session }: Pick<ReturnType<typeof rig>, 'session'>) =>
  session.state.ledger.pending.where(() => true);

const hwptsOf = ({ session }: Awaited<ReturnType<typeof played>>) =>
  session.snapshot().devices.map(({ attachments }) => attachments.filter((a) => a.pasid === null).map((a) => a.hwptId));

describe('two devices of one group', () => {
  it('are taken, attached to one HWPT, and given back', () => {
    const { files, kernel } = machine();
    const source = openOn(kernel, { ...BOTH, pasids: [5] });
    const [hwpt] = source.hwpts;
    expect(source.attachments.map((a) => [a.pasid, a.hwpt.id])).toEqual([
      [null, hwpt?.id],
      [5, hwpt?.id],
      [null, hwpt?.id],
      [5, hwpt?.id],
    ]);
    expect(source.note(source.devices[0]!.devId)).toMatch(/^one IOMMU group with 0000:6e:00\.0: attached together/);
    expect(source.close()).toEqual([]);
    expect(files.readLink(`/sys/bus/pci/devices/${FIRST}/driver`)).toMatch(/\/idxd$/);
  });

  it('the kernel names the device that was attached first in the faults of both', async () => {
    const r = await played();
    const named = new Set(pendingOf(r).map(({ devId }) => devId));
    expect([...named]).toEqual([r.ids[0]]);
    r.session.close();
  });

  it('a replace of one moves the other too, and both are told', async () => {
    const r = await played();
    const pending = pendingOf(r).length;
    r.session.command({ cmd: 'replace', devId: r.ids[1], hwpt: 'new-paging' }, 'key');
    expect(r.session.snapshot().devices).toMatchObject([{ group: 34 }, { group: 34 }]);
    const [one, two] = hwptsOf(r);
    expect(two).toEqual(one);
    const changes = ofType(r.events, 'attachment');
    expect(changes.map(({ change, devId }) => [change, devId])).toEqual([
      ['replaced', r.ids[0]],
      ['replaced', r.ids[1]],
    ]);
    expect(changes[0]?.invalidated).toBeGreaterThanOrEqual(pending);
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
  });

  it('a replace by what is attached does nothing', async () => {
    const r = await played();
    const pending = pendingOf(r).length;
    r.session.command({ cmd: 'replace', devId: r.ids[0], hwpt: hwptsOf(r)[0]?.[0] ?? 0 }, 'key');
    expect(ofType(r.events, 'attachment')).toEqual([]);
    expect(pendingOf(r).length).toBeGreaterThanOrEqual(pending);
    r.session.close();
  });

  it('a detach of one detaches the other; attached again, they have to have the same HWPT', async () => {
    const r = await played();
    r.session.command({ cmd: 'detach', devId: r.ids[0] }, 'key');
    expect(hwptsOf(r)).toEqual([[], []]);
    expect(pendingOf(r).length).toBe(0);
    expect(ofType(r.events, 'attachment').map(({ change, devId }) => [change, devId])).toEqual([
      ['detached', r.ids[0]],
      ['detached', r.ids[1]],
    ]);
    r.session.command({ cmd: 'attach', devId: r.ids[1], hwpt: 'new-paging' }, 'key');
    r.session.command({ cmd: 'attach', devId: r.ids[0], hwpt: 'new-paging' }, 'key');
    expect(ofType(r.events, 'error')).toMatchObject([{ errno: 'EINVAL' }]);
    r.session.command({ cmd: 'attach', devId: r.ids[0], hwpt: hwptsOf(r)[1]?.[0] ?? 0 }, 'key');
    const [one, two] = hwptsOf(r);
    expect([one?.length, one]).toEqual([1, two]);
    r.session.close();
  });

  it('a detach of which the second half fails detaches neither: what is pending can still be answered', () => {
    const { kernel } = machine();
    let detaches = 0;
    const failing = standIn<Kernel>(kernel, {
      ioctl: (fd: number, request: number, arg: Uint8Array) =>
        request === VFIO_DEVICE_DETACH_IOMMUFD_PT.nr && ++detaches === 2
          ? -Errno.ENOMEM
          : kernel.ioctl(fd, request, arg),
    });
    const source = openOn(failing, BOTH);
    const before = source.attachments;
    expect(() => source.attaching.detach(source.devices[1]!.devId, null)).toThrow('ENOMEM');
    expect(source.attachments).toEqual(before);
    source.attaching.detach(source.devices[0]!.devId, null);
    expect(source.attachments).toEqual([]);
    expect(source.close()).toEqual([]);
  });
});

describe('a device of a group that was handed over without the other', () => {
  it('is still attached to the kernel after its detach: what is pending is not taken for answered', () => {
    const { kernel: sim, files: machineFiles } = machine();
    const binding = openOn(sim, BOTH);
    const path = findDevice(machineFiles, FIRST).vfio?.path as string;
    const first = binding.devices[0]?.devId as DevId;
    const { iommufd, devices } = binding.handles as NonNullable<typeof binding.handles>;
    const { kernel, another } = withLinks(sim);
    const deviceFd = devices.find(({ address }) => address === FIRST)?.fd as number;
    const source = openHandedOn(kernel, {
      kind: 'handed',
      faultFds: [another((binding.queues[0] as { fd: Fd }).fd, 'anon_inode:[iommufd-pgfault]')],
      iommufd: another(iommufd, '/dev/iommu'),
      deviceFds: [{ fd: another(deviceFd, path), devId: first }],
      listen: null,
    });
    const r = rig({ on: source });
    const faults: PageRequest[] = [{ pasid: 0, grpid: 1, perm: 1, addr: 0x1000n, last: true }];
    sim.attachBehaviour(first, {
      start() {},
      nextDue: () => (faults.length > 0 ? 0n : undefined),
      tick: (_, emit) => faults.splice(0).forEach(emit),
      onResponse() {},
    });
    r.session.step(0);
    expect(r.session.snapshot().counters).toMatchObject({ groups: 1, pending: 1 });
    r.session.command({ cmd: 'detach', devId: first }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ auto: 0, pending: 1 });
    r.session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ success: 1, pending: 0 });
    expect(ofType(r.events, 'error')).toEqual([]);
    r.session.close();
    binding.close();
  });
});
