// Where the terminal is too small for anything to be seen, nothing is done that somebody would have to see.

import { describe, expect, it } from 'vitest';
import { sizeOf } from '../../../src/terminal/size.ts';
import { settle } from '../../../src/ui/actions/settle.ts';
import { Session } from '../fixtures/session.ts';

function session(): Session {
  const made = new Session(100, 40);
  for (let i = 0; i < 3; i++) made.engine.fault(1, null);
  return made.view();
}

function resize(s: Session, columns: number, rows: number): Session {
  s.state = settle({ ...s.state, ...sizeOf({ columns, rows }) });
  return s;
}

describe('a terminal that is too small', () => {
  it.each(['s', 'i', 'm', 'r', 't', 'space', 'q', ':', '/', '7', 'enter', 'O'])('does nothing at %s', (key) => {
    const s = resize(session(), 20, 5).press(key);
    expect([s.engine.commands, s.effects]).toEqual([[], []]);
    const { dialog, prompt, palette, marks, page } = resize(s, 100, 40).state;
    expect([dialog, prompt, palette, marks.size, page]).toEqual([null, null, null, 0, 'overview']);
  });

  it('says so once there is room', () => {
    const s = resize(session(), 59, 16).press('i');
    expect(resize(s, 100, 40).state.status?.text).toBe('Not done: i came while the terminal was smaller than 60×16.');
  });

  it('keeps a dialog as it is', () => {
    const s = session().press('space space s').view().press('down');
    resize(s, 20, 5).press('enter').press('down').press('enter');
    expect(s.engine.commands).toEqual([]);
    expect(resize(s, 100, 40).state.dialog?.at).toBe(1);
    s.press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', groups: [1, 2] }]);
  });

  it('is left by Ctrl-C: twice where groups are pending', () => {
    const s = resize(session(), 20, 5).press('ctrl-c');
    expect([s.state.dialog?.kind, s.effects]).toEqual(['quit', []]);
    expect(s.press('enter').effects).toEqual([]);
    expect(s.press('ctrl-c').effects).toEqual([{ do: 'quit', session: 'local', onExit: 'hold' }]);
  });

  it('is suspended and written again as ever', () => {
    expect(resize(session(), 20, 5).press('ctrl-z ctrl-l').effects).toEqual([{ do: 'suspend' }, { do: 'redraw' }]);
  });
});
