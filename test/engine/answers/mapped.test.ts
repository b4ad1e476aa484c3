import { describe, expect, it } from 'vitest';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import { Mappings } from '../../../src/sources/objects/mappings.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import { IOMMU_IOAS_MAP } from '../../../src/uapi/ioctl.ts';
import { ofType, rig } from '../fixture.ts';

/** Where somebody else has mapped every page already. */
class MappedKernel extends SimKernel {
  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    return request === IOMMU_IOAS_MAP.nr ? -Errno.EEXIST : super.ioctl(fd, request, arg);
  }
}

const PAGE = 4_096n;

describe('Mappings', () => {
  it('knows pages, whole and wherever they are', () => {
    const mappings = new Mappings();
    for (const page of [5n, 3n, 4n, 0n, 0xffff_ffff_ffff_fn]) mappings.add(page * PAGE + 7n);
    const known = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 0xffff_ffff_ffff_en, 0xffff_ffff_ffff_fn];
    expect(known.map((page) => mappings.has(page * PAGE))).toEqual([
      true,
      false,
      false,
      true,
      true,
      true,
      false,
      false,
      true,
    ]);
  });

  it('knows ranges, and pages beside and between them', () => {
    const mappings = new Mappings(4);
    mappings.addRange(8n * PAGE, 2n * PAGE);
    mappings.addRange(2n * PAGE, 2n * PAGE);
    mappings.addRange(4n * PAGE, PAGE);
    for (const page of [3n, 5n, 7n]) mappings.add(page * PAGE);
    const known = Array.from({ length: 11 }, (_, page) => (mappings.has(BigInt(page) * PAGE) ? page : -1));
    expect(known.filter((page) => page >= 0)).toEqual([2, 3, 4, 5, 7, 8, 9]);
    mappings.addRange(20n * PAGE, PAGE);
    mappings.addRange(30n * PAGE, 3n * PAGE);
    expect([mappings.forgotten, mappings.has(31n * PAGE)]).toEqual([3, null]);
  });

  it('that are too many are counted, and then nothing is said to be unmapped', () => {
    const mappings = new Mappings(2);
    for (const page of [0n, 2n, 4n, 1n]) mappings.add(page * PAGE);
    expect(mappings.forgotten).toBe(1);
    expect([0n, 1n, 2n, 4n, 9n].map((page) => mappings.has(page * PAGE))).toEqual([true, true, true, null, null]);
  });
});

describe('mapped', () => {
  const mappedOf = ({ session }: ReturnType<typeof rig>) => session.snapshot().pending.map(({ mapped }) => mapped);

  it('is false before and true after memory was mapped at the page', () => {
    const r = rig();
    r.fault();
    expect(mappedOf(r)).toEqual([false]);
    r.session.command({ cmd: 'respond', all: true, code: 'map' }, 'key');
    r.fault(2);
    expect(mappedOf(r)).toEqual([true, false]);
  });

  it('is of the IOAS: the same for a PASID of another device', () => {
    const r = rig({ devices: [{ pasid: true, pasids: [3] }] });
    r.fault();
    r.session.command({ cmd: 'respond', all: true, code: 'map' }, 'key');
    r.fault(1, 3);
    expect(mappedOf(r)).toEqual([true]);
  });

  it('is true once the kernel has said that the page is mapped (EEXIST)', () => {
    const r = rig({ kernel: new MappedKernel({}) });
    r.fault();
    r.session.command({ cmd: 'respond', all: true, code: 'map' }, 'key');
    expect(ofType(r.events, 'error')).toEqual([]);
    r.fault();
    expect(mappedOf(r)).toEqual([true]);
  });

  it('is not known of a device that is attached to nothing, as is nothing pending there', () => {
    const r = rig();
    r.session.command({ cmd: 'detach', devId: r.devId() }, 'key');
    expect(r.session.state.source.mapping?.isMapped(r.devId(), null, [0n])).toBeNull();
  });

  it('is not known of a nested HWPT', () => {
    const r = rig({ devices: [{ hwpt: 'nested' }] });
    r.fault();
    expect(mappedOf(r)).toEqual([null]);
  });
});
