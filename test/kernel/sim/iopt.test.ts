import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { IoPagetable } from '../../../src/kernel/sim/iopt.ts';
import { AddressSpace } from '../../../src/kernel/sim/memory.ts';
import { ULONG_MAX } from '../../../src/kernel/sim/ranges.ts';

const PAGE = 4096n;
const GEOMETRY = { apertureStart: 1n << 24n, apertureLast: (1n << 31n) - 1n, pageSize: 2048n };

function table() {
  const memory = new AddressSpace();
  const { address } = memory.map(1 << 20);
  return { iopt: new IoPagetable(memory), va: address };
}

describe('IoPagetable', () => {
  it('takes any address and length while it has no domain', () => {
    const { iopt } = table();
    expect(iopt.map(3n, 5n, 7n, true)).toBe(3n);
    expect(iopt.holes()).toEqual([{ start: 0n, last: ULONG_MAX }]);
  });

  it('reserves what a domain cannot reach, until the domain goes', () => {
    const { iopt, va } = table();
    expect(iopt.addDomain(GEOMETRY)).toBe(0);
    expect(iopt.holes()).toEqual([{ start: 1n << 24n, last: (1n << 31n) - 1n }]);
    expect(iopt.alignment).toBe(2048n);
    expect(iopt.map(0n, va, PAGE, true)).toBe(-22);
    iopt.removeDomain(GEOMETRY);
    expect(iopt.alignment).toBe(1n);
    expect(iopt.map(0n, va, PAGE, true)).toBe(0n);
  });

  it('refuses a domain that cannot reach what is mapped', () => {
    const { iopt, va } = table();
    iopt.map(0n, va, PAGE, true);
    expect(iopt.addDomain(GEOMETRY)).toBe(-98);
    expect(iopt.holes()).toEqual([{ start: 0n, last: ULONG_MAX }]);
  });

  it('pins memory as soon as a domain needs it', () => {
    const { iopt } = table();
    iopt.map(1n << 24n, 0x1000n, PAGE, true);
    expect(iopt.addDomain(GEOMETRY)).toBe(-14);
  });

  it('counts what is pinned against the limit, and gives it back', () => {
    const memory = new AddressSpace(2 * 4096);
    const { address } = memory.map(1 << 16);
    const iopt = new IoPagetable(memory);
    iopt.addDomain(GEOMETRY);
    const at = 1n << 24n;
    expect(iopt.map(at, address, 3n * PAGE, true)).toBe(-12);
    expect(iopt.map(at, address, 2n * PAGE, true)).toBe(at);
    expect(iopt.map(at + 2n * PAGE, address, PAGE, true)).toBe(-12);
    iopt.unmap(at, 2n * PAGE);
    expect(iopt.map(at, address, PAGE, true)).toBe(at);
    iopt.removeDomain(GEOMETRY);
    expect(iopt.map(at + PAGE, address, 2n * PAGE, true)).toBe(at + PAGE);
    expect(iopt.addDomain(GEOMETRY)).toBe(-12);
  });

  it('checks a fixed address in the order of the kernel', () => {
    const { iopt, va } = table();
    iopt.addDomain(GEOMETRY);
    const at = 1n << 24n;
    expect(iopt.map(at, va, PAGE, true)).toBe(at);
    expect(iopt.map(at, va, PAGE, true)).toBe(-17);
    expect(iopt.map(at + 1n, va, PAGE, true)).toBe(-22);
    expect(iopt.map(ULONG_MAX - 2047n, va, 2n * PAGE, true)).toBe(-75);
    expect(iopt.map(at, va, 0n, true)).toBe(-22);
    expect(iopt.map(at, ULONG_MAX, PAGE, true)).toBe(-75);
  });

  it('unmaps whole areas only, and keeps what it did before it met half of one', () => {
    const { iopt, va } = table();
    iopt.map(0x1000n, va, PAGE, true);
    iopt.map(0x2000n, va, 2n * PAGE, true);
    expect(iopt.unmap(0x1800n, PAGE)).toEqual({ unmapped: 0n, rc: -2 });
    expect(iopt.unmap(0x1000n, 2n * PAGE)).toEqual({ unmapped: PAGE, rc: -2 });
    expect(iopt.areas.map((a) => a.start)).toEqual([0x2000n]);
    expect(iopt.unmap(0n, 0x10000n)).toEqual({ unmapped: 2n * PAGE, rc: 0 });
  });

  it('finds the lowest address that fits', () => {
    const { iopt, va } = table();
    iopt.addDomain(GEOMETRY);
    expect(iopt.map(undefined, va, PAGE, true)).toBe(1n << 24n);
    expect(iopt.map(undefined, va + 2048n, 2048n, true)).toBe((1n << 24n) + PAGE + 2048n);
    expect(iopt.map(undefined, va, 2n * PAGE, true)).toBe((1n << 24n) + 2n * PAGE);
    expect(iopt.map(undefined, va, 1n << 40n, true)).toBe(-28);
  });

  it('never lets areas overlap, and finds each by its addresses', () => {
    const step = fc.record({ at: fc.bigInt(0n, 40n), pages: fc.bigInt(1n, 4n), unmap: fc.boolean() });
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const { iopt, va } = table();
        for (const { at, pages, unmap } of steps) {
          if (unmap) iopt.unmap(at * PAGE, pages * PAGE);
          else iopt.map(at * PAGE, va, pages * PAGE, true);
        }
        iopt.areas.forEach((area, i) => {
          const next = iopt.areas[i + 1];
          if (next) expect(area.last < next.start).toBe(true);
          expect(iopt.areaAt(area.start)).toBe(area);
          expect(iopt.areaAt(area.last)).toBe(area);
        });
      }),
    );
  });
});
