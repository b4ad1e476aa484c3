// What the screen says of a rule that cannot be evaluated: on the pages, in the detail, of a filter, and of a rule on trial.

import { createElement } from 'react';
import { describe, expect, it } from 'vitest';
import type { RuleTest } from '../../src/protocol/messages.ts';
import { verdictOn } from '../../src/ui/model/verdict.ts';
import { RuleForm } from '../../src/ui/overlays/form/index.tsx';
import { filterTitle } from '../../src/ui/panels/filter-title.ts';
import { pendingRow } from '../../src/ui/panels/pending/rows.ts';
import { ruleRow } from '../../src/ui/panels/rules/rows.ts';
import { panelOf, partOf } from './fixtures/panel.tsx';
import { crookedRows, SIZES, screenOf } from './fixtures/screen.ts';
import { Session } from './fixtures/session.ts';

const ERROR = 'division by zero (column 1)';
const WHEN = '1/(addr-addr) == 1';
const HELD = { name: 'guard', then: 'hold' as const, dueNs: 0, error: ERROR };

/** Three groups, which the first of two rules holds. */
function session(columns = 100, rows = 30): Session {
  const made = new Session(columns, rows);
  for (let i = 0; i < 3; i++) made.engine.known.set(made.engine.fault(1), { rule: HELD });
  made.engine.rules = [
    {
      ...{ name: 'guard', when: WHEN, then: 'invalid', enabled: true, hits: 0 },
      broken: { count: 3, error: ERROR, group: 3 },
    },
    { name: 'rest', then: 'success', enabled: true, hits: 0 },
  ];
  return made.view();
}

describe('a broken rule', () => {
  it('is marked on the rules page: BRK, how many it holds, and why', () => {
    const [guard, rest] = session().state.view!.snapshot.rules;
    expect(ruleRow(guard!, 0, 3)).toMatchObject({
      cells: { on: 'BRK', name: 'guard', when: `3 held: ${ERROR}; ${WHEN}`, then: 'invalid', hits: '0' },
      styles: { on: 'bad', when: 'bad' },
    });
    expect(ruleRow(rest!, 1, 3)).toMatchObject({ cells: { on: 'on', when: 'every group' }, styles: { on: 'good' } });
    // one that is off holds nothing back
    expect(ruleRow({ ...guard!, enabled: false }, 0, 3).cells.on).toBe('off');
  });

  it('is named with each group that it holds, also where it would', () => {
    const [row] = session().press('3').view().state.view!.snapshot.pending;
    expect(pendingRow(row!, null, false, false).cells.state).toBe(`P held, guard broken: ${ERROR}`);
    expect(pendingRow(row!, null, false, true).cells.state).toBe(`would: hold, guard broken: ${ERROR}`);
  });

  it('is named in the detail of a group', () => {
    const opened = session(80, 40).press('3').view().press('enter').view();
    expect(panelOf(opened, 'detail').text()).toContain(`held: rule guard cannot be evaluated: ${ERROR}`);
  });

  it.each(SIZES)('stands straight at %dx%d, its name and that it is broken in sight', async (columns, rows) => {
    const pages = await Promise.all(['3', '7'].map((page) => screenOf(session(columns, rows).press(page).view())));
    for (const lines of pages) expect(crookedRows(lines)).toEqual([]);
    const [pending, rules] = pages.map((lines) => lines.join('\n'));
    if (columns >= 80) expect(pending).toMatch(/P held, guard bro/);
    expect(rules).toMatch(columns >= 80 ? /BRK +guard +3 held/ : /BRK +guard/);
    expect(rules).toContain('1 broken');
  });
});

describe('a filter that cannot be evaluated for some rows', () => {
  it('says for how many while it is typed, and in the title of its list', () => {
    // group 2 is at 0x7f0000002000
    const typed = session().press('3').view().press('/').type('1 / (addr - 0x7f0000002000) >= 0').view();
    const { list, line } = typed.state.prompt!;
    const said = verdictOn(list, line.text, typed.state.view?.filters[list]);
    expect(said).toMatchObject({
      kind: 'good',
      text: `2 of 3 match; cannot be evaluated for 1: ${ERROR}`,
    });
    typed.press('enter').view();
    expect(filterTitle(typed.state, 'pending')).toMatchObject({ short: 'filter 2 of 3!', style: 'bad' });
    expect(filterTitle(typed.state, 'pending')?.text).toContain('2 of 3; cannot be evaluated for 1: division by zero');
  });

  it('says nothing of it where it can be evaluated for all', () => {
    const typed = session().press('3').view().press('/').type('group > 1').view();
    const { list, line } = typed.state.prompt!;
    expect(verdictOn(list, line.text, typed.state.view?.filters[list]).text).toBe('2 of 3 match');
  });
});

describe('a rule on trial that cannot be evaluated for some groups', () => {
  const TEST: RuleTest = {
    ...{ id: 0, error: null, at: null, everything: false },
    ...{ matched: 1, scanned: 3, total: 3, shadowed: 0, pending: 1, sample: [1] },
  };
  const form = (broken: RuleTest['broken']): string => {
    const made = session();
    made.engine.trial = () => ({ ...TEST, ...(broken ? { broken } : {}) });
    made.press('7').view().press('n').view().type(WHEN).view();
    return partOf(made, createElement(RuleForm)).text();
  };

  it('says how many it would hold, and why', () => {
    expect(form({ count: 2, error: ERROR })).toContain(
      `Cannot be evaluated for 2 groups, which it would hold: ${ERROR}.`,
    );
    expect(form({ count: 1, error: ERROR })).toContain('Cannot be evaluated for 1 group, which it would hold');
    expect(form(undefined)).not.toContain('evaluated');
  });
});
