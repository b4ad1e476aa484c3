import { describe, expect, it } from 'vitest';
import { windowFor } from '../../src/ui/actions/window.ts';
import { verdictOn } from '../../src/ui/model/verdict.ts';
import { filterTitle } from '../../src/ui/panels/filter-title.ts';
import { Session } from './fixtures/session.ts';

/** 20 pending groups, every fifth with PASID 5. */
function busy(): Session {
  const session = new Session(100, 30);
  for (let i = 1; i <= 20; i++) session.engine.fault(1, i % 5 === 0 ? 5 : null);
  return session.view();
}

const verdict = ({ state }: Session): string => {
  const { list, line } = state.prompt!;
  return verdictOn(list, line.text, state.view?.filters[list]).text;
};
const groups = ({ state }: Session): number[] => state.view!.snapshot.pending.map((row) => row.group);

describe('the filter prompt', () => {
  it('filters as it is typed, and says how many fit', () => {
    const session = busy().press('/').type('pasid == 5').view();
    expect(windowFor(session.state).filters).toEqual({ pending: 'pasid == 5' });
    expect(groups(session)).toEqual([5, 10, 15, 20]);
    expect(verdict(session)).toBe('4 of 20 match');
    expect(filterTitle(session.state, 'pending')?.text).toBe('filter pasid == 5 — 4 of 20');
  });

  it('says what is wrong and where, and what was meant; the last valid one stays in force', () => {
    const session = busy().press('/').type('pasid == 5').view().type(' && wriet').view();
    expect(verdict(session)).toBe('column 15: Unknown variable: wriet; did you mean write?');
    expect(groups(session)).toEqual([5, 10, 15, 20]);
    expect(filterTitle(session.state, 'pending')).toMatchObject({
      text: 'filter pasid == 5 — 4 of 20',
      style: 'accent',
    });
    session.press('enter');
    expect(session.state.prompt).not.toBeNull();
    expect(session.state.status?.text).toContain('Not a filter yet: column 15: Unknown variable: wriet');
  });

  it.each([
    ['pasid ==', 'it ends too early: something must follow'],
    ['(pasid == 5', 'it ends too early: a bracket is still open'],
    ['device == "a', 'it ends too early: the string has no end'],
    ['write & read', 'column 7: & is not an operator: && joins conditions, and / and % take bits out of a number'],
    ['write | read', 'column 7: | is not an operator: || joins conditions'],
    ['pasid = 5', 'column 7: = is not an operator: == compares'],
    ['pasid == "5"', 'column 1: types that cannot be combined: int == string'],
    ['size(pasid) > 1', 'column 1: there is no function size(int)'],
    ['pasid', 'it must be a bool, got int'],
    ['age >= 0', '20 of 20 match'],
  ])('says of %s: %s', (text, expected) => {
    expect(verdict(busy().press('/').type(text).view())).toBe(expected);
  });

  it('says nothing of a text by the report of another', () => {
    const session = busy().press('/').type('pasid == 5').view().type('0');
    expect(verdict(session)).toBe('checking…');
  });

  it('keeps with Enter, and with Esc puts back what was', () => {
    const session = busy().press('/').type('pasid == 5').press('enter').view();
    expect(session.state.prompt).toBeNull();
    expect(groups(session)).toHaveLength(4);
    session.press('/').type(' && group > 10').view();
    expect(groups(session)).toEqual([15, 20]);
    session.press('esc').view();
    expect(session.state.filters.pending).toBe('pasid == 5');
    expect(groups(session)).toHaveLength(4);
  });

  it('is taken away by an empty Enter, and by the key for it', () => {
    const session = busy().press('/').type('pasid == 5').press('enter').press('/').press('ctrl-u enter').view();
    expect(groups(session)).toHaveLength(20);
    session.press('/').type('group < 3').press('enter').view();
    expect(groups(session)).toEqual([1, 2]);
    session.press('\\').view();
    expect(groups(session)).toHaveLength(20);
    expect(session.press('\\').state.status?.text).toBe('There is no filter on pending groups.');
  });

  it('goes through what was kept before, and comes back to what is being typed', () => {
    const session = busy();
    for (const text of ['write', 'pasid == 5']) session.press('/').press('ctrl-u').type(text).press('enter').view();
    session.press('/').press('ctrl-u').type('re');
    const seen = ['up', 'up', 'up', 'down', 'down', 'down'].map((key) => session.press(key).state.prompt!.line.text);
    expect(seen).toEqual(['pasid == 5', 'write', 'write', 'pasid == 5', 're', 're']);
  });

  it('completes names with Tab, one after another, and shows what there is', () => {
    const session = busy().press('/').type('pas').press('tab');
    expect(session.state.prompt!.line.text).toBe('pasid');
    session.type(' == 5 && p').press('tab');
    expect(session.state.prompt!.completion).toEqual({ names: ['pasid', 'priv'], at: -1 });
    const texts = ['tab', 'tab', 'tab', 'shift-tab'].map((key) => session.press(key).state.prompt!.line.text);
    expect(texts.map((text) => text.slice(14))).toEqual(['pasid', 'priv', 'pasid', 'priv']);
    session.press('esc');
    expect(session.state.prompt!.completion).toBeNull();
    expect(session.press('/').state.prompt!.line.text).toContain('priv/');
  });

  it('has no names inside a string', () => {
    const session = busy().press('/').type('device == "p').press('tab');
    expect(session.state.prompt!.completion).toBeNull();
    expect(session.state.prompt!.line.text).toBe('device == "p');
  });

  it('takes letters that are keys elsewhere, and a paste as text', () => {
    const session = busy().press('/').type('sqdG?:/').keys({ name: 'paste', text: 'q\n5' });
    expect(session.state.prompt!.line.text).toBe('sqdG?:/q 5');
    expect(session.engine.commands).toEqual([]);
    session.keys({ name: 'paste', text: 'x', cut: 100 });
    expect(session.state.status?.text).toBe('The paste is too long: 100 characters left out.');
  });

  it('quits by Ctrl-C, as everywhere, without its filter', () => {
    const session = busy().press('/').type('pasid == 5').press('ctrl-c');
    expect(session.state.prompt).toBeNull();
    expect(session.state.filters.pending).toBe('');
    expect(session.state.dialog?.kind).toBe('quit');
  });

  it('says where there is nothing to filter', () => {
    expect(busy().press('5 /').state.status?.text).toContain('nothing to filter here');
  });

  it('that has no list takes what is typed all the same, until Enter, Esc or a rest', () => {
    const session = busy().press('5 /').type('sqi').press('esc');
    expect(session.state).toMatchObject({ page: 'statistics', dialog: null, help: null });
    expect(session.press('3').state.page).toBe('pending');
    const rested = busy().press('5 /').type('pas');
    rested.now += 1.1;
    expect(rested.press('3').state.page).toBe('pending');
    expect([...session.engine.commands, ...rested.engine.commands]).toEqual([]);
  });

  it.each([
    ['named filters, where there are none', 'F', 'no named filters'],
    ['a rule to be edited, where there is none', '7 enter', 'There is no rule'],
  ])('is not the only one whose text does nothing: %s', (_, keys, said) => {
    const session = busy().press(keys);
    expect(session.state.status?.text).toContain(said);
    const { page } = session.state;
    session.type('sqi3n');
    expect(session.state).toMatchObject({ page, dialog: null, form: null });
    expect(session.engine.commands).toEqual([]);
  });

  describe('on a frozen picture', () => {
    it('opens, and the text is a filter and no keys', () => {
      const session = busy().press('f /').type('pasid').view();
      expect(session.state.prompt?.line.text).toBe('pasid');
      expect(session.engine.commands).toEqual([]);
    });

    it('leaves the rows and what is said of them while it is typed, and with Esc', () => {
      const session = busy().press('f /').type('pasid == 5').view();
      expect(verdict(session)).toBe('4 of 20 match');
      expect(session.state.frozen?.view.snapshot.pending).toHaveLength(20);
      expect(filterTitle(session.state, 'pending')).toBeNull();
      session.press('esc').view();
      expect(session.state.frozen?.view.snapshot.pending).toHaveLength(20);
      expect(session.state.filters.pending).toBe('');
    });

    it.each([true, false])('goes on with Enter, and shows what is there now (judged before: %s)', (judged) => {
      const session = busy().press('f /').type('pasid == 5');
      if (judged) session.view();
      session.press('enter').view(0.1);
      expect(session.state.frozen).toBeNull();
      expect(session.state.status?.text).toBe('Filter on pending groups; no longer frozen: it shows the present rows.');
      expect(groups(session)).toEqual([5, 10, 15, 20]);
      // a group that the filter leaves out is not gone
      expect(session.state.pending).toMatchObject({ group: 5, movedFrom: null });
    });

    it('stays frozen where Enter changes nothing, and where the stream is filtered', () => {
      expect(busy().press('f / enter').state.frozen).not.toBeNull();
      const stream = busy().press('4 f /').type('group == 5').press('enter').view();
      expect(stream.state.frozen).not.toBeNull();
      expect(stream.state.filters.stream).toBe('group == 5');
    });
  });

  it('is of the list with the cursor', () => {
    for (const [page, list] of [
      ['2', 'devices'],
      ['3', 'pending'],
      ['4', 'stream'],
      ['6', 'journal'],
    ] as const) {
      expect(busy().press(`${page} /`).state.prompt?.list).toBe(list);
    }
  });
});

it('a paste does nothing where nothing is typed', () => {
  const session = busy();
  const before = session.state;
  session.keys({ name: 'paste', text: 's' }, { name: 'paste', text: 'q' });
  expect(session.state).toEqual({ ...before, status: null });
  expect(session.effects).toEqual([]);
});

it('a filter that was put in force and is wrong says so in the title', () => {
  const session = busy();
  session.state = { ...session.state, filters: { pending: 'wriet' } };
  expect(filterTitle(session.view().state, 'pending')).toMatchObject({ text: 'filter is wrong', style: 'bad' });
});
