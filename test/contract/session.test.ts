// The session over selftest devices, on both kernels: what the engine believes is what the kernel did.
import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { Iommufd } from '../../src/iommufd/iommufd.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { LAB_PERM_PARTIAL } from '../../src/uapi/selftest.ts';
import { ofType, type Rig, rig } from '../engine/fixture.ts';
import { kernelUnderTest } from './kernel-under-test.ts';

const kernel: Kernel = await kernelUnderTest();

/** The descriptors of this process on the real kernel, or the lowest free one of the simulated one. */
function open(): number {
  if (kernel.name === 'linux') return readdirSync('/proc/self/fd').length;
  const fd = kernel.open('/dev/iommu', 2);
  kernel.close(fd);
  return fd;
}

const source = ({ session }: Rig) => session.state.source;
const attachments = (r: Rig) =>
  r.session.snapshot().devices.map((d) => d.attachments.map((a) => [a.pasid, a.hwptKind, a.handler]));

describe(`session on ${kernel.name}`, () => {
  it('groups of several records are one group, in order', () => {
    const r = rig({ kernel });
    for (const [i, perm] of [LAB_PERM_PARTIAL + 1, LAB_PERM_PARTIAL + 2, 1].entries()) {
      source(r).triggering?.trigger({ devId: r.devId(), pasid: null, grpid: 9, perm, addr: BigInt(i + 1) * 0x1000n });
    }
    r.session.step(0);
    expect(r.session.snapshot().pending).toMatchObject([
      { faults: 3, first: '0x1000', last: '0x3000', perm: ['read', 'write'] },
    ]);
    r.session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ faults: 3, groups: 1, success: 1, pending: 0 });
    r.session.close();
  });

  it('detach and attach of the device itself, and of a PASID', () => {
    const r = rig({ kernel, devices: [{ pasid: true, pasids: [3] }] });
    r.fault(2);
    r.fault(1, 3);
    expect(attachments(r)).toEqual([
      [
        [null, 'paging', 'us'],
        [3, 'paging', 'us'],
      ],
    ]);
    r.session.command({ cmd: 'detach', devId: r.devId() }, 'key');
    expect(r.session.snapshot().counters).toMatchObject({ auto: 2, pending: 1 });
    expect(attachments(r)).toEqual([[[3, 'paging', 'us']]]);
    r.fault(1);
    expect(r.session.snapshot().counters.groups).toBe(3);
    r.session.command({ cmd: 'attach', devId: r.devId(), hwpt: 'new-paging' }, 'key');
    r.fault(1);
    expect(r.session.snapshot().counters).toMatchObject({ groups: 4, pending: 2 });
    r.session.command({ cmd: 'replace', devId: r.devId(), pasid: 3, hwpt: 'new-paging' }, 'key');
    r.session.command({ cmd: 'detach', devId: r.devId(), pasid: 3 }, 'key');
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(r.session.snapshot().counters).toMatchObject({ auto: 3, pending: 1 });
    r.session.close();
  });

  it('a nested HWPT gets the faults of every PASID; map is refused there', () => {
    const r = rig({ kernel, devices: [{ pasid: true, hwpt: 'nested' }] });
    r.fault(1, 77);
    expect(r.session.snapshot().pending).toMatchObject([{ pasid: 77 }]);
    r.session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    expect(ofType(r.events, 'error')).toMatchObject([{ kind: 'refused' }]);
    r.session.close();
  });

  it('maps at the faulting pages, twice without harm, and unmaps by leaving', () => {
    const r = rig({ kernel });
    r.fault(3);
    r.session.command({ cmd: 'respond', all: true, code: 'map' }, 'key');
    r.fault(3);
    r.session.command({ cmd: 'respond', all: true, code: 'map' }, 'key');
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(r.session.snapshot().counters).toMatchObject({ success: 6, repeated: 3 });
    r.session.close();
  });

  it('an answer to a group that somebody else had invalidated is told as gone', () => {
    const r = rig({ kernel });
    r.fault(2);
    // Behind the engine's back.
    const objects = source(r).attaching;
    objects?.replace(r.devId(), null, 'new-paging');
    r.session.command({ cmd: 'respond', all: true, code: 'success' }, 'key');
    expect(ofType(r.events, 'answers').map((a) => [a.result, [...a.groups]])).toEqual([['gone', [1, 2]]]);
    expect(r.session.snapshot().counters).toMatchObject({ success: 0, auto: 2, pending: 0 });
    r.session.close();
  });

  it('one rule that answers everything leaves nothing', () => {
    const r = rig({ kernel, rules: [{ then: 'success' }], devices: [{}, {}] });
    for (let i = 0; i < 5_000; i++) {
      source(r).triggering?.trigger({
        devId: r.devId(i & 1),
        pasid: null,
        grpid: i & 511,
        perm: 1,
        addr: BigInt(i) << 12n,
      });
    }
    r.session.step(0);
    r.session.step(0);
    expect(r.session.snapshot().counters).toMatchObject({ groups: 5_000, success: 5_000, pending: 0 });
    r.session.close();
  });

  it('leaves nothing open, whatever was done', () => {
    const before = open();
    const r = rig({ kernel, devices: [{ pasid: true, pasids: [1, 2] }, { hwpt: 'nested' }, {}] });
    r.fault(3);
    r.fault(1, 2);
    r.session.command({ cmd: 'detach', devId: r.devId(2) }, 'key');
    r.session.command({ cmd: 'replace', devId: r.devId(0), hwpt: 'new-paging' }, 'key');
    r.session.close();
    expect(ofType(r.events, 'error')).toEqual([]);
    expect(open()).toBe(before);
  });

  it('leaves nothing open when the set-up fails half-way', () => {
    const before = open();
    // A nested HWPT for a device without PASIDs, with a PASID to attach: refused at the last step.
    expect(() => rig({ kernel, devices: [{}, { pasid: false, pasids: [1] }] })).toThrow(/IOMMU_TEST_CMD .*EINVAL/);
    expect(open()).toBe(before);
    const iommufd = Iommufd.open(kernel);
    iommufd.close();
  });
});
