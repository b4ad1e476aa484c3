import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type PageCount, PageTable } from '../../../src/engine/ledger/pages.ts';
import { countPerms, RECORD_WORDS, W } from '../../../src/engine/ledger/records.ts';

/** One record for each number, all of one device: at the page of that number times `spread`. */
function recordsAt(pages: readonly number[], spread: number): Uint32Array {
  const words = new Uint32Array(pages.length * RECORD_WORDS);
  pages.forEach((page, i) => {
    words[i * RECORD_WORDS + W.devId] = 3;
    words[i * RECORD_WORDS + W.addrLow] = (page * spread) << 12;
    words[i * RECORD_WORDS + W.addrHigh] = page & 1;
  });
  return words;
}

/** What a table says of each record: groups before, slot and sequence number of the one before; and what it forgot. */
interface Said {
  repeats: { index: number; before: number; slot: number; previous: number }[];
  forgotten: PageCount[];
  top: PageCount[];
}

function sayAll(note: (table: PageTable, repeat: (index: number) => void) => void): Said {
  const forgotten: PageCount[] = [];
  const table = new PageTable((count) => forgotten.push(count));
  const repeats: Said['repeats'] = [];
  note(table, (index) => {
    const { before, slot, previousSeqLow: previous } = table;
    repeats.push({ index, before, slot, previous });
  });
  return { repeats, forgotten, top: table.top(100) };
}

const FIRST_SEQ = 1_000;

const oneByOne = (words: Uint32Array, count: number): Said =>
  sayAll((table, repeat) => {
    for (let i = 0; i < count; i++) if (table.note(words, i * RECORD_WORDS, FIRST_SEQ + i) > 0) repeat(i);
  });

const together = (words: Uint32Array, count: number): Said =>
  sayAll((table, repeat) => {
    const starts = Uint32Array.from({ length: count }, (_, i) => i);
    for (let n = 0; n < count; n++) {
      n = table.noteUntilRepeat(words, starts, n, count, FIRST_SEQ);
      if (n < count) repeat(n);
    }
  });

describe('the page table', () => {
  it('says the same of groups one by one and of many at once', () => {
    const pages = fc.array(fc.integer({ min: 0, max: 60 }), { minLength: 1, maxLength: 300 });
    fc.assert(
      fc.property(pages, fc.constantFrom(1, 8_192, 99_991), (list, spread) => {
        const words = recordsAt(list, spread);
        expect(together(words, list.length)).toEqual(oneByOne(words, list.length));
      }),
    );
  });

  it('tells the page that loses its slot, if it came often, whatever takes it', () => {
    const often = [7, 7, 7, 7, 7];
    const others = Array.from({ length: 100_000 }, (_, i) => 100 + i);
    const list = [...often, ...others];
    const said = together(recordsAt(list, 1), list.length);
    expect(said.repeats.map(({ before }) => before)).toEqual([1, 2, 3, 4]);
    expect(said.repeats[0]?.previous).toBe(FIRST_SEQ);
    expect(said.forgotten).toEqual([{ seqLow: FIRST_SEQ + 4, groups: 5 }]);
  });
});

describe('permissions', () => {
  it('are counted for each record, in runs or mixed', () => {
    const perms = fc.array(fc.integer({ min: 0, max: 15 }), { minLength: 1, maxLength: 50 });
    fc.assert(
      fc.property(perms, fc.nat(49), (list, skip) => {
        const from = Math.min(skip, list.length - 1);
        const words = new Uint32Array(list.length * RECORD_WORDS);
        list.forEach((perm, i) => {
          words[i * RECORD_WORDS + W.perm] = perm;
        });
        const counted = new Float64Array(16);
        countPerms(counted, words, from, list.length);
        const wanted = Array.from({ length: 16 }, (_, perm) => list.slice(from).filter((p) => p === perm).length);
        expect([...counted]).toEqual(wanted);
      }),
    );
  });
});
