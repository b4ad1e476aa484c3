// Each panel as one component: its edges, its rows, what it says where it has none, at several sizes.
import { describe, expect, it } from 'vitest';
import { PANEL_TITLES, type Panel } from '../../../src/ui/model/layout.ts';
import { JOURNAL } from '../fixtures/fake-journal.ts';
import { STATISTICS, TREND } from '../fixtures/fake-statistics.ts';
import { ownerSession } from '../fixtures/owner.ts';
import { panelOf } from '../fixtures/panel.tsx';
import { Session } from '../fixtures/session.ts';

const PANELS = Object.keys(PANEL_TITLES) as Panel[];
const WIDTHS = [60, 120, 200];
const HEIGHT = 20;
const EACH = PANELS.flatMap((panel) => WIDTHS.map((width) => [panel, width] as const));

/** The keys that lead to the page of a panel. */
const WAY: Record<Panel, string> = {
  ...{ summary: '1', devices: '2', pending: '3', stream: '4', statistics: '5', journal: '6', rules: '7', owner: '8' },
  detail: '3 enter',
};

/** With something in each panel. */
function busy(panel: Panel): Session {
  const s = panel === 'owner' ? ownerSession(200, 60) : new Session(200, 60);
  if (panel !== 'owner') {
    for (let i = 1; i <= 12; i++) s.engine.fault(1 + (i % 2), i % 3 ? null : 5);
    for (let i = 1; i <= 4; i++) s.engine.answer(i, i % 4);
  }
  Object.assign(s.engine, { journal: JOURNAL, statistics: STATISTICS, trend: TREND });
  s.engine.rules = [{ name: 'late', when: 'pasid == 5', then: 'success', afterMs: 2000, enabled: true, hits: 3 }];
  s.view();
  for (const key of WAY[panel].split(' ')) s.press(key).view();
  return s;
}

describe.each(EACH)('the panel %s, %d cells wide', (panel, width) => {
  it('has straight edges, its title, and rows as wide as it is', () => {
    const part = panelOf(busy(panel), panel, { width, height: HEIGHT, focused: true });
    const lines = part.lines();
    expect(lines.map((line) => line.length)).toEqual(Array(HEIGHT).fill(width));
    expect(lines[0]).toMatch(new RegExp(`^╭─ ${PANEL_TITLES[panel]} ─*.*─╮$`));
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^│.*│$/);
    expect(lines.at(-1)).toMatch(/^╰─+╯$/);
    expect(part.body().filter((row) => row.trim()).length).toBeGreaterThan(0);
    for (const cells of part.widths()) expect(cells).toBeLessThanOrEqual(width - 2);
  });

  it('says before the first view why it is empty', () => {
    const part = panelOf(new Session(200, 60), panel, { width, height: HEIGHT, focused: true });
    const words = panel === 'detail' ? 'No group is selected.' : 'Waiting for the engine to start.';
    expect(part.body()[0]!.trim()).toBe(words);
    expect(part.note()).toBe(panel === 'statistics' ? 'since the start' : '');
    expect(new Set(part.widths())).toEqual(new Set([width - 2]));
  });

  it('is a row shorter where another panel stands under it, which closes it', () => {
    const part = panelOf(busy(panel), panel, { width, height: HEIGHT, focused: true });
    const { place } = part;
    const open = panelOf(busy(panel), panel, { width, height: HEIGHT, focused: true, last: false });
    expect(open.place.body.height).toBe(place.body.height + 1);
    expect(open.lines().at(-1)).toMatch(/^│.*│$/);
  });
});

describe('the cursor', () => {
  const TABLES: Panel[] = ['devices', 'pending', 'stream', 'journal', 'rules'];

  it.each(TABLES)('of %s is a bright row where keys go to it, else a point', (panel) => {
    const size = { width: 120, height: HEIGHT };
    const focused = panelOf(busy(panel), panel, { ...size, focused: true });
    const other = panelOf(busy(panel), panel, { ...size, focused: false });
    const at = focused.body().findIndex((row) => row.startsWith('▶'));
    expect(focused.body().filter((row) => row.startsWith('▶'))).toHaveLength(1);
    expect(focused.paintedBody()[at]).toMatch(/^.\[0;7m▶/);
    expect(other.text()).not.toContain('▶');
    expect(other.body().map((row) => row.startsWith('·'))).toEqual(focused.body().map((_, row) => row === at));
  });

  it.each(PANELS)('colours the border of %s', (panel) => {
    const size = { width: 120, height: HEIGHT };
    const top = (focused: boolean) => panelOf(busy(panel), panel, { ...size, focused }).painted()[0];
    expect(top(true)).toMatch(/^.\[0;[\d;]+m╭/);
    expect(top(false)).toMatch(/^╭/);
  });
});

describe('the note at the right of a title', () => {
  it.each<[Panel, RegExp]>([
    ['summary', /^1 cell = 1 s$/],
    ['pending', /^1 of 9 groups, oldest /],
    ['stream', /^following$/],
    ['journal', /^following; \d+ entries; in memory only$/],
    ['rules', /^the first match decides; 1 rule$/],
    ['detail', /^group 4, fault 1 of 1$/],
    ['owner', /^watching, nothing is read$/],
  ])('of %s', (panel, words) => {
    expect(panelOf(busy(panel), panel, { width: 120, height: HEIGHT, focused: true }).note()).toMatch(words);
  });
});

describe('a filter', () => {
  it.each([
    [60, 'filter 3 of 9'],
    [120, 'filter pasid == 5 && group > 0 && devId > 0 — 3 of 9'],
    [200, 'filter pasid == 5 && group > 0 && devId > 0 — 3 of 9'],
  ])('stands in the title of its panel, %d cells wide: %s', (width, words) => {
    const s = busy('pending').press('/').type('pasid == 5 && group > 0 && devId > 0').view().press('enter').view();
    const [title] = panelOf(s, 'pending', { width, height: HEIGHT, focused: true }).lines();
    expect(title).toHaveLength(width);
    expect(title).toContain(`─ Pending groups  ${words} ─`);
    expect(panelOf(s, 'stream', { width, height: HEIGHT, focused: true }).lines()[0]).not.toContain('filter');
  });

  it('that leaves nothing says so, and how to change it', () => {
    const s = busy('pending').press('/').type('pasid == 77').view().press('enter').view();
    const text = panelOf(s, 'pending', { width: 120, height: HEIGHT, focused: true }).text();
    expect(text).toContain('No pending group of 9 matches the filter pasid == 77');
    expect(text).toContain('Press / to change it.');
  });
});
