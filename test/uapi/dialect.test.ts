import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodePgfault, encodePgfault, encodeResponse, recogniseDialect } from '../../src/uapi/dialect.ts';

const u32 = fc.nat(0xffff_ffff);
const fault = fc.record({
  // In the current format 40 is no combination of flags that exist.
  flags: fc.nat(7),
  devId: u32,
  pasid: u32,
  grpid: u32,
  perm: fc.nat(15),
  addr: fc.bigInt(0n, 2n ** 64n - 1n),
  length: u32,
  cookie: u32,
});

describe('dialects of the fault descriptor', () => {
  it('a record says which one it is in, and comes back as it was', () => {
    fc.assert(
      fc.property(fault, fc.constantFrom('current' as const, 'v4' as const), (value, dialect) => {
        const bytes = encodePgfault(value, dialect);
        expect(bytes.byteLength).toBe(40);
        expect(recogniseDialect(bytes)).toBe(dialect);
        expect(decodePgfault(bytes)).toEqual(value);
      }),
    );
  });

  it('v4 as a dump of it looks: size first, then the fields without the reserved word', () => {
    const words = new Uint32Array(10);
    words.set([40, 3, 7, 5, 9, 2, 0x2000, 0x7f00, 0, 11]);
    expect(decodePgfault(new Uint8Array(words.buffer))).toEqual({
      flags: 3,
      devId: 7,
      pasid: 5,
      grpid: 9,
      perm: 2,
      addr: 0x7f00_0000_2000n,
      length: 0,
      cookie: 11,
    });
  });

  it('a record that is cut short is refused', () => {
    expect(() => recogniseDialect(new Uint8Array(39))).toThrow('a fault record has 40 bytes, 39 are left');
    expect(() => recogniseDialect(new Uint8Array(80), 60)).toThrow('20 are left');
  });

  it('answers: 8 bytes, or 32 with FAILURE', () => {
    const response = { devId: 1, pasid: 2, grpid: 3, cookie: 4, code: 1 };
    expect([...new Uint32Array(encodeResponse(response).buffer)]).toEqual([4, 1]);
    expect([...new Uint32Array(encodeResponse({ ...response, code: 2 }, 'v4').buffer)]).toEqual([
      32, 0, 1, 2, 3, 2, 4, 0,
    ]);
    expect(() => encodeResponse({ ...response, code: 2 })).toThrow('page response code 2 is not in 0..1');
    expect(() => encodeResponse({ ...response, code: 3 }, 'v4')).toThrow('page response code 3 is not in 0..2');
  });
});
