// Limits of this process that can be checked before anything is disturbed.

import { Reading } from '../../host/reading.ts';
import type { Files } from '../../kernel/files.ts';
import { CAP_IPC_LOCK, hasCapability } from '../../process/proc.ts';
import { Refusal } from '../../text/refusal.ts';
import type { IovaRange } from '../options.ts';

/** Bytes; null: there is no limit, or it cannot be read. */
function memlock(reading: Reading): bigint | null {
  const status = reading.text('/proc/self/status', 'our own capabilities') ?? '';
  if (hasCapability(status, CAP_IPC_LOCK)) return null;
  const limits = reading.text('/proc/self/limits', 'our own limits') ?? '';
  const soft = /^Max locked memory\s+(\d+)/m.exec(limits)?.[1];
  return soft === undefined ? null : BigInt(soft);
}

/** The memory of an IOAS is pinned when its first device is attached, and counts then (iopt_alloc_pages). */
export function checkLimits(files: Files, ranges: readonly IovaRange[]): void {
  const wanted = ranges.reduce((sum, { length }) => sum + length, 0n);
  const limit = memlock(new Reading(files));
  if (limit === null || wanted <= limit) return;
  throw new Refusal(
    'refused',
    `--iova needs ${wanted} bytes of locked memory, but RLIMIT_MEMLOCK is ${limit}`,
    'raise it with `ulimit -l unlimited`, or run as root',
  );
}
