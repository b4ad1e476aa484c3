import { describe, expect, it } from 'vitest';
import type { JournalEntry } from '../../../src/protocol/messages.ts';
import { journalWords } from '../../../src/ui/panels/journal/words.ts';
import { JOURNAL } from '../fixtures/fake-journal.ts';
import { crookedRows, SIZES, screenOf } from '../fixtures/screen.ts';
import { Session } from '../fixtures/session.ts';

const answered = (group: number): JournalEntry => ({
  t: group,
  action: 'answer',
  cause: 'key',
  rule: null,
  code: 'success',
  groups: String(group),
  count: 1,
  result: 'ok',
});

function session(columns: number, rows: number, entries = 100): Session {
  const made = new Session(columns, rows);
  for (let group = 1; group <= entries; group++) made.engine.journal.push(answered(group));
  return made.press('6').view();
}

/** Groups of the rows in sight, and of the one under the cursor. */
async function rowsOf(made: Session): Promise<{ groups: number[]; cursor: number }> {
  const lines = await screenOf(made);
  const group = (line: string) => Number(/group (\d+)/.exec(line)?.[1] ?? 0);
  return {
    groups: lines.map(group).filter(Boolean),
    cursor: group(lines.find((line) => line.includes('▶')) ?? ''),
  };
}

describe('the words of the journal', () => {
  it('are those of a kernel developer', () => {
    const { devices } = new Session().engine.view().snapshot;
    expect(JOURNAL.map((entry) => journalWords(entry, devices))).toEqual([
      'iopftop 0.1.0 on MOCK, on exit hold, 2026-01-01T00:00:00.000Z',
      'SUCCESS to group 1',
      'INVALID to 1,638 groups 2-1639 by fast',
      'SUCCESS to group 1640: too late, the kernel had answered INVALID (EINVAL)',
      'the kernel answered INVALID to 3 groups 1641,1642,1650 of mock0 PASID 5',
      'mock0 PASID 5: HWPT 9 in place of 6; 3 pending groups became INVALID',
      'mock1 to HWPT 5',
      'mock1 from HWPT 5',
      'fast off: read → invalid',
      'respond: group 7 is answered already',
      'C mock0 has been stuck for 1.0 s',
      'C over: mock0 has been stuck for 1.0 s',
    ]);
    const mapped: JournalEntry = { ...answered(2), mapped: true };
    expect(journalWords(mapped, devices)).toBe('memory mapped, SUCCESS to group 2');
    const end = { t: 9, action: 'end', reason: 'signal', signal: 'SIGHUP', outstanding: 2, plan: 'hold', answered: 0 };
    expect(journalWords(end as JournalEntry, devices)).toBe('signal SIGHUP, 2 groups outstanding: hold, 0 answered');
    const odd = { t: 9, action: 'detached', devId: 7, hwptId: {}, oldHwptId: '\x1b[2J' } as unknown as JournalEntry;
    expect(journalWords(odd, devices)).toBe('device 7 from HWPT <U+001B>[2J');
  });
});

