import { describe, expect, it } from 'vitest';
import { setMouse } from '../../src/terminal/guard.ts';
import { type Panel, placed } from '../../src/ui/model/layout.ts';
import { layoutOf } from '../../src/ui/model/layout-of.ts';
import type { UiState } from '../../src/ui/model/state.ts';
import { Session } from './fixtures/session.ts';

function busy(): Session {
  const session = new Session(120, 40);
  for (let i = 1; i <= 60; i++) session.engine.fault(1 + (i % 2));
  return session.view();
}

/** The cell at the beginning of the `row`-th row of a panel. */
function cellOf(state: UiState, panel: Panel, row: number) {
  const { body } = placed(layoutOf(state), panel)!;
  return { column: body.left + 3, row: body.top + row };
}

const mouse = (name: string, place: { column: number; row: number }) => ({ name, text: '', place });

describe('the mouse', () => {
  it('selects the row that is clicked, and focuses its panel', () => {
    const session = busy();
    session.keys(mouse('click', cellOf(session.state, 'pending', 4)));
    expect(session.state.pending.group).toBe(5);
    session.keys(mouse('click', cellOf(session.state, 'devices', 1)));
    expect([session.state.focus, session.state.devices.key]).toEqual(['devices', '1:5']);
    session.keys(mouse('click', cellOf(session.state, 'pending', 2)));
    expect([session.state.focus, session.state.pending.group]).toEqual(['pending', 3]);
  });

  it('selects a fault of the stream, which stops following', () => {
    const session = busy().press('4').view();
    session.keys(mouse('click', cellOf(session.state, 'stream', 5)));
    const { end, cursor } = session.state.stream;
    expect(end).toBe(60);
    expect(cursor).toBe(60 - placed(layoutOf(session.state), 'stream')!.body.height + 1 + 5);
  });

  it('scrolls what is under it, wherever the cursor is', () => {
    const session = busy();
    session.keys(mouse('wheel-down', cellOf(session.state, 'devices', 0)));
    expect([session.state.focus, session.state.pending.group]).toEqual(['pending', 1]);
    expect(session.state.devices.key).not.toBe('1');
    session.keys(mouse('wheel-down', cellOf(session.state, 'pending', 0)));
    expect(session.state.pending.group).toBe(4);
    session.keys(mouse('wheel-up', cellOf(session.state, 'pending', 0)));
    expect(session.state.pending.group).toBe(1);
  });

  it('goes to the page whose tab is clicked', () => {
    const session = busy();
    session.keys(mouse('click', { column: 3, row: 2 }));
    expect(session.state.page).toBe('overview');
    session.keys(mouse('click', { column: 15, row: 2 }));
    expect(session.state.page).toBe('devices');
  });

  it('means nothing outside, nor under a dialog, the help or a prompt', () => {
    const session = busy();
    const before = session.state;
    session.keys(mouse('click', { column: 500, row: 500 }), mouse('wheel-up', { column: 0, row: 39 }));
    expect(session.state).toEqual({ ...before, status: null });
    for (const key of ['q', '?', '/', ':']) {
      const other = busy().press(key);
      other.keys(mouse('click', cellOf(other.state, 'devices', 1)));
      expect(other.state.focus).toBe('pending');
    }
  });

  it('is off until it is asked for', () => {
    expect(busy().state.mouse).toBe(false);
    expect(busy().press('M').state.mouse).toBe(true);
    expect(busy().press('M M').state.mouse).toBe(false);
  });

  it('tells the terminal nothing where the screen is not up or nothing has changed', () => {
    expect([setMouse(false), setMouse(true), setMouse(true), setMouse(false)]).toEqual(['', '', '', '']);
  });
});
