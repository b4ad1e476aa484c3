import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../src/protocol/messages.ts';
import { dialogBox } from '../../src/ui/dialogs/lines.ts';
import { Session } from './fixtures/session.ts';

const LOOP: Alarm = {
  kind: 'refault',
  level: 'warning',
  value: 9,
  threshold: 8,
  since: 1,
  devId: 1,
  pasid: null,
  text: 'mock0 refault loop',
};

/** Groups 1, 2, 3 (PASID 5) on mock0, mock1, mock0. */
function session(): Session {
  const made = new Session(100, 40);
  for (const [devId, pasid] of [
    [1, null],
    [2, null],
    [1, 5],
  ] as const)
    made.engine.fault(devId, pasid);
  return made;
}
const words = (s: Session) =>
  dialogBox(s.state, s.state.dialog!)
    .lines.map((line) => line.text.trim())
    .join(' ');

describe('SUCCESS to one group', () => {
  it('is given at once where memory is mapped, or nothing is known', () => {
    const s = session();
    s.engine.known.set(1, { mapped: true, repeats: 50 });
    s.view().press('s s');
    expect(s.engine.commands).toMatchObject([{ group: 1 }, { group: 2 }]);
  });

  it('is asked about where nothing is mapped, Cancel first', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false });
    s.view().press('s').view();
    expect(words(s)).toContain('No memory is known to be mapped at 0x7f0000001000 (IOAS 3): after SUCCESS the device');
    expect(s.state.dialog?.choices.map((c) => c.label)).toEqual([
      'Cancel',
      'Map memory there and answer SUCCESS',
      'SUCCESS all the same',
    ]);
    expect(s.press('enter').engine.commands).toEqual([]);
    s.press('s down enter');
    expect(s.engine.commands).toMatchObject([{ groups: [1], code: 'map' }]);
    expect(s.state.pending.group).toBe(2);
  });

  it('says so when nothing speaks against it any more', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false });
    s.view().press('s');
    s.engine.known.set(1, { mapped: true });
    s.view();
    expect(words(s)).toContain('Nothing speaks against it any more.');
  });

  it('is asked about in a refault loop, and only there', () => {
    const s = session();
    s.engine.known.set(1, { repeats: 12 });
    s.engine.known.set(2, { repeats: 12 });
    s.engine.alarms = [LOOP];
    s.view().press('s').view();
    expect(words(s)).toContain('this page came 12 times before');
    s.press('esc j s');
    expect(s.engine.commands).toMatchObject([{ group: 2 }]);
  });

  it('does not offer to map where the page table is a guest’s', () => {
    const s = session();
    s.engine.known.set(3, { mapped: false });
    s.view().press('j j s');
    expect(s.state.dialog?.choices.map((c) => c.label)).toEqual(['Cancel', 'SUCCESS all the same']);
  });

  it('is not given to a group that went while it was asked about', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false });
    s.view().press('s').view();
    s.engine.answer(1, 3);
    s.view();
    expect(words(s)).toContain('Group 1 is pending no longer');
    s.press('down enter');
    expect(s.engine.commands).toEqual([]);
  });

  it('is asked about from the stream too', () => {
    const s = session();
    s.engine.known.set(2, { mapped: false });
    s.view().press('4 up').view().press('s');
    expect(s.state.dialog?.title).toBe('Answer SUCCESS — group 2');
  });

  it('has no bearing on INVALID and map', () => {
    const s = session();
    for (const group of [1, 2]) s.engine.known.set(group, { mapped: false });
    s.view().press('i m');
    expect(s.engine.commands).toMatchObject([{ code: 'invalid' }, { code: 'map' }]);
  });
});

describe('SUCCESS to many', () => {
  it('says how many have no known mapping, and how many are in a loop', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false, repeats: 9 });
    s.engine.alarms = [LOOP];
    s.view().press('2 s').view();
    expect(words(s)).toContain('1 group of them has no memory known to be mapped');
    expect(words(s)).toContain('1 group of them is in a refault loop, up to 9 times before.');
    s.press('esc i').view();
    expect(words(s)).not.toContain('no memory known');
  });

  it('says it when quitting that way', () => {
    const s = session();
    s.engine.known.set(2, { mapped: false });
    s.view().press('q').view();
    expect(words(s)).not.toContain('no memory known');
    s.press('down down down');
    expect(words(s)).toContain('1 group of them has no memory known');
    expect(words(s)).toContain('3 groups outstanding');
    expect(words(s)).toContain('On 2 devices: 1 of mock0, 1 of mock1, 1 of mock0 PASID 5.');
  });
});
