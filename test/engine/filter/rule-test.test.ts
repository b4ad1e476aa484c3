import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/protocol/messages.ts';
import { type Rig, rig } from '../fixture.ts';
import { settled } from './window.ts';

const trial = (r: Rig, rule: Rule, before = 0) => settled(r, { test: { id: 3, rule, before } }).test;

describe('a rule on trial', () => {
  it('is judged by the history and by what is pending, and answers nothing', () => {
    const r = rig();
    r.fault(20);
    r.session.command({ cmd: 'respond', groups: [5, 10], code: 'success' }, 'key');
    expect(trial(r, { when: 'group % 5 == 0', then: 'invalid' })).toEqual({
      id: 3,
      error: null,
      at: null,
      everything: false,
      matched: 4,
      scanned: 20,
      total: 20,
      shadowed: 0,
      pending: 2,
      sample: [20, 15, 10, 5],
    });
    expect(r.session.state.ledger.totals.invalid).toBe(0);
    expect(trial(r, { then: 'success' })).toMatchObject({
      everything: true,
      matched: 20,
      pending: 18,
      sample: [20, 19, 18, 17, 16],
    });
    r.fault(5);
    expect(trial(r, { then: 'success' })).toMatchObject({ matched: 25, pending: 23, total: 25 });
  });

  it('yields to the rules before it that are on', () => {
    const r = rig({
      rules: [
        { when: 'group <= 4', then: 'hold' },
        { when: 'group == 6', then: 'hold', enabled: false },
        { when: 'group == 8', then: 'success' },
        { then: 'hold' },
      ],
    });
    r.fault(10);
    const rule: Rule = { when: 'group % 2 == 0', then: 'success' };
    expect(trial(r, rule, 0)).toMatchObject({ matched: 5, shadowed: 0, pending: 4 });
    expect(trial(r, rule, 2)).toMatchObject({ matched: 5, shadowed: 2, pending: 2 });
    expect(trial(r, rule, 3)).toMatchObject({ matched: 5, shadowed: 3, pending: 2 });
    expect(trial(r, rule, 4)).toMatchObject({ matched: 5, shadowed: 5, pending: 0 });
    r.session.command({ cmd: 'policy', rules: [{ when: 'group == 10', then: 'hold' }] }, 'key');
    expect(trial(r, rule, 1)).toMatchObject({ matched: 5, shadowed: 1, pending: 3 });
  });

  it('that is wrong is told with its place', () => {
    const r = rig();
    r.fault(3);
    expect(trial(r, { when: 'pasid == "x"', then: 'success' })).toMatchObject({
      error: expect.stringMatching(/^types that cannot be combined: int == string/),
      at: 0,
      matched: 0,
      total: 0,
    });
    expect(trial(r, { when: 'age > 5', then: 'success' })?.error).toMatch(/^Unknown variable: age/);
    expect(trial(r, { when: 'pasid == 1', then: 'success' })).toMatchObject({ error: null, total: 3 });
    expect(settled(r, {}).test).toBeNull();
  });
});
