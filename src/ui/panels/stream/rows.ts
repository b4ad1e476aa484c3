// The rows of the fault stream: cells as text, from the records. Pure.

import { hex } from '../../../text/hex.ts';
import type { StreamRow } from '../../model/stream-record.ts';
import { permLetters } from '../../text/format.ts';
import type { Style } from '../../text/style.ts';
import type { Cells } from '../lines.ts';

export const LETTER: Record<StreamRow['state'], string> = { pending: 'P', success: 'S', invalid: 'I', auto: 'A' };
export const STATE_STYLE: Record<StreamRow['state'], Style> = {
  pending: 'warn',
  success: 'good',
  invalid: 'bad',
  auto: 'auto',
};

export function streamCells(row: StreamRow, device: string, time: string): Cells {
  return {
    state: LETTER[row.state],
    time,
    seq: String(row.seq),
    group: String(row.group),
    device,
    pasid: row.pasid === null ? '-' : String(row.pasid),
    grpid: String(row.grpid),
    perm: permLetters(row.perm),
    addr: hex(row.addr),
    last: row.lastPage ? 'L' : '',
    cookie: String(row.cookie),
  };
}
