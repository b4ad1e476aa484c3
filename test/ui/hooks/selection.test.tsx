// What a component has selected: which changes render it again, and which change nothing that can be seen.
import { Profiler } from 'react';
import { describe, expect, it } from 'vitest';
import { WholeScreen } from '../../../src/ui/app/app.tsx';
import { isSame, Selection } from '../../../src/ui/hooks/selection.ts';
import { PANEL_TITLES, type Panel, placed } from '../../../src/ui/model/layout.ts';
import { layoutOf } from '../../../src/ui/model/layout-of.ts';
import type { UiState } from '../../../src/ui/model/state.ts';
import { PANELS } from '../../../src/ui/panels/panels.ts';
import type { Theme } from '../../../src/ui/text/theme.ts';
import { partOf, THEME } from '../fixtures/panel.tsx';
import { Session } from '../fixtures/session.ts';

function session(): Session {
  const made = new Session(200, 60);
  for (let i = 1; i <= 6; i++) made.engine.fault(1 + (i % 2));
  return made.view();
}

describe('a selection', () => {
  function counted(pick: (state: UiState) => unknown) {
    let runs = 0;
    const select = (state: UiState) => {
      runs++;
      return pick(state);
    };
    const selection = new Selection<unknown>();
    return { of: (state: UiState) => selection.of(state, select), runs: () => runs };
  }

  it('is not worked out again while the fields that it has read are the same', () => {
    const { state } = session();
    const { of, runs } = counted(({ page, nextId }) => `${page} ${nextId}`);
    expect(of(state)).toBe('overview 1');
    expect(of({ ...state, now: 1e6, columns: 7, view: null })).toBe('overview 1');
    expect(runs()).toBe(1);
    expect(of({ ...state, nextId: 9 })).toBe('overview 9');
    expect(runs()).toBe(2);
  });

  it('takes notice of what is read only now and then', () => {
    const { state } = session();
    const { of, runs } = counted((all) => (all.page === 'overview' ? 'no' : all.nextId));
    of(state);
    of({ ...state, nextId: 5 });
    expect(runs()).toBe(1);
    expect(of({ ...state, page: 'stream', nextId: 5 })).toBe(5);
    expect(of({ ...state, page: 'stream', nextId: 6 })).toBe(6);
    expect(runs()).toBe(3);
  });

  it('is the very same value where it is made again and has the same in it', () => {
    const { state } = session();
    const { of, runs } = counted(({ columns, rows }) => ({ fits: columns > 60, lines: [`${rows}`] }));
    const first = of(state);
    expect(of({ ...state, columns: 199 })).toBe(first);
    expect(runs()).toBe(2);
    expect(of({ ...state, rows: 59 })).not.toBe(first);
  });

  it('is another one where it is selected otherwise', () => {
    const { state } = session();
    const selection = new Selection<unknown>();
    expect(selection.of(state, ({ page }) => page)).toBe('overview');
    expect(selection.of(state, ({ columns }) => columns)).toBe(200);
  });

  it('throws what the selector throws, each time', () => {
    const { state } = session();
    const { of } = counted(() => {
      throw new Error('no');
    });
    expect(() => of(state)).toThrow('no');
    expect(() => of(state)).toThrow('no');
  });
});

it.each<[unknown, unknown, boolean]>([
  [[1, { a: 'x' }], [1, { a: 'x' }], true],
  [[1, 2], [1], false],
  [{ a: 1 }, { a: 1, b: undefined }, false],
  [{ a: undefined }, { b: undefined }, false],
  [new Map(), new Map(), false],
  [Number.NaN, Number.NaN, true],
  [null, {}, false],
  [[], {}, false],
])('%j and %j are the same: %s', (a, b, same) => {
  expect(isSame(a, b)).toBe(same);
});

describe('a panel', () => {
  const SHOWN = Object.keys(PANEL_TITLES).filter((panel) => !['detail', 'owner'].includes(panel)) as Panel[];

  /** It alone, and how often it was rendered. */
  function counting(panel: Panel) {
    const s = session();
    s.press(
      panel === 'summary'
        ? '1'
        : { devices: '2', pending: '3', stream: '4', statistics: '5', journal: '6', rules: '7' }[panel as 'devices'],
    ).view();
    const Shown = PANELS[panel];
    let renders = 0;
    const node = (
      <Profiler id={panel} onRender={() => void renders++}>
        <Shown place={placed(layoutOf(s.state), panel)!} focused={true} />
      </Profiler>
    );
    let paints = 0;
    const paint: Theme['paint'] = (style, text) => {
      paints++;
      return THEME.paint(style, text);
    };
    const part = partOf(s, node, { theme: { ...THEME, paint } });
    return { s, part, renders: () => renders, paints: () => paints };
  }
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it.each(SHOWN)('%s is not rendered again by a tick of the clock, and no row of it is painted', async (panel) => {
    const { s, part, renders, paints } = counting(panel);
    const [before, frames, painted] = [renders(), part.frames(), paints()];
    expect(painted).toBeGreaterThan(0);
    for (let i = 1; i <= 4; i++) {
      part.store.set({ ...s.state, now: s.state.now + i / 4 });
      await settled();
    }
    expect([renders(), part.frames(), paints()]).toEqual([before, frames, painted]);
    expect(before).toBe(1);
  });

  it.each(SHOWN)('%s is not rendered again by a view that says the same', async (panel) => {
    const { s, part, renders } = counting(panel);
    const { view } = s.state;
    const [before, frames] = [renders(), part.frames()];
    s.view(0);
    expect(s.state.view).not.toBe(view);
    part.store.set(s.state);
    await settled();
    expect([renders(), part.frames()]).toEqual([before, frames]);
  });

  it.each(SHOWN)('%s is rendered once by a view that says something else', async (panel) => {
    const { s, part, renders } = counting(panel);
    s.engine.fault(1);
    s.engine.rules = [{ name: 'one', then: 'hold', enabled: true, hits: 0 }];
    s.engine.journal = [];
    s.engine.trend = { t: s.engine.t, faults: [3], answered: [1], pending: [2] };
    s.view(1);
    const changes = panel !== 'journal' && panel !== 'statistics';
    const [before, frames] = [renders(), part.frames()];
    part.store.set(s.state);
    await settled();
    expect([renders() - before, part.frames() - frames]).toEqual(changes ? [1, 1] : [0, 0]);
  });
});

describe('the whole screen', () => {
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('has no other frame for a tick, nor for a view that says the same; while it is frozen, one for the seconds', async () => {
    const s = session();
    s.state = { ...s.state, status: null };
    const part = partOf(s, <WholeScreen />);
    const frames = part.frames();
    part.store.set({ ...s.state, now: s.state.now + 1 });
    await settled();
    part.store.set(s.view(0).state);
    await settled();
    expect(part.frames()).toBe(frames);
    s.press('f');
    part.update();
    const frozen = part.frames();
    part.store.set({ ...s.state, now: s.state.now + 5 });
    await settled();
    expect(part.frames()).toBe(frozen + 1);
    expect(part.lines()[0]).toMatch(/FROZEN 5s/);
  });
});
