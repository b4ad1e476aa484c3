import { describe, expect, it } from 'vitest';
import { dialogBox } from '../../src/ui/overlays/dialog/lines.ts';
import { panelOf } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

/** `n` groups on mock0 and mock1 in turn, the page of the pending groups. */
function session(n: number): Session {
  const made = new Session(100, 30);
  for (let i = 0; i < n; i++) made.engine.fault(1 + (i % 2));
  return made.view().press('3').view();
}
const marks = (s: Session) => [...s.state.marks].sort((a, b) => a - b);
const words = (s: Session) =>
  dialogBox(s.state, s.state.dialog!)
    .lines.map((line) => line.text.trim())
    .join('\n');

describe('marking', () => {
  it('takes the group under the cursor and goes on to the next', () => {
    const s = session(5).press('space space');
    expect(marks(s)).toEqual([1, 2]);
    expect(s.state.pending.group).toBe(3);
    expect(panelOf(s, 'pending').note()).toMatch(/^2 marked, /);
    expect(marks(s.press('k space'))).toEqual([1]);
    expect(marks(s.press('u'))).toEqual([]);
  });

  it('takes a range, which the cursor draws', () => {
    const s = session(8).press('j v j j j');
    expect(marks(s)).toEqual([2, 3, 4, 5]);
    expect(marks(s.press('k'))).toEqual([2, 3, 4]);
    expect(marks(s.press('v j j'))).toEqual([2, 3, 4]);
  });

  it('is all forgotten at Esc, a range that has begun too', () => {
    const s = session(8).press('space v j esc j');
    expect(marks(s)).toEqual([]);
    expect(s.state.range).toBe(null);
  });

  it('takes a range that goes up, and keeps what was marked before', () => {
    const s = session(8).press('space j j j v k k');
    expect(marks(s)).toEqual([1, 3, 4, 5]);
  });

  it('takes all of the list, also what the window does not hold', () => {
    const s = session(300).press('*');
    expect(s.state.marks.size).toBe(0);
    expect(s.view().state.marks.size).toBe(300);
    expect(s.state.status?.text).toBe('300 groups marked.');
  });

  it('says how many a frozen display does not have', () => {
    const s = session(300).press('f *');
    const { size } = s.state.marks;
    expect(size).toBeGreaterThan(0);
    expect(size).toBeLessThan(300);
    expect(s.state.status?.text).toBe(`${size} groups marked of 300: the frozen display has no others; f resumes.`);
    expect(s.press('f u *').view().state.status?.text).toBe('300 groups marked.');
  });

  it('takes nothing if the filter is wrong: the list shows more than was asked for', () => {
    const s = session(5).press('/').type('nonsense').press('enter').view().view();
    expect(s.press('*').view().state.marks.size).toBe(0);
    expect(s.state.status?.text).toBe('Not marked: the filter is wrong, and the list is not filtered by it.');
    expect(s.press('\\').view().press('*').view().state.marks.size).toBe(5);
  });

  it('fetches what of a range was never in sight', () => {
    const s = session(300).press('j v end').view().press('v').view();
    expect(s.state.marks.size).toBe(299);
    expect(marks(s)[0]).toBe(2);
  });

  it('takes pending groups of the stream, which must stand still', () => {
    const s = session(6);
    s.engine.answer(5);
    s.view().press('4 space');
    expect(marks(s)).toEqual([]);
    s.press('up space');
    expect(s.state.status?.text).toMatch(/^Group 5 has been answered/);
    expect(marks(s.press('up space').view())).toEqual([4]);
  });

  it('takes a range of the stream from an answered group on: those of it that are pending', () => {
    const s = session(6);
    for (const group of [3, 5]) s.engine.answer(group);
    s.view().press('4 up v up up up');
    expect(marks(s)).toEqual([2, 4]);
  });

  it('forgets groups that are answered', () => {
    const s = session(5).press('space space');
    s.engine.answer(1);
    expect(marks(s.view().view())).toEqual([2]);
  });
});

describe('answering a device with more groups than are in sight', () => {
  it('is for those that were pending when it was asked', () => {
    const s = session(60).press('2 s');
    s.view();
    expect(words(s)).toContain('Only these 30 groups; later arrivals are not affected.');
    expect(words(s)).toContain('Answer SUCCESS to 30 groups');
    s.engine.fault(1);
    s.view().press('down down enter');
    const odd = Array.from({ length: 30 }, (_, i) => 2 * i + 1);
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', groups: odd, code: 'success' }]);
  });
});

describe('acting on marks', () => {
  it('asks, and says how many of which devices', () => {
    const s = session(6).press('space space space i').view();
    expect(s.state.dialog?.title).toBe('Answer INVALID — 3 marked groups');
    expect(words(s)).toContain('2 of mock0, 1 of mock1.');
    expect(words(s)).toContain('▶ Cancel');
    expect(s.press('enter').engine.commands).toEqual([]);
  });

  it('answers exactly these, and not those that are gone', () => {
    const s = session(6).press('space space space s').view();
    s.engine.answer(2, 3);
    s.engine.fault(1);
    s.view();
    expect(words(s)).toContain('1 group of them already gone.');
    s.press('down down enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', groups: [1, 3], code: 'success' }]);
    expect(marks(s.view().view())).toEqual([]);
  });

  it('says how many went at the last moment', () => {
    const s = session(4).press('space space s').view().press('down');
    s.engine.answer(1, 3);
    s.press('enter');
    expect(s.state.status?.text).toBe('Done: memory mapped, SUCCESS → 1 group of mock0, mock1; 1 other already gone');
  });

  it('does nothing when all are gone', () => {
    const s = session(4).press('space s').view();
    s.engine.answer(1, 3);
    s.view().press('down enter');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.status?.text).toMatch(/^Not done: /);
  });

  it('ends a range that has begun', () => {
    const s = session(6).press('v j m');
    expect(s.state.dialog?.groups).toEqual({ groups: [1, 2] });
    expect(s.state.range).toBe(null);
  });
});
