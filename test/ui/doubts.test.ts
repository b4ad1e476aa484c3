import { describe, expect, it } from 'vitest';
import type { Alarm } from '../../src/protocol/messages.ts';
import { dialogBox } from '../../src/ui/overlays/dialog/lines.ts';
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
      'Answer SUCCESS anyway',
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
    expect(words(s)).toContain('The reasons against it are gone.');
  });

  it('is asked about in a refault loop, and only there', () => {
    const s = session();
    s.engine.known.set(1, { repeats: 12 });
    s.engine.known.set(2, { repeats: 12 });
    s.engine.alarms = [LOOP];
    s.view().press('s').view();
    expect(words(s)).toContain('this page faulted 12 times before');
    s.press('esc j s');
    expect(s.engine.commands).toMatchObject([{ group: 2 }]);
  });

  it('does not offer to map where the page table is a guest’s', () => {
    const s = session();
    s.engine.known.set(3, { mapped: false });
    s.view().press('j j s');
    expect(s.state.dialog?.choices.map((c) => c.label)).toEqual(['Cancel', 'Answer SUCCESS anyway']);
  });

  it('is not given to a group that went while it was asked about', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false });
    s.view().press('s').view();
    s.engine.answer(1, 3);
    s.view();
    expect(words(s)).toContain('Group 1 is no longer pending');
    s.press('down enter');
    expect(s.engine.commands).toEqual([]);
  });

  it('is asked about from the stream too', () => {
    const s = session();
    s.engine.known.set(2, { mapped: false });
    s.view().press('4 up').view().press('s');
    expect(s.state.dialog?.title).toBe('Answer SUCCESS — group 2');
  });

  /** The newest of so many that the list of pending groups does not reach it. */
  function farAway(): Session {
    const s = new Session(100, 40);
    for (let i = 0; i < 300; i++) s.engine.fault(1, null);
    s.engine.known.set(299, { mapped: false });
    return s.view().press('4 up').view();
  }

  it('is asked about where it is looked at closely, however far down the list it is', () => {
    const s = farAway().press('enter').view();
    expect(s.state.view?.snapshot.pending.some((row) => row.group === 299)).toBe(false);
    s.press('s');
    expect(s.state.dialog?.title).toBe('Answer SUCCESS — group 299');
    expect(s.engine.commands).toEqual([]);
  });

  it('is asked about where it is looked at closely and others are marked', () => {
    const s = farAway().press('up space').view().press('enter').view();
    expect([s.state.focus, [...s.state.marks]]).toEqual(['detail', [298]]);
    s.press('s');
    expect(s.state.dialog?.title).toBe('Answer SUCCESS — group 299');
  });

  it('waits until it is known what speaks against it', () => {
    const s = farAway().press('up up').press('s');
    expect([s.engine.commands, s.state.dialog]).toEqual([[], null]);
    expect(s.state.status?.text).toBe('Still checking group 297. Press again.');
    expect(s.view().press('s').engine.commands).toMatchObject([{ group: 297, code: 'success' }]);
  });

  it('has no bearing on INVALID and map', () => {
    const s = session();
    for (const group of [1, 2]) s.engine.known.set(group, { mapped: false });
    s.view().press('i m');
    expect(s.engine.commands).toMatchObject([{ code: 'invalid' }, { code: 'map' }]);
  });
});

describe('as long as it is not known what speaks against an answer', () => {
  const choices = (s: Session) => {
    const { lines } = dialogBox(s.state, s.state.dialog!);
    return s.state.dialog!.choices.map(({ label }) => lines.findIndex(({ text }) => text.includes(label)));
  };

  it.each([
    ['marked groups', '* s'],
    ['a device', '2 s'],
    ['a device, INVALID', '2 i'],
  ])('%s: none is given, that is said, and the choices stay where they are', (_, keys) => {
    const s = session();
    for (const group of [1, 2, 3]) s.engine.known.set(group, { mapped: false });
    s.view().press(keys);
    expect(words(s)).toContain('Checking the groups …');
    const before = choices(s);
    s.press('down enter');
    expect(s.engine.commands).toEqual([]);
    expect(s.state.dialog).not.toBeNull();
    expect(s.state.status?.text).toBe('Not yet: still checking the groups. Press Enter again.');
    s.view();
    expect(words(s)).not.toContain('Checking the groups');
    expect(choices(s)).toEqual(before);
    s.press('enter');
    expect(s.state.dialog).toBeNull();
  });

  it('nobody leaves by SUCCESS', () => {
    const s = session().view().press('ctrl-c down down down down');
    expect(words(s)).toContain('Checking the groups …');
    expect(s.press('enter').state.leaving).toBe(false);
    expect(s.view().press('enter').state.leaving).toBe(true);
  });

  it('Cancel and Esc work', () => {
    expect(session().view().press('2 s enter').state.dialog).toBeNull();
    expect(session().view().press('2 s esc').state.dialog).toBeNull();
  });
});

