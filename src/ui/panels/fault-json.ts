// A record as the NDJSON stream has it.

import type { FaultMessage, Hex } from '../../protocol/messages.ts';
import { hex } from '../../text/hex.ts';
import { iommuHwptPgfault, PgfaultFlag } from '../../uapi/iommufd.ts';
import { permWords } from '../../uapi/perm.ts';

/** `record`: 40 bytes. `queue` null: it is not known, and left out. */
export function faultJson(
  record: Uint8Array,
  { seq, t, group, queue }: { seq: number; t: number; group: number; queue: number | null },
): Omit<FaultMessage, 'queue'> & { queue?: number } {
  const { flags, devId, pasid, grpid, perm, addr, length, cookie } = iommuHwptPgfault.decode(record);
  return {
    type: 'fault',
    t,
    seq,
    group,
    ...(queue === null ? {} : { queue }),
    cookie,
    devId,
    pasid: flags & PgfaultFlag.PASID_VALID ? pasid : null,
    grpid,
    perm: permWords(perm),
    addr: hex(addr) as Hex,
    length: Number(length),
    lastPage: (flags & PgfaultFlag.LAST_PAGE) !== 0,
    flags,
  };
}