describe('the journal page', () => {
  it.each(SIZES)('has straight sides and a row for each entry at %dx%d', async (columns, rows) => {
    const made = new Session(columns, rows);
    made.engine.journal.push(...JOURNAL);
    const lines = await screenOf(made.press('6').view());
    expect(crookedRows(lines)).toEqual([]);
    expect(lines.join('\n')).toMatch(/CAUSE +ACTION +WHAT/);
    expect(lines.filter((line) => / alarm /.test(line))).toHaveLength(2);
    if (columns >= 120) expect(lines.join('\n')).toContain('HWPT 9 in place of 6; 3 pending groups became INVALID');
  });

  it('follows, stops as soon as it is scrolled, and follows again by End', async () => {
    const made = session(80, 24);
    expect((await rowsOf(made)).cursor).toBe(100);
    const stopped = await rowsOf(made.press('up up').view());
    expect(stopped.cursor).toBe(98);
    expect(stopped.groups.at(-1)).toBe(100);
    for (let group = 101; group <= 140; group++) made.engine.journal.push(answered(group));
    expect(await rowsOf(made.view())).toEqual(stopped);
    expect((await screenOf(made))[3]).toContain('stopped, 40 newer; End follows; 140 entries; in memory only');
    expect((await rowsOf(made.press('end').view())).cursor).toBe(140);
    expect((await screenOf(made))[3]).toContain('following');
  });

  it('goes a page at a time to the first entry, and down to follow', async () => {
    const made = session(80, 24);
    for (let i = 0; i < 9; i++) made.press('pgup').view();
    expect(await rowsOf(made)).toMatchObject({ cursor: 1 });
    expect((await rowsOf(made)).groups[0]).toBe(1);
    for (let i = 0; i < 9; i++) made.press('pgdn').view();
    expect((await rowsOf(made)).cursor).toBe(100);
    expect((await screenOf(made))[3]).toContain('following');
    expect((await rowsOf(made.press('home').view())).cursor).toBe(1);
  });

  it('stays with its row while older entries go from memory, and yields when that one goes', async () => {
    const made = session(120, 24).press('up up up').view();
    const before = await rowsOf(made);
    made.engine.evicted = 60;
    expect(await rowsOf(made.view())).toEqual(before);
    expect((await screenOf(made))[3]).toContain('the newest 40 of 100 entries');
    made.engine.evicted = 98;
    expect(await rowsOf(made.view())).toEqual({ groups: [99, 100], cursor: 99 });
  });

  it('holds still while the picture is frozen', async () => {
    const made = session(80, 24).press('f');
    const before = await rowsOf(made);
    for (let group = 101; group <= 105; group++) made.engine.journal.push(answered(group));
    expect(await rowsOf(made.view())).toEqual(before);
    expect((await screenOf(made))[3]).toContain('frozen; 100 entries');
    expect((await rowsOf(made.press('f').view())).cursor).toBe(105);
  });

  it('shows nothing that came since also when it is opened on a frozen picture', async () => {
    const made = session(80, 24, 3).press('1').view().press('f');
    for (let group = 4; group <= 6; group++) made.engine.journal.push(answered(group));
    expect(await rowsOf(made.view().press('6').view())).toEqual({ groups: [1, 2, 3], cursor: 3 });
    expect((await rowsOf(made.press('home').view().press('end').view())).cursor).toBe(3);
  });

  it('says why it is empty', async () => {
    const made = new Session(80, 24).press('6').view();
    expect((await screenOf(made)).join('\n')).toContain('Nothing has been answered, attached or detached yet');
  });
});

describe('a change of the rules', () => {
  const RULE = { rule: 'r', number: 2, count: 3, when: 'write', then: 'invalid', afterMs: 5_000, enabled: true };
  it.each<[Record<string, unknown>, string]>([
    [
      { change: 'in-force', cause: 'start', source: '--rules x.toml' },
      'r in force, from --rules x.toml: write → invalid after 5.0 s',
    ],
    [{ change: 'in-force', cause: 'start', enabled: false }, 'r off: write → invalid after 5.0 s'],
    [{ change: 'armed', when: undefined, afterMs: undefined }, 'r armed: every group → invalid'],
    [{ change: 'added', enabled: false }, 'r added, off: write → invalid after 5.0 s'],
    [{ change: 'on' }, 'r on: write → invalid after 5.0 s'],
    [{ change: 'moved', from: 4 }, 'r moved from 4 to 2: write → invalid after 5.0 s'],
    [
      { change: 'changed', before: { name: 'r', then: 'hold' } },
      'r changed: write → invalid after 5.0 s (was every group → hold)',
    ],
    [
      { change: 'changed', before: { name: 'q', when: 'write', then: 'map' } },
      'q is r now: write → invalid after 5.0 s (was write → map)',
    ],
    [{ change: 'deleted' }, 'r deleted: write → invalid after 5.0 s'],
    [{ change: 'deleted', count: 0 }, 'r deleted: write → invalid after 5.0 s; no rule is left: all groups are held'],
    [{ change: 'same', rule: undefined }, 'the same 3 rules again'],
    [{ change: 'more', changes: 936 }, '936 more, not listed one by one'],
    [{ change: 'armed', rule: '\u001b[2J', when: '\u001b[2J' }, '<U+001B>[2J armed: <U+001B>[2J → invalid after 5.0 s'],
  ])('%o', (said, words) => {
    expect(journalWords({ t: 1, action: 'policy', cause: 'key', ...RULE, ...said } as JournalEntry, [])).toBe(words);
  });
});