describe('SUCCESS to many', () => {
  it('says in whole sentences how many have no memory, and of how many that is not known', () => {
    const s = session();
    for (const group of [1, 2]) s.engine.known.set(group, { mapped: false });
    s.view().press('* s').view();
    expect(words(s)).toContain('2 of 3 have no memory mapped: after SUCCESS they fault again unless somebody maps it.');
    expect(words(s)).toContain('For 1 of 3 it is not known whether memory is mapped.');
  });

  it('says how many have no known mapping, and how many are in a loop', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false, repeats: 9 });
    s.engine.alarms = [LOOP];
    s.view().press('2 s').view();
    expect(words(s)).toContain('1 of 2 has no memory mapped: after SUCCESS it faults again unless somebody maps it.');
    expect(words(s)).toContain('1 of 2 is in a refault loop, up to 9 times before.');
    s.press('esc i').view();
    expect(words(s)).not.toContain('no memory mapped');
  });

  it('says it when quitting that way', () => {
    const s = session();
    s.engine.known.set(2, { mapped: false });
    s.view().press('q').view();
    expect(words(s)).not.toContain('no memory mapped');
    s.press('down down down down');
    expect(words(s)).toContain('1 of 3 has no memory mapped');
    expect(words(s)).toContain('Applies to every group pending when you press Enter (3 now).');
    expect(words(s)).toContain('on 2 devices: 1 of mock0, 1 of mock1, 1 of mock0 PASID 5.');
  });

  it.each([
    ['marked groups', 'space space space s', 'Answer SUCCESS to 3 groups', [1, 2, 3]],
    ['a device', '2 home s', 'Answer SUCCESS to 2 groups', [1, 3]],
    ['a PASID', '2 home down s', 'Answer SUCCESS to 1 group', [3]],
  ] as const)('has the same second look for %s, mapping first and Cancel chosen', (_, keys, success, groups) => {
    const s = session();
    for (const group of [1, 2, 3]) s.engine.known.set(group, { mapped: false, repeats: group === 3 ? 2 : 0 });
    s.view().press(keys).view();
    const of = groups.length;
    expect(words(s)).toContain(`${of} of ${of} ${of === 1 ? 'has' : 'have'} no memory mapped`);
    expect(words(s)).toContain(`1 of ${of} asks for a page that has faulted before, up to 2×.`);
    expect(words(s)).toContain(`3 at 0x7f0000003000`);
    expect(words(s)).toContain('later arrivals are not affected');
    const labels = s.state.dialog!.choices.map(({ label }) => label);
    const nested = of === 1;
    expect(labels).toEqual(['Cancel', ...(nested ? [] : [success.replace('Answer', 'Map and answer')]), success]);
    expect(s.press('enter').engine.commands).toEqual([]);
  });

  it('names the five oldest groups, and how many more there are', () => {
    const s = new Session(100, 40);
    for (let i = 0; i < 7; i++) s.engine.fault(2);
    s.view().press('* s').view();
    expect(words(s)).toMatch(/Groups 1 at 0x7f0000001000, .*5 at 0x7f0000005000, and 2 more\./);
    expect(words(s)).not.toContain('6 at');
  });

  it('says what INVALID does, also to one marked group, and nothing of memory', () => {
    const s = session();
    s.engine.known.set(1, { mapped: false });
    s.view().press('space i').view();
    expect(words(s)).toContain('the device must not retry');
    expect(words(s)).not.toContain('memory');
    s.press('down enter');
    expect(s.state.status?.text).toBe('Done: INVALID → group 1 of mock0');
  });

  it('does not offer to map where no group can be mapped', () => {
    const s = session();
    s.view().press('j j space').view().press('s').view();
    expect(s.state.dialog!.choices.map(({ label }) => label)).toEqual(['Cancel', 'Answer SUCCESS to 1 group']);
  });

  it('tells afterwards what was answered, and whose', () => {
    const s = session();
    s.view().press('2 home i').view().press('down enter');
    expect(s.state.status?.text).toBe('Done: INVALID → 2 groups of mock0 (1, 3)');
    const marked = session();
    marked.view().press('space space space s').view().press('down enter');
    expect(marked.state.status?.text).toBe(
      'Done: memory mapped, SUCCESS → 3 groups of mock0, mock1, mock0 PASID 5 (1, 2, 3)',
    );
  });
});

describe('leaving', () => {
  it('names the devices that are hung', () => {
    const s = session();
    s.engine.hung.set(2, 3e9);
    expect(words(s.view().press('q').view())).toContain('mock1 is already stuck.');
    s.engine.hung.set(1, 9e9);
    expect(words(s.view())).toContain('mock0 and mock1 are already stuck.');
  });

  it('offers to stay and map, which every pending group gets', () => {
    const s = session();
    s.view().press('q').view().press('down down down');
    expect(words(s)).toContain('lasts as long as iopftop runs');
    s.press('enter');
    expect(s.engine.commands).toMatchObject([{ cmd: 'respond', all: true, code: 'map' }]);
    expect(s.state).toMatchObject({ leaving: false, dialog: null });
    expect(s.state.status?.text).toContain('memory mapped, SUCCESS → 3 groups of ');
  });

  it('does not offer it where nothing can be mapped', () => {
    const s = session();
    s.engine.answer(1);
    s.engine.answer(2);
    s.view().press('q').view();
    expect(s.state.dialog!.choices.map(({ label }) => label).join()).not.toContain('Stay');
  });

  it('has the second look at once where --on-exit success was declared', () => {
    const s = session();
    s.engine.known.set(2, { mapped: false });
    s.state = { ...s.state, hello: { ...s.state.hello, onExit: 'success' } };
    s.view().press('q').view();
    expect(words(s)).toContain('1 of 3 has no memory mapped');
    expect(s.state.dialog!.choices[1]!.label).toBe('Stay: map memory and answer SUCCESS');
  });
});
