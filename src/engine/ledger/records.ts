// Where the fields of a fault record are, in words of 32 bits, for the loops that touch every record.

import type { Cookie, Grpid } from '../../uapi/ids.ts';
import { iommuHwptPgfault, PgfaultFlag } from '../../uapi/iommufd.ts';
import { NO_PASID } from '../../uapi/pasid.ts';

/** Words of 32 bits in a record. */
export const RECORD_WORDS = iommuHwptPgfault.size / 4;

const offset = iommuHwptPgfault.offsetOf;

export const W = {
  flags: offset.flags / 4,
  devId: offset.devId / 4,
  pasid: offset.pasid / 4,
  grpid: offset.grpid / 4,
  perm: offset.perm / 4,
  addrLow: offset.addr / 4,
  addrHigh: offset.addr / 4 + 1,
  cookie: offset.cookie / 4,
} as const;

/** The kernel's name for the group of the record at word `at`, while it is outstanding. */
export const cookieAt = (words: Uint32Array, at: number): Cookie => words[at + W.cookie] as Cookie;

/** The device's name for it. */
export const grpidAt = (words: Uint32Array, at: number): Grpid => words[at + W.grpid] as Grpid;

/** The PASID of the record at word `at`; NO_PASID without PASID_VALID. */
export const pasidAt = (words: Uint32Array, at: number): number =>
  (words[at + W.flags]! & PgfaultFlag.PASID_VALID) !== 0 ? words[at + W.pasid]! : NO_PASID;

/** The address of the record at word `at`. */
export const addrAt = (words: Uint32Array, at: number): bigint =>
  (BigInt(words[at + W.addrHigh]!) << 32n) | BigInt(words[at + W.addrLow]!);

/** The records `from` … `end` - 1 of these words: those of one group. */
export interface GroupRecords {
  readonly words: Uint32Array;
  readonly from: number;
  readonly end: number;
}

/** PgfaultPerm bits that any of the records has. */
export function permsOf({ words, from, end }: GroupRecords): number {
  let perms = 0;
  for (let i = from; i < end; i++) perms |= words[i * RECORD_WORDS + W.perm]!;
  return perms;
}

/** The index after the group that begins at record `from`: records of one cookie, up to the one with LAST_PAGE. */
export function groupEnd(words: Uint32Array, from: number, limit: number): number {
  const cookie = words[from * RECORD_WORDS + W.cookie];
  let at = from;
  while ((words[at * RECORD_WORDS + W.flags]! & PgfaultFlag.LAST_PAGE) === 0) {
    if (at + 1 === limit || words[(at + 1) * RECORD_WORDS + W.cookie] !== cookie) break;
    at++;
  }
  return at + 1;
}

/** Adds the records `from` … `end` - 1 to the counts by their PgfaultPerm bits, 16 of them. */
export function countPerms(byPerm: Float64Array, words: Uint32Array, from: number, end: number): void {
  for (let at = from * RECORD_WORDS + W.perm, i = from; i < end; ) {
    const first = i;
    const perm = words[at]!;
    do {
      at += RECORD_WORDS;
      i++;
    } while (i < end && words[at] === perm);
    byPerm[perm & 15] = byPerm[perm & 15]! + i - first;
  }
}
