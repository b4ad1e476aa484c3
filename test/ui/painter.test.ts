import xterm from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import { Painter } from '../../src/ui/painter.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { Session } from './fixtures/session.ts';

const painters: Painter[] = [];
afterEach(() => {
  for (const painter of painters.splice(0)) painter.close();
});

/** What a terminal shows after the session's state has been painted onto it. */
async function screenOf(session: Session, env: NodeJS.ProcessEnv = { LANG: 'C.UTF-8' }): Promise<string[]> {
  const { columns, rows } = session.state;
  const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true });
  let data = '';
  const write = (text: string, done: (error: null) => void) => {
    data += text;
    done(null);
  };
  const painter = new Painter(makeTheme(env), { write, close: () => {} }, session.state, () => {});
  painters.push(painter);
  painter.paint(session.state, 'key');
  await new Promise<void>((resolve) => terminal.write(data, resolve));
  const { active } = terminal.buffer;
  return Array.from({ length: rows }, (_, row) => active.getLine(row)!.translateToString(false));
}

function busy(columns: number, rows: number): Session {
  const session = new Session(columns, rows);
  for (let i = 1; i <= 40; i++) session.engine.fault(1 + (i % 2), i % 5 ? null : 5);
  return session.view(3);
}

const SIZES = [
  [60, 16],
  [80, 24],
  [81, 25],
  [120, 40],
  [189, 50],
  [190, 50],
  [200, 60],
  [300, 100],
] as const;

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
    session.engine.notes.set(2, 'hung for 12.3 s, no answer');
    const lines = await screenOf(session.view().press('2 G'));
    expect(lines[1]).toContain(' mock1 HUNG ');
    expect(lines.join('\n')).toContain(columns < 90 ? 'hung for 12.3 s' : 'hung for 12.3 s, no answer');
  });

  it('names one number of groups in the quit dialog, also when more have arrived since', async () => {
    const session = busy(80, 24).press('q');
    session.engine.fault(1);
    const text = (await screenOf(session.view())).join('\n');
    expect(text).toContain('41 groups outstanding');
    expect(text.match(/\d+ groups?\b(?! outstanding)/g)?.filter((of) => of !== '41 groups') ?? []).toEqual([]);
  });

  it('says for how long it is frozen, and what has come since', async () => {
    const session = busy(100, 30).press('f');
    for (let i = 0; i < 384; i++) session.engine.fault(1);
    expect((await screenOf(session.view(12)))[0]).toContain('FROZEN 12s +384');
  });
});
