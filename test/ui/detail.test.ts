import { describe, expect, it } from 'vitest';
import { placed } from '../../src/ui/model/layout.ts';
import { layoutOf } from '../../src/ui/model/layout-of.ts';
import { faultFields } from '../../src/ui/panels/detail/fields.ts';
import { panelOf } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

const text = (session: Session): string => panelOf(session, 'detail').body().join('\n');

/** Group 2 of five, on the pending page. */
function opened(columns = 80, rows = 40): Session {
  const session = new Session(columns, rows);
  for (let i = 1; i <= 5; i++) session.engine.fault(1 + (i % 2), i === 2 ? 5 : null);
  return session.view().press('3').view().press('j enter').view();
}

describe('the detail pane', () => {
  it.each([
    [80, 40],
    [120, 50],
    [200, 60],
    [60, 16],
  ])('is exactly as wide as its place at %dx%d', (columns, rows) => {
    const session = opened(columns, rows);
    const { width, height } = placed(layoutOf(session.state), 'detail')!.body;
    const widths = panelOf(session, 'detail').widths();
    expect(new Set(widths)).toEqual(new Set([width]));
    expect(widths.length).toBeGreaterThan(4);
    expect(widths.length).toBeLessThanOrEqual(height);
  });

  it('says every field of the record, its meaning, and the response', () => {
    const said = text(opened());
    expect(said).toMatch(/flags +0x3 +PASID_VALID\|LAST_PAGE/);
    expect(said).toMatch(/pasid +5 +PASID 5/);
    expect(said).toMatch(/addr +0x7f0000002000 a whole page/);
    expect(said).toMatch(/cookie +2 +names group 2/);
    expect(said).toContain('iommu_hwpt_page_response, to be written');
  });

  it.each([
    [0, '03 00 00 00'],
    [1, '01 00 00 00'],
    [6, '00 20 00 00 00 7f 00 00'],
    [8, '02 00 00 00'],
  ])('lights up the bytes of field %d, and no others', (field, bytes) => {
    const session = opened().press(Array(field).fill('down').join(' ') || 'home');
    const lit = panelOf(session, 'detail')
      .paintedBody()
      // biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
      .flatMap((line) => [...line.matchAll(/\x1b\[0;7m([0-9a-f ]+)(?=\x1b\[0)/g)])
      .map((match) => match[1])
      .join('');
    expect(lit.trim()).toBe(bytes);
  });

  it('shows the group under the cursor of the list, and stays at its own once the cursor is in it', () => {
    const session = opened();
    expect(session.state).toMatchObject({ focus: 'detail', detail: { group: 2 } });
    session.engine.answer(2);
    expect(text(session.view())).toContain('answered SUCCESS');
    session.press('left').view().press('down').view();
    expect(session.state.detail?.group).toBe(session.state.pending.group);
  });

  it('closes with Esc, back in the list', () => {
    const session = opened().press('esc');
    expect(session.state).toMatchObject({ focus: 'pending', detail: null });
  });

  it('names bits that have no name', () => {
    const record = new Uint8Array(40);
    new Uint32Array(record.buffer)[0] = 0x80000006;
    const detail = { group: 1, state: 'pending' } as never;
    expect(faultFields(record, detail)[0]?.meaning).toBe('LAST_PAGE|0x80000004?');
  });
});

describe('while the picture is frozen', () => {
  const SIZES = [
    [60, 16],
    [80, 24],
    [120, 40],
    [200, 60],
  ] as const;

  it.each(SIZES)('is fetched, and follows the cursor of both lists at %dx%d', (columns, rows) => {
    for (const page of ['1', '3', '4']) {
      const s = new Session(columns, rows);
      for (let i = 1; i <= 30; i++) s.engine.fault(1 + (i % 2), i === 2 ? 5 : null);
      s.view().press(page).view().press('f home').view().press('enter').view();
      expect(text(s)).toContain('iommu_hwpt_pgfault');
      const first = s.state.detail!.group;
      s.engine.fault(1);
      s.press('left').view().press('down').view();
      expect(s.state.detail!.group).not.toBe(first);
      const { detail } = s.state.frozen!.view;
      expect(detail).toMatchObject({ group: s.state.detail!.group, found: 'held' });
      expect(text(s)).toContain('iommu_hwpt_pgfault');
    }
  });

  it('stays as it was when it was fetched', () => {
    const s = opened().press('f');
    s.engine.answer(2);
    expect(text(s.view())).toContain('pending for');
    expect(text(s.press('f').view())).toContain('answered SUCCESS');
  });

  it('says what became since the freeze of a group that is fetched only now', () => {
    const s = opened().press('left f');
    s.engine.answer(3);
    expect(text(s.press('down').view())).toContain('answered SUCCESS, since the freeze');
  });

  it('says when the history has let the group go', () => {
    const s = opened().press('left f');
    s.engine.evictedGroups.add(3);
    expect(text(s.press('down').view())).toContain('Group 3 was evicted from the history');
  });

  it('does not lead the cursor to groups that the picture does not hold', () => {
    const s = new Session(80, 24);
    for (let i = 1; i <= 200; i++) s.engine.fault(1);
    s.view().press('3 end').view().press('f').view();
    const [oldest] = s.state.frozen!.view.snapshot.pending;
    expect(oldest!.group).toBeGreaterThan(1);
    s.press('home').view();
    expect(s.state.pending.group).toBe(oldest!.group);
  });
});

describe('acting on what is looked at', () => {
  it('answers that group, whatever the list has selected', () => {
    const s = opened();
    s.engine.answer(1);
    s.view().press('i');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', group: 2, code: 'invalid' }]);
  });

  it('does not answer twice, nor what the terminal does not show yet', () => {
    const s = opened();
    s.highlighted = 1;
    s.press('i');
    s.highlighted = undefined;
    s.engine.answer(2);
    s.view().press('i');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.status?.text).toBe('Group 2 is no longer pending.');
  });

  it('replaces the HWPT of where it came from', () => {
    expect(opened().press('r').state.dialog?.target).toMatchObject({ devId: 1, pasid: 5 });
  });
});

describe('a closer look at a device', () => {
  it('is its pending groups', () => {
    const session = new Session(100, 30);
    for (let i = 1; i <= 5; i++) session.engine.fault(1 + (i % 2), null);
    session.view().press('2 home enter');
    expect(session.state).toMatchObject({ page: 'pending', filters: { pending: 'devId == 1' } });
    expect(session.press('esc').state.filters.pending).toBe('');
  });
});
