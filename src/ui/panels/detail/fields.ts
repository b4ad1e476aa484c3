// A fault record, field by field: what each says, and which of its bytes say it.
import type { GroupDetail } from '../../../protocol/messages.ts';
import { iommuHwptPageResponse, iommuHwptPgfault, PageResponse, PgfaultFlag } from '../../../uapi/iommufd.ts';
import { PgfaultPerm } from '../../../uapi/perm.ts';
import type { Field } from '../../../uapi/struct.ts';

export interface FieldLine {
  /** Of the struct that it belongs to. */
  field: Field;
  value: string;
  meaning: string;
}

type Values = Record<string, number | bigint>;

/** Numbers that are only counted are decimal, as the program shows them everywhere; bits and addresses are not. */
const DECIMAL = ['devId', 'pasid', 'grpid', 'length', 'cookie'];

const fieldValue = (field: Field, values: Values): string =>
  DECIMAL.includes(field.name) ? String(values[field.name]) : `0x${values[field.name]!.toString(16)}`;

/** Names of the bits that are set; those without a name as one number. */
function bitNames(value: number, table: Record<string, number>): string {
  const names = Object.entries(table).filter(([, bit]) => (value & bit) !== 0);
  const rest = names.reduce((left, [, bit]) => left & ~bit, value);
  return [...names.map(([name]) => name), ...(rest ? [`0x${(rest >>> 0).toString(16)}?`] : [])].join('|');
}

const PAGE_SIZE = 4096n;

const MEANING: Record<string, (values: Values, detail: GroupDetail) => string> = {
  flags: ({ flags }) => bitNames(Number(flags), PgfaultFlag) || 'none set',
  devId: () => 'iommufd device',
  pasid: ({ flags, pasid }) => (Number(flags) & PgfaultFlag.PASID_VALID ? `PASID ${pasid}` : 'not valid'),
  grpid: () => "the device's PRG index",
  perm: ({ perm }) => bitNames(Number(perm), PgfaultPerm) || 'none',
  reserved: () => '',
  addr: ({ addr }) => {
    const at = BigInt(addr!) % PAGE_SIZE;
    return at === 0n ? 'a whole page' : `page 0x${(BigInt(addr!) - at).toString(16)} + 0x${at.toString(16)}`;
  },
  length: ({ length }) => (length === 0 ? 'not used' : 'bytes'),
  cookie: (_, { group }) => `names group ${group}`,
};

/** The fields of iommu_hwpt_pgfault in `record` (40 bytes). */
export function faultFields(record: Uint8Array, detail: GroupDetail): FieldLine[] {
  const values = iommuHwptPgfault.decode(record) as Values;
  return iommuHwptPgfault.fields.map((field) => ({
    field,
    value: fieldValue(field, values),
    meaning: MEANING[field.name]?.(values, detail) ?? '',
  }));
}

/** The answer as write() takes it: iommu_hwpt_page_response, 8 bytes; as it was given, or SUCCESS as it would be. */
export function responseBytes(record: Uint8Array, state: GroupDetail['state']): Uint8Array {
  const { cookie } = iommuHwptPgfault.decode(record);
  const code = state === 'invalid' || state === 'auto' ? PageResponse.INVALID : PageResponse.SUCCESS;
  return iommuHwptPageResponse.encode({ cookie, code });
}

export function responseFields(bytes: Uint8Array, state: GroupDetail['state']): FieldLine[] {
  const values = iommuHwptPageResponse.decode(bytes) as Values;
  const code = values.code === PageResponse.SUCCESS ? 'SUCCESS' : 'INVALID';
  const words: Record<string, string> = {
    cookie: 'of the group',
    code: state === 'pending' ? '0 SUCCESS, 1 INVALID' : code,
  };
  return iommuHwptPageResponse.fields.map((field) => ({
    field,
    value: fieldValue(field, values),
    meaning: words[field.name] ?? '',
  }));
}
