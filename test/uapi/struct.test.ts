import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ioctls } from '../../src/uapi/ioctl.ts';
import { iommuHwptPageResponse, iommuHwptPgfault } from '../../src/uapi/iommufd.ts';
import {
  at,
  type Field,
  type Fields,
  type FieldType,
  type Struct,
  type StructValue,
  struct,
} from '../../src/uapi/struct.ts';
import { vfioDeviceBindIommufd } from '../../src/uapi/vfio.ts';

const VALUES: Record<FieldType, fc.Arbitrary<number | bigint>> = {
  u8: fc.nat(0xff),
  u16: fc.nat(0xffff),
  u32: fc.nat(0xffff_ffff),
  s32: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
  u64: fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }),
};

type Values = Partial<StructValue<Fields>>;
const valuesOf = (fields: readonly Field[]) =>
  fc.record(
    Object.fromEntries(fields.map(({ name, type }) => [name, VALUES[type]])),
  ) as unknown as fc.Arbitrary<Values>;

describe('encode and decode', () => {
  const tables: readonly Struct<Fields>[] = [
    ...new Set<Struct<Fields>>([...ioctls.map(({ arg }) => arg), iommuHwptPgfault, iommuHwptPageResponse]),
  ];
  test.each(tables.map((table) => [table.name, table] as const))('%s comes back as it was', (_, table) => {
    fc.assert(
      fc.property(valuesOf(table.fields), fc.nat(64), (value, before) => {
        expect(table.decode(table.encode(value))).toEqual(value);
        const larger = new Uint8Array(before + table.size + 8).fill(0xa5);
        table.write(larger, value, before);
        expect(table.decode(larger, before)).toEqual(value);
        expect(larger.subarray(0, before).every((b) => b === 0xa5)).toBe(true);
        expect(larger.subarray(before + table.size).every((b) => b === 0xa5)).toBe(true);
      }),
    );
  });

  test('a leading size or argsz is filled in, and can be given', () => {
    expect(vfioDeviceBindIommufd.decode(vfioDeviceBindIommufd.encode()).argsz).toBe(16);
    expect(vfioDeviceBindIommufd.decode(vfioDeviceBindIommufd.encode({ argsz: 12 })).argsz).toBe(12);
  });

  test('what is not given stays as it is', () => {
    const bytes = iommuHwptPageResponse.encode({ cookie: 7, code: 1 });
    iommuHwptPageResponse.write(bytes, { code: 0 });
    expect(iommuHwptPageResponse.decode(bytes)).toEqual({ cookie: 7, code: 0 });
  });

  test('too few bytes throw', () => {
    expect(() => iommuHwptPgfault.decode(new Uint8Array(39))).toThrow(RangeError);
    expect(() => iommuHwptPgfault.decode(new Uint8Array(79), 40)).toThrow(RangeError);
    expect(() => iommuHwptPageResponse.write(new Uint8Array(7), { code: 1 })).toThrow(RangeError);
  });

  test('a field that there is not throws', () => {
    expect(() => iommuHwptPageResponse.write(new Uint8Array(8), { grpid: 1 } as never)).toThrow('has no field grpid');
  });
});

describe('a table that cannot be', () => {
  test('fields that end before or after the size throw at load', () => {
    expect(() => struct('short', 12, { a: 'u32', b: 'u32' })).toThrow('fields end at 8, the struct has 12 bytes');
    expect(() => struct('long', 4, { a: 'u32', b: 'u32' })).toThrow('past 4');
  });

  test('a field that is not aligned throws at load', () => {
    expect(() => struct('crooked', 12, { a: 'u32', b: 'u64' })).toThrow('not aligned to 8');
    expect(() => struct('placed', 8, { a: 'u32', b: at(6, 'u32') })).toThrow('not aligned to 4');
  });
});
