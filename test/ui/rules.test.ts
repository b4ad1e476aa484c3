import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import type { Rule, RuleTest } from '../../src/protocol/messages.ts';
import { layoutOf } from '../../src/ui/model/layout-of.ts';
import { dialogBox } from '../../src/ui/overlays/dialog/lines.ts';
import { RuleForm } from '../../src/ui/overlays/form/index.tsx';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { PLAIN, panelOf, partOf } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

const TEST: RuleTest = {
  ...{ id: 0, error: null, at: null, everything: false },
  ...{ matched: 123, scanned: 600, total: 1000, shadowed: 12, pending: 3, sample: [17, 15] },
};

function session(names: string[], size: [number, number] = [100, 30]): Session {
  const made = new Session(...size);
  for (let i = 0; i < 4; i++) made.engine.fault(1);
  made.engine.rules = names.map((name) => ({
    name,
    when: `pasid == ${name.length}`,
    then: 'success',
    enabled: true,
    hits: 1,
  }));
  made.engine.trial = (rule: Rule) =>
    rule.when?.includes('foo') ? { ...TEST, error: 'Unknown variable: foo', at: 9 } : TEST;
  return made.view().press('7').view();
}
const sent = (s: Session) => s.engine.commands.flatMap((c) => (c.cmd === 'policy' ? [c.rules] : []));
const rows = (s: Session) => panelOf(s, 'rules').body();
const formOf = (s: Session, theme = PLAIN) => partOf(s, createElement(RuleForm), { theme });
const form = (s: Session) => formOf(s).text();
const type = (s: Session, text: string) => {
  for (const character of text) s.press(character === ' ' ? 'space' : character);
  return s;
};

describe('the rules page', () => {
  it('explains itself when there is none', () => {
    const words = rows(session([]));
    expect(words[0]).toContain('No rule: every group waits for you.');
    expect(words[1]).toContain('Press n to add one.');
  });

  it('shows them in order, with what they have done', () => {
    const [first, second] = rows(session(['one', 'three']));
    expect(first).toMatch(/▶ +1 +on +one +pasid == 3 +success +- +1 +25\.0 %/);
    expect(second).toMatch(/2 +on +three +pasid == 5/);
  });

  it.each([
    ['space', ['one:off', 'two:on'], 'one is off'],
    ['j e', ['one:on', 'two:off'], 'two is off'],
    ['J', ['two:on', 'one:on'], 'one is number 2'],
    ['j <', ['two:on', 'one:on'], 'two is number 1'],
  ])('%s sends the whole list', (keys, list, what) => {
    const s = session(['one', 'two']).press(keys).view();
    expect(
      sent(s)
        .at(-1)
        ?.map((rule) => `${rule.name}:${rule.enabled ? 'on' : 'off'}`),
    ).toEqual(list);
    expect(s.state.status?.text).toBe(`Done: ${what}`);
  });

  it('goes on from what was just sent, though no view has it yet', () => {
    const s = session(['one', 'two', 'three']).press('J J');
    expect(
      sent(s)
        .at(-1)
        ?.map((rule) => rule.name),
    ).toEqual(['two', 'three', 'one']);
    expect(s.view().state.rules).toMatchObject({ name: 'one', at: 2, draft: null });
  });

  it('deletes after a question', () => {
    const s = session(['one', 'two']).press('x');
    expect(s.state.dialog?.title).toBe('Delete the rule — one');
    expect(sent(s.press('enter'))).toEqual([]);
    s.press('x down enter').view();
    expect(sent(s)).toEqual([[expect.objectContaining({ name: 'two' })]]);
  });

  it('does not delete from a list that somebody else has changed', () => {
    const s = session(['one', 'two']).press('x');
    s.engine.send({ command: { cmd: 'policy', rules: [{ name: 'other', then: 'hold' }] }, cause: 'script' });
    s.view();
    expect(dialogBox(s.state, s.state.dialog!).lines[0]?.text).toContain('have been changed meanwhile');
    s.press('down enter');
    expect(sent(s)).toHaveLength(1);
  });
});

