// A file under the journal that outlives runs, on a disk that may be full.
import { formerRuns } from '../../src/engine/journal/former-run.ts';
import type { LineFile } from '../../src/engine/journal/journal-file.ts';

export class JournalDisk {
  text = '';
  /** Bytes that it takes yet. */
  space = Number.POSITIVE_INFINITY;

  leave(space: number): void {
    this.space = space;
  }

  readonly open = (): LineFile => ({
    torn: this.text !== '' && !this.text.endsWith('\n'),
    before: { runs: formerRuns(this.text.slice(-100_000)), more: 0, partly: null },
    append: (bytes, from) => {
      if (this.space < 1) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
      const count = Math.min(this.space, bytes.length - from);
      this.text += Buffer.from(bytes.buffer, bytes.byteOffset + from, count).toString('latin1');
      this.space -= count;
      return count;
    },
    close: () => {},
  });
}
