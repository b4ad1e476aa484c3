// From what stands on the terminal to what should: the bytes for it.
import { FILLER, sanitiseCell } from '../../text/sanitise.ts';
import type { CellRow } from './cells.ts';

/** A run of unchanged cells shorter than this is cheaper to write again than to jump over. */
const JUMP = 6;

/** Positions and text for the cells of `row` (0-based) that differ; `shown` null: it is not known what stands there. */
export function diffRow(row: number, shown: CellRow | null, wanted: CellRow): string {
  const width = wanted.chars.length;
  const same = (i: number) =>
    shown !== null && shown.chars[i] === wanted.chars[i] && shown.styles[i] === wanted.styles[i];
  let out = '';
  let style = '';
  for (let i = 0; i < width; ) {
    if (same(i)) {
      i++;
      continue;
    }
    let end = i + 1;
    // A wide character is written from its first half on
    if (wanted.chars[i] === FILLER && i > 0) i--;
    for (let quiet = 0; end + quiet < width && quiet < JUMP; ) {
      if (same(end + quiet)) quiet++;
      else {
        end += quiet + 1;
        quiet = 0;
      }
    }
    out += `\x1b[${row + 1};${i + 1}H`;
    for (; i < end; i++) {
      const next = wanted.styles[i] ?? '';
      if (next !== style) {
        out += next ? `\x1b[0;${next}m` : '\x1b[0m';
        style = next;
      }
      const character = wanted.chars[i] ?? ' ';
      // The way out: whatever was forgotten to be made harmless does not move the cursor.
      if (character !== FILLER) out += sanitiseCell(character);
      // A terminal that counts it otherwise goes on where we do
      else if (i + 1 < end) out += `\x1b[${row + 1};${i + 2}H`;
    }
  }
  return style ? `${out}\x1b[0m` : out;
}