describe('the form of a rule', () => {
  it('says what the rule would do as it is typed', () => {
    const s = type(session([]).press('n'), 'write && foo > 1').view();
    expect(form(s)).toContain('✗ Unknown variable: foo');
    expect(form(s)).toMatch(/▶ when {2}write && foo > 1.*\n *│ {18}\^/);
    for (let i = 0; i < 'write && foo > 1'.length; i++) s.press('backspace');
    type(s, 'write').view();
    expect(form(s)).toContain('Valid: matches 123 of 600 groups of the history (60 % scanned).');
    expect(form(s)).toContain('12 of them taken by earlier rules.');
    expect(form(s)).toContain('It would hold 3 pending groups now.');
    expect(form(s)).toContain('groups 17, 15.');
  });

  it('is armed only after the engine has judged the present text, and Cancel comes first', () => {
    const s = type(session(['one']).press('n'), 'write').press('tab i tab 2 s tab');
    expect(form(s)).toContain('▶ Cancel');
    s.press('tab enter');
    expect(s.state.status?.text).toBe('Not armed: wait until the engine has checked it.');
    s.view().press('enter').view();
    expect(sent(s)).toEqual([
      [
        expect.objectContaining({ name: 'one' }),
        { name: 'rule 2', when: 'write', then: 'invalid', afterMs: 2000, enabled: true },
      ],
    ]);
    expect(s.state.form).toBe(null);
    expect(s.state.rules.name).toBe('rule 2');
  });

  it('edits one in its place', () => {
    const s = session(['one', 'two', 'three']).press('j enter');
    type(s, '0').view().press('shift-tab shift-tab enter').view();
    expect(sent(s)[0]?.map((rule) => rule.when)).toEqual(['pasid == 3', 'pasid == 30', 'pasid == 5']);
  });

  it.each([
    [['shift-tab', 'ctrl-u'], 'The rule needs a name'],
    [['tab', 'tab', 'x'], 'After: x is not a duration; such as 500ms, 10s, 5m or 1h.'],
    [['tab', 'h', 'tab', '5', 's'], 'hold waits for you forever'],
    [['shift-tab', 'ctrl-u', 'o', 'n', 'e'], 'There is already a rule named one.'],
  ])('%j: %s', (keys, words) => {
    const s = session(['one'])
      .press(`n ${keys.join(' ')}`)
      .view();
    expect(form(s)).toContain(words);
    for (let i = 0; i < 6 && s.state.form?.focus !== 'arm'; i++) s.press('tab');
    s.press('enter');
    expect(sent(s)).toEqual([]);
  });

  it('is not armed over a list that somebody else has changed', () => {
    const s = type(session(['one']).press('n'), 'write');
    s.engine.send({ command: { cmd: 'policy', rules: [] }, cause: 'script' });
    s.view();
    expect(form(s)).toContain('The rules have been changed meanwhile');
    s.press('tab tab tab tab enter');
    expect(sent(s)).toHaveLength(1);
    expect(s.state.form).not.toBe(null);
  });

  it.each([
    [80, 24],
    [120, 40],
    [200, 60],
    [60, 16],
  ])('is whole at %dx%d', (columns, rows) => {
    const s = session([], [columns, rows]).press('n').view();
    const lines = formOf(s).lines().filter(Boolean);
    expect(lines.length).toBeLessThanOrEqual(rows);
    const [width] = lines.map((line) => line.length);
    expect(width).toBeLessThanOrEqual(columns);
    expect(lines.map((line) => line.length)).toEqual(lines.map(() => width));
    expect(lines[0]).toMatch(/^ *╭─ New rule ─+╮$/);
    expect(lines.at(-1)).toMatch(/^ *╰─+╯$/);
    for (const line of lines.slice(1, -1)) expect(line).toMatch(/^ *│ .* │$/);
    expect(form(s)).toContain('Arm the rule');
  });

  it('has a character of its own for each where there is no unicode', () => {
    const s = type(session([]).press('n'), 'foo').view();
    for (let i = 0; i < 6; i++) {
      const text = formOf(s, makeTheme({ LANG: 'C', TERM: 'dumb' })).text();
      expect(text).toContain('Cancel');
      expect(text).toMatch(/^[\n -~]*$/);
      expect(text).not.toContain('?');
      s.press('tab');
    }
  });

  it('lets the screen be drawn again and the program be suspended', () => {
    expect(session([]).press('n ctrl-l ctrl-z').effects).toEqual([{ do: 'redraw' }, { do: 'suspend' }]);
  });

  it('is left by Esc; once something was typed, by a second one', () => {
    expect(session([]).press('n esc').state.form).toBe(null);
    const s = type(session([]).press('n'), 'write').press('esc');
    expect(s.state.status?.text).toBe('Not armed: Esc again discards what was typed.');
    expect(s.press('tab esc').state.form?.fields.when.text).toBe('write');
    expect(s.press('esc').state.form).toBe(null);
  });

  it('leaves the status line in sight', () => {
    const s = session([], [60, 16]).press('n').view();
    const last = formOf(s).lines().findLastIndex(Boolean);
    expect(last).toBeGreaterThan(10);
    expect(last).toBeLessThan(layoutOf(s.state).footer - 1);
  });

  it('lets Ctrl-C ask about quitting, and comes back', () => {
    const s = session([]).press('n ctrl-c');
    expect(s.state.dialog?.kind).toBe('quit');
    expect(s.press('esc').state.form).not.toBe(null);
  });
});

