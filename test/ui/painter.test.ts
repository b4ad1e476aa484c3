import { describe, expect, it } from 'vitest';
import { SIZES, screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

function busy(columns: number, rows: number): Session {
  const session = new Session(columns, rows);
  for (let i = 1; i <= 40; i++) session.engine.fault(1 + (i % 2), i % 5 ? null : 5);
  return session.view(3);
}

describe('the screen', () => {
  it.each(SIZES)('has straight sides and whole columns at %dx%d', async (columns, rows) => {
    const lines = await screenOf(busy(columns, rows));
    for (const line of lines.slice(4, rows - 2)) {
      expect(['│', '├']).toContain(line[0]);
      expect(['│', '┤']).toContain(line[columns - 1]);
    }
    expect(lines[0]).toContain('MOCK');
    expect(lines[1]).toContain('pending 40');
    expect(lines.at(-1)).toContain('q quit');
    const text = lines.join('\n');
    expect(text).toMatch(/Pending groups[\s\S]*AGE[\s\S]*▶ +3\.0 s/);
    const header = lines.find((line) => line.includes('FIRST ADDRESS'))!;
    const row = lines.find((line) => line.includes('▶'))!;
    const end = header.indexOf('FIRST ADDRESS') + 'FIRST ADDRESS'.length;
    expect(row.slice(end - '0x7f0000001000'.length, end)).toBe('0x7f0000001000');
  });

  it.each(SIZES)('has room for its dialogs and the help at %dx%d', async (columns, rows) => {
    for (const keys of ['2 r', 'q', '2 a', '?']) {
      const lines = await screenOf(busy(columns, rows).press(keys));
      const text = lines.join('\n');
      expect(text).toMatch(/╭─ (Replace|Quit|Attach|Help)/);
      expect(text.match(/╰─*╯/g)?.length).toBeGreaterThanOrEqual(1);
      if (keys !== '?') expect(text).toContain('▶ Cancel');
    }
  });

  it.each([
    [20, 5],
    [59, 24],
    [10, 3],
  ])('says that it is too small at %dx%d', async (columns, rows) => {
    const text = (await screenOf(busy(columns, rows))).join(' ').replace(/\s+/g, ' ');
    expect(text).toContain(columns < 20 ? 'terminal' : `terminal too small: ${columns}×${rows}, need at least 60×16`);
  });

  it('is ASCII where there is no unicode', async () => {
    const text = (await screenOf(busy(80, 24).press('2 r'), { LANG: 'C' })).join('\n');
    // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
    expect(text).toMatch(/^[\x00-\x7f]*$/);
    expect(text).toContain('> Cancel');
    expect(text).toContain('+- Devices');
  });

  it('explains its empty panels', async () => {
    const text = (await screenOf(new Session(100, 30).view(40))).join('\n');
    expect(text).toContain('No fault has arrived from mock0 in 40s; press t to trigger one.');
    expect(text).toContain('Nothing waits for an answer.');
  });

  it('says that nothing can arrive where nothing is attached to a fault queue', async () => {
    const session = new Session(100, 30);
    for (const pasid of [undefined, 5])
      session.engine.send({ command: { cmd: 'detach', devId: 1, pasid }, cause: 'script' });
    session.engine.send({ command: { cmd: 'replace', devId: 2, hwpt: 8 }, cause: 'script' });
    expect((await screenOf(session.view())).join('\n')).toContain('No fault can arrive');
  });

  it.each(SIZES)('shows a device that is hung at %dx%d', async (columns, rows) => {
    const session = busy(columns, rows);
    session.engine.notes.set(2, 'stuck for 12.3 s, no answer');
    session.engine.hung.set(2, 12.3e9);
    const lines = await screenOf(session.view().press('2 G'));
    expect(lines.find((line) => line.includes(' Devices ─'))).toContain('1 stuck');
    expect(lines.join('\n')).toContain(columns < 90 ? 'stuck for 12.3 s' : 'stuck for 12.3 s, no answer');
  });

  it('names one number of groups in the quit dialog, also when more have arrived since', async () => {
    const session = busy(80, 24).press('q');
    session.engine.fault(1);
    const text = (await screenOf(session.view())).join('\n');
    expect(text).toContain('when you press Enter (41 now)');
    expect(text.match(/\d+ groups?\b(?! outstanding)/g)?.filter((of) => of !== '41 groups') ?? []).toEqual([]);
  });

  it('says for how long it is frozen, and what has come since', async () => {
    const session = busy(100, 30).press('f');
    for (let i = 0; i < 384; i++) session.engine.fault(1);
    expect((await screenOf(session.view(12)))[0]).toContain('FROZEN 12s, 384 faults behind');
  });
});
