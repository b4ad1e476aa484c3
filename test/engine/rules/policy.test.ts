// The journal of policy: which rule became what, by whom, with its text.
import { describe, expect, it } from 'vitest';
import { policyChanges } from '../../../src/engine/rules/policy.ts';
import { compileRules } from '../../../src/engine/rules/rules.ts';
import type { Rule } from '../../../src/protocol/messages.ts';
import { entryProblem, messageProblem } from '../../helpers/schema.ts';
import { ofType, rig } from '../fixture.ts';

const A: Rule = { name: 'a', when: 'write', then: 'invalid' };
const B: Rule = { name: 'b', when: 'read', then: 'success', afterMs: 500 };
const C: Rule = { name: 'c', then: 'map' };
const D: Rule = { name: 'd', then: 'hold' };

const changes = (before: readonly Rule[], after: readonly Rule[]) =>
  policyChanges(compileRules(before), compileRules(after)).map(({ change, rule, number, from }) =>
    [change, rule, number, ...(from === undefined ? [] : [from])].join(' '),
  );

describe('what a list of rules changes', () => {
  it.each<[string, readonly Rule[], readonly Rule[], string[]]>([
    ['nothing', [A, B], [A, B], []],
    ['a new rule', [A], [A, B], ['armed b 2']],
    ['a new one that is off', [A], [{ ...B, enabled: false }, A], ['added b 1']],
    ['one that is switched off', [A, B], [A, { ...B, enabled: false }], ['off b 2']],
    ['one that is switched on', [{ ...A, enabled: false }], [A], ['on a 1']],
    ['one that is moved over many', [A, B, C, D], [D, A, B, C], ['moved d 1 4']],
    ['one of two that change places', [A, B], [B, A], ['moved b 1 2']],
    ['one that is changed', [A, B], [{ ...A, then: 'hold' }, B], ['changed a 1']],
    ['one that is renamed', [A, B], [{ ...A, name: 'z' }, B], ['changed z 1']],
    ['one that is deleted: the others only move up', [A, B, C], [B, C], ['deleted a 1']],
    ['all', [A, B], [], ['deleted a 1', 'deleted b 2']],
    [
      'everything at once',
      [A, B, C],
      [C, { ...A, then: 'hold', enabled: false }, D],
      ['deleted b 2', 'moved c 1 3', 'changed a 2', 'off a 2', 'armed d 3'],
    ],
    [
      'texts that change their names',
      [A, B],
      [
        { ...A, name: 'b' },
        { ...B, name: 'a' },
      ],
      ['changed b 1', 'moved b 1 2', 'changed a 2'],
    ],
    [
      'rules without names, of which one is gone',
      [{ then: 'map', when: 'read' }, { then: 'hold' }],
      [{ then: 'hold' }],
      ['deleted rule 1 1'],
    ],
    ['a rule without a name that is changed', [{ then: 'map' }], [{ then: 'hold' }], ['changed rule 1 1']],
  ])('%s', (_, before, after, expected) => {
    expect(changes(before, after)).toEqual(expected);
  });

  it('has the text of the rule, and what it was', () => {
    expect(policyChanges(compileRules([B]), compileRules([{ ...B, when: 'write', afterMs: 0 }]))).toEqual([
      {
        change: 'changed',
        rule: 'b',
        number: 1,
        count: 1,
        when: 'write',
        then: 'success',
        enabled: true,
        before: { name: 'b', when: 'read', then: 'success', afterMs: 500 },
      },
    ]);
  });

  it('moves no more than has to be: a rule over a thousand others', () => {
    const many = Array.from({ length: 1_000 }, (_, i): Rule => ({ name: `r${i}`, then: 'hold' }));
    expect(changes(many, [many[999] as Rule, ...many.slice(0, 999)])).toEqual(['moved r999 1 1000']);
  });
});

describe('a session', () => {
  const entries = (r: ReturnType<typeof rig>) =>
    r.session.state.journal.recent.filter(({ action }) => action === 'policy');

  it('has the rules in force at its start in the journal, and where they come from', () => {
    const r = rig({ rules: [A, { ...B, enabled: false }], rulesFrom: '--rules x.toml' });
    expect(entries(r)).toMatchObject([
      {
        cause: 'start',
        change: 'in-force',
        rule: 'a',
        number: 1,
        count: 2,
        when: 'write',
        then: 'invalid',
        enabled: true,
        source: '--rules x.toml',
      },
      { cause: 'start', change: 'in-force', rule: 'b', number: 2, afterMs: 500, enabled: false },
    ]);
    expect(ofType(r.events, 'policy')).toEqual([]);
    expect(r.session.state.journal.recent[0]).toMatchObject({ action: 'start', rules: 2 });
    r.session.close();
  });

  it.each(['key', 'script'] as const)('says who has changed what, in the journal and in the stream: by %s', (cause) => {
    const r = rig({ rules: [A] });
    r.session.command({ cmd: 'policy', rules: [{ ...A, enabled: false }, B] }, cause);
    const said = [
      { cause, change: 'off', rule: 'a', when: 'write', then: 'invalid', enabled: false, count: 2 },
      { cause, change: 'armed', rule: 'b', when: 'read', then: 'success', afterMs: 500, enabled: true, count: 2 },
    ];
    expect(entries(r).slice(1)).toMatchObject(said);
    expect(ofType(r.events, 'policy')).toMatchObject(said);
    expect(entries(r).map(entryProblem)).toEqual(entries(r).map(() => null));
    expect(ofType(r.events, 'policy').map(messageProblem)).toEqual([null, null]);
    r.session.command({ cmd: 'policy', rules: [{ ...A, enabled: false }, B] }, cause);
    expect(entries(r).at(-1)).toMatchObject({ cause, change: 'same', count: 2 });
    r.session.close();
  });

  it('says nothing of a list that is refused', () => {
    const r = rig({ rules: [A] });
    r.session.command({ cmd: 'policy', rules: [{ when: 'nonsense', then: 'hold' }] }, 'script');
    expect(entries(r)).toHaveLength(1);
    r.session.close();
  });

  it('tells of so many rules one by one, and of the others how many', () => {
    const many = Array.from({ length: 1_000 }, (_, i): Rule => ({ name: `r${i}`, then: 'hold' }));
    const r = rig({ rules: many });
    expect(entries(r)).toHaveLength(65);
    expect(entries(r).at(-1)).toMatchObject({ change: 'more', changes: 936, count: 1_000 });
    r.session.command({ cmd: 'policy', rules: [] }, 'key');
    expect(ofType(r.events, 'policy')).toHaveLength(65);
    expect(ofType(r.events, 'policy').at(-1)).toMatchObject({ change: 'more', changes: 936, count: 0 });
    r.session.close();
  });
});