describe('a rule that matches everything', () => {
  const EVERYTHING: RuleTest = { ...TEST, everything: true, matched: 4, scanned: 4, total: 4, shadowed: 0 };
  const SO_FAR: RuleTest = { ...EVERYTHING, everything: false };
  const words = (s: Session) =>
    dialogBox(s.state, s.state.dialog!)
      .lines.map(({ text }) => text.trim())
      .join(' ');

  function written(keys: string, test = EVERYTHING): Session {
    const s = session([]);
    s.engine.trial = () => test;
    return s.press(`n ${keys}`.trim()).view();
  }

  it('holds until something else is chosen, and is armed so without a question', () => {
    const s = written('tab tab tab tab');
    expect(form(s)).toContain('[hold]');
    s.press('enter');
    expect(sent(s)).toEqual([[{ name: 'rule 1', then: 'hold', enabled: true }]]);
  });

  it.each([
    ['s', 'success', 'answered SUCCESS'],
    ['i', 'invalid', 'answered INVALID'],
    ['m', 'map', 'memory mapped'],
  ])('%s is asked about first, Cancel chosen', (key, then, does) => {
    const s = written(`tab ${key} tab tab tab`);
    expect(form(s)).toContain('Matches EVERYTHING, always: 4 of 4 groups');
    s.press('enter').view();
    expect(s.state.dialog?.title).toBe('Arm the rule — rule 1');
    expect(words(s)).toContain('It has no condition: it matches EVERYTHING.');
    expect(words(s)).toContain(does);
    expect(words(s)).toContain('4 groups are pending now');
    s.press('enter');
    expect([sent(s), s.state.dialog, s.state.form?.focus]).toEqual([[], null, 'arm']);
    s.press('enter').view().press('down enter').view();
    expect(sent(s)).toEqual([[{ name: 'rule 1', then, enabled: true }]]);
    expect(s.state).toMatchObject({ form: null, dialog: null, rules: { name: 'rule 1' } });
    expect(s.state.status?.text).toBe('Done: rule 1 is armed');
  });

  it('is one that matched all of the history, too', () => {
    const s = type(written('', SO_FAR), 'read').press('tab s tab tab tab').view();
    expect(form(s)).toContain('Matches EVERYTHING so far: 4 of 4 groups');
    expect(words(s.press('enter').view())).toContain('It matches EVERYTHING so far: all 4 groups of the history.');
  });

  it('is asked about when it is switched on, by key and by the palette, and not when it is switched off', () => {
    for (const keys of ['space', ': t o g g l e enter']) {
      const s = session(['one']);
      const rule = { name: 'one', then: 'success' as const, hits: 0, everything: true as const };
      s.engine.rules = [{ ...rule, enabled: false }];
      s.view().press(keys).view();
      expect(s.state.dialog?.title).toBe('Switch on the rule — one');
      expect(sent(s.press('enter'))).toEqual([]);
      s.press(keys).view().press('down enter').view();
      expect(sent(s)).toEqual([[{ name: 'one', then: 'success', enabled: true }]]);
      expect(s.state.status?.text).toBe('Done: one is on');
      s.engine.rules = [{ ...rule, enabled: true }];
      s.view().press('space').view();
      expect(sent(s).at(-1)).toEqual([{ name: 'one', then: 'success', enabled: false }]);
    }
  });

  it('is not armed over a list that somebody else has changed', () => {
    const s = written('tab s tab tab tab').press('enter').view();
    s.engine.send({ command: { cmd: 'policy', rules: [{ name: 'other', then: 'hold' }] }, cause: 'script' });
    expect(words(s.view())).toContain('have been changed meanwhile');
    s.press('down enter');
    expect(sent(s)).toHaveLength(1);
  });
});
