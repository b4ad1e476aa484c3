import { describe, expect, it } from 'vitest';
import { compileRules } from '../../../src/engine/rules/rules.ts';
import { ofType, rig } from '../fixture.ts';

describe('a rule that is off', () => {
  it('stays in the list and decides nothing', () => {
    const { session, events, fault } = rig({
      rules: [{ name: 'off', then: 'success', enabled: false }, { then: 'invalid' }],
    });
    fault(2);
    expect(ofType(events, 'answers').map(({ rule, code }) => [rule, code])).toEqual([['rule 2', 'invalid']]);
    expect(session.snapshot().rules).toEqual([
      { name: 'off', then: 'success', enabled: false, everything: true, hits: 0 },
      { name: 'rule 2', then: 'invalid', enabled: true, everything: true, hits: 2 },
    ]);
  });

  it('can be the only one: everything is held', () => {
    const { session, fault } = rig({ rules: [{ then: 'success', enabled: false }] });
    fault(3);
    expect(session.snapshot().pending.map(({ rule }) => rule)).toEqual([null, null, null]);
  });

  it('is checked like any other', () => {
    expect(() => compileRules([{ when: 'adr', then: 'success', enabled: false }])).toThrow(/^rule 1: condition "adr"/);
  });
});

describe('hits', () => {
  it('are kept by rules that are as they were, in whatever place', () => {
    const { session, fault } = rig({ rules: [{ name: 'a', when: 'read', then: 'success' }] });
    fault(2);
    const a = { name: 'a', when: 'read', then: 'success' } as const;
    const hits = () => session.snapshot().rules.map((rule) => [rule.name, rule.enabled, rule.hits]);
    session.command(
      {
        cmd: 'policy',
        rules: [
          { when: 'write', then: 'hold' },
          { ...a, enabled: false },
        ],
      },
      'key',
    );
    expect(hits()).toEqual([
      ['rule 1', true, 0],
      ['a', false, 2],
    ]);
    session.command({ cmd: 'policy', rules: [{ ...a, afterMs: 0 }] }, 'key');
    expect(hits()).toEqual([['a', true, 2]]);
    session.command({ cmd: 'policy', rules: [{ ...a, when: 'write' }] }, 'key');
    expect(hits()).toEqual([['a', true, 0]]);
  });

  it('count a pending group once for each rule that takes it', () => {
    const { session, fault } = rig({ rules: [{ name: 'wait', then: 'hold' }] });
    fault(2);
    session.command({ cmd: 'policy', rules: [{ name: 'wait', then: 'hold' }] }, 'key');
    expect(session.snapshot().rules[0]?.hits).toBe(2);
    session.command({ cmd: 'policy', rules: [{ name: 'other', then: 'hold' }] }, 'key');
    expect(session.snapshot().rules[0]?.hits).toBe(2);
  });
});

describe('names', () => {
  it('that are given twice are refused, with both places', () => {
    const rules = [{ name: 'x', then: 'hold' }, { then: 'success' }, { name: 'x', then: 'invalid' }] as const;
    expect(() => compileRules(rules)).toThrow('rule 3: "x" is already the name of rule 1; names must be unique');
  });

  it('of a list that is refused change nothing', () => {
    const { session, events, fault } = rig({ rules: [{ name: 'x', then: 'success' }] });
    session.command(
      {
        cmd: 'policy',
        rules: [
          { name: 'x', then: 'hold' },
          { name: 'x', then: 'hold' },
        ],
      },
      'script',
    );
    expect(ofType(events, 'error')).toMatchObject([{ kind: 'usage' }]);
    fault();
    expect(session.snapshot().rules).toMatchObject([{ name: 'x', then: 'success', hits: 1 }]);
  });

  it('are made by place, and never one that is taken', () => {
    const names = compileRules([
      { then: 'hold' },
      { name: 'rule 1', then: 'hold' },
      { name: 'rule 1 (2)', then: 'hold' },
    ]);
    expect(names.map(({ name }) => name)).toEqual(['rule 1 (3)', 'rule 1', 'rule 1 (2)']);
  });
});
