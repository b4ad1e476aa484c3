// The two wire formats of a fault descriptor. Released kernels (6.11 and later) speak `current`. The v4 series of April
// 2024 spoke another one, never released: dumps from such trees begin every record with its size, 40, where the current
// format has flags, of which only the low bits exist; so the first word distinguishes them.
import { iommuHwptPageResponse, iommuHwptPgfault } from './iommufd.ts';
import { struct } from './struct.ts';

export type Dialect = 'current' | 'v4';

export const RECORD_BYTES = 40;

export const v4Pgfault = struct('iommu_hwpt_pgfault (v4)', RECORD_BYTES, {
  size: 'u32',
  flags: 'u32',
  devId: 'u32',
  pasid: 'u32',
  grpid: 'u32',
  perm: 'u32',
  addr: 'u64',
  length: 'u32',
  cookie: 'u32',
});

export const v4PageResponse = struct('iommu_hwpt_page_response (v4)', 32, {
  size: 'u32',
  flags: 'u32',
  devId: 'u32',
  pasid: 'u32',
  grpid: 'u32',
  code: 'u32',
  cookie: 'u32',
  reserved: 'u32',
});

/** v4's codes: FAILURE says that the device should expect no further answers. */
export const V4PageResponse = { SUCCESS: 0, INVALID: 1, FAILURE: 2 } as const;

/** One fault, in either dialect. */
export interface Pgfault {
  flags: number;
  devId: number;
  pasid: number;
  grpid: number;
  perm: number;
  addr: bigint;
  length: number;
  cookie: number;
}

export interface Response {
  devId: number;
  pasid: number;
  grpid: number;
  cookie: number;
  code: number;
}

/**
 * The dialect of records that begin at `offset`. Throws RangeError when fewer than 40 bytes follow. Flag bits 3 and 5
 * together (40) are not defined in the current format, so a first word of exactly 40 is v4.
 */
export function recogniseDialect(bytes: Uint8Array, offset = 0): Dialect {
  if (bytes.byteLength - offset < RECORD_BYTES) {
    throw new RangeError(
      `a fault record has ${RECORD_BYTES} bytes, ${Math.max(0, bytes.byteLength - offset)} are left`,
    );
  }
  return v4Pgfault.decode(bytes, offset).size === RECORD_BYTES ? 'v4' : 'current';
}

/** Decodes the record at `offset`. Throws RangeError when it is cut short. */
export function decodePgfault(bytes: Uint8Array, offset = 0, dialect = recogniseDialect(bytes, offset)): Pgfault {
  const { flags, devId, pasid, grpid, perm, addr, length, cookie } =
    dialect === 'v4' ? v4Pgfault.decode(bytes, offset) : iommuHwptPgfault.decode(bytes, offset);
  return { flags, devId, pasid, grpid, perm, addr, length, cookie };
}

/** Encodes one record. */
export const encodePgfault = (fault: Pgfault, dialect: Dialect = 'current'): Uint8Array =>
  dialect === 'v4' ? v4Pgfault.encode(fault) : iommuHwptPgfault.encode(fault);

/** Encodes one answer: 8 bytes in the current format, 32 in v4. Throws RangeError for a code that the dialect lacks. */
export function encodeResponse(response: Response, dialect: Dialect = 'current'): Uint8Array {
  const last = dialect === 'v4' ? V4PageResponse.FAILURE : 1;
  if (response.code < 0 || response.code > last)
    throw new RangeError(`page response code ${response.code} is not in 0..${last}`);
  if (dialect === 'v4') return v4PageResponse.encode(response);
  return iommuHwptPageResponse.encode({ cookie: response.cookie, code: response.code });
}
