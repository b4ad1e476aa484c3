// What the C compiler is asked, made from the tables of src/uapi: an expression over the kernel's headers, and what the
// tables say it is worth.
import { Errno } from '../../src/uapi/errno.ts';
import { type Ioctl, ioctls } from '../../src/uapi/ioctl.ts';
import * as iommufd from '../../src/uapi/iommufd.ts';
import { PgfaultPerm } from '../../src/uapi/perm.ts';
import * as selftest from '../../src/uapi/selftest.ts';
import type { Field, Fields, Struct } from '../../src/uapi/struct.ts';
import * as vfio from '../../src/uapi/vfio.ts';

export interface Probe {
  readonly c: string;
  readonly expected: bigint;
  /** `least`: the tables have a short form, which the kernel's struct only begins with. */
  readonly is?: 'least';
}

export type AnyStruct = Struct<Fields>;

export const probe = (c: string, expected: number | bigint, is?: 'least'): Probe => ({
  c,
  expected: BigInt(expected),
  is,
});

const isStruct = (value: unknown): value is AnyStruct =>
  typeof value === 'object' && value !== null && 'fields' in value;
export const structsOf = (module: object): AnyStruct[] => Object.values(module).filter(isStruct);

/** Offset and width of each field, by the kernel's name; `member` is where in a union it is. */
function fieldProbes(name: string, fields: readonly Field[], member = ''): Probe[] {
  return fields.flatMap(({ kernelName, offset, width }) => {
    const path = `struct ${name}, ${member}${kernelName}`;
    return [probe(`offsetof(${path})`, offset), probe(`member_size(${path})`, width)];
  });
}

export function wholeStruct(table: AnyStruct, size?: 'least'): Probe[] {
  return [probe(`sizeof(struct ${table.name})`, table.size, size), ...fieldProbes(table.name, table.fields)];
}

/** The union members that each table of the selftest's command stands for. */
const TEST_MEMBERS: readonly (readonly [AnyStruct, string, readonly string[]])[] = [
  [selftest.testMockDomainFlags, 'mock_domain_flags', []],
  [selftest.testMockDomainFlags, 'mock_domain', ['devFlags']],
  [selftest.testMockDomainReplace, 'mock_domain_replace', []],
  [selftest.testTriggerIopf, 'trigger_iopf', []],
  [selftest.testPasid, 'pasid_attach', []],
  [selftest.testPasid, 'pasid_replace', []],
  [selftest.testPasid, 'pasid_detach', ['ptId']],
] as const;

const TEST_HEAD = ['size', 'op', 'id', 'reserved'];

function testCommand([table, member, absent]: (typeof TEST_MEMBERS)[number]): Probe[] {
  const head = table.fields.filter((f) => TEST_HEAD.includes(f.name));
  const inUnion = table.fields.filter((f) => ![...TEST_HEAD, ...absent, 'last'].includes(f.name));
  return [
    probe(`sizeof(struct ${table.name})`, table.size),
    ...fieldProbes(table.name, head),
    ...fieldProbes(table.name, inUnion, `${member}.`),
    // The table's `last` takes the padding behind it in, so that the table ends where the struct does.
    probe(`offsetof(struct ${table.name}, last)`, table.fields.find((f) => f.name === 'last')?.offset ?? -1),
  ];
}

/** The members of a table of numbers, as the kernel names them. */
export const numbers = (prefix: string, table: Record<string, number>): Probe[] =>
  Object.entries(table).map(([name, value]) => probe(`${prefix}${name}`, value));

/** Names that do not follow their table's pattern. */
const DATA_TYPES = {
  IOMMU_HWPT_DATA_NONE: iommufd.HwptDataType.NONE,
  IOMMU_HWPT_DATA_VTD_S1: iommufd.HwptDataType.VTD_S1,
  IOMMU_HWPT_DATA_ARM_SMMUV3: iommufd.HwptDataType.ARM_SMMUV3,
  IOMMU_HWPT_DATA_SELFTEST: iommufd.HwptDataType.SELFTEST,
};

const hwptFlags = (): Probe[] =>
  Object.entries(iommufd.HwptAllocFlag).map(([name, value]) =>
    probe(name === 'FAULT_ID_VALID' ? 'IOMMU_HWPT_FAULT_ID_VALID' : `IOMMU_HWPT_ALLOC_${name}`, value),
  );

const vfioFlags = (): Probe[] => [
  probe('VFIO_DEVICE_ATTACH_PASID', vfio.VFIO_PASID_FLAG),
  probe('VFIO_DEVICE_DETACH_PASID', vfio.VFIO_PASID_FLAG),
];

/** All that is asked. */
export function probes(): Probe[] {
  const testTables = new Set(TEST_MEMBERS.map(([table]) => table));
  return [
    ...ioctls.map(({ name, nr }: Ioctl) => probe(name, nr)),
    ...structsOf(iommufd).flatMap((table) => wholeStruct(table)),
    ...structsOf(selftest)
      .filter((table) => !testTables.has(table))
      .flatMap((table) => wholeStruct(table)),
    ...TEST_MEMBERS.flatMap(testCommand),
    ...structsOf(vfio).flatMap((table) => wholeStruct(table, 'least')),
    ...numbers('IOMMU_PGFAULT_FLAGS_', iommufd.PgfaultFlag),
    ...numbers('IOMMU_PGFAULT_PERM_', PgfaultPerm),
    ...numbers('IOMMUFD_PAGE_RESP_', iommufd.PageResponse),
    ...hwptFlags(),
    ...numbers('IOMMU_IOAS_MAP_', iommufd.IoasMapFlag),
    ...numbers('', DATA_TYPES),
    ...numbers('IOMMU_TEST_OP_', selftest.TestOp),
    ...numbers('MOCK_FLAGS_DEVICE_', selftest.MockDeviceFlag),
    probe('IOMMU_TEST_IOTLB_DEFAULT', selftest.IOMMU_TEST_IOTLB_DEFAULT),
    probe('MOCK_PASID_WIDTH', selftest.MOCK_PASID_WIDTH),
    ...vfioFlags(),
    ...numbers('', Errno),
  ];
}
