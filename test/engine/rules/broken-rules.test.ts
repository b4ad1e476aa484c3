import { describe, expect, it } from 'vitest';
import type { Rule } from '../../../src/protocol/messages.ts';
import { messageProblem } from '../../helpers/schema.ts';
import { ofType, rig } from '../fixture.ts';

/** Cannot be evaluated for the page at 0x10001000, the second that `fault` triggers. */
const GUARD: Rule = { name: 'guard', when: '1 / (addr - 0x10001000) > 1', then: 'invalid' };
const REST: Rule = { name: 'rest', then: 'success' };
const ERROR = 'division by zero (column 1)';

describe('a rule that cannot be evaluated for a group', () => {
  it('holds the group: no rule after it answers in its place', () => {
    const { session, events, fault } = rig({ rules: [GUARD, REST] });
    fault(3);
    const { pending, rules, counters, alarms } = session.snapshot();
    expect(counters).toMatchObject({ pending: 1, success: 2, invalid: 0 });
    expect(pending).toMatchObject([{ group: 2, rule: { name: 'guard', then: 'hold', error: ERROR } }]);
    expect(rules).toMatchObject([
      { name: 'guard', hits: 0, broken: { count: 1, error: ERROR, group: 2 } },
      { name: 'rest', hits: 2 },
    ]);
    expect(rules[1]).not.toHaveProperty('broken');
    expect(alarms).toMatchObject([{ kind: 'broken', level: 'critical', value: 1, devId: null }]);
    expect(alarms[0]?.text).toBe(`rule "guard" cannot be evaluated for 1 group (${ERROR}): held`);
    expect(ofType(events, 'notice')).toMatchObject([{ what: 'rule-broken', rule: 'guard', group: 2, error: ERROR }]);
    expect(ofType(events, 'notice').map(messageProblem)).toEqual([null]);
    expect(messageProblem(session.snapshot())).toBeNull();
  });

  it('also where a device chooses the highest addresses, which a guard is for', () => {
    const guard: Rule = { name: 'guard', when: 'addr + 0x1000 > 0x100000000', then: 'invalid' };
    const { session, fault } = rig({ rules: [guard, REST] });
    fault(1, null, 0xffff_ffff_ffff_f000n);
    fault(1, null, 0x1_0000_0000n);
    fault(1, null, 0x1000n);
    expect(session.snapshot().counters).toMatchObject({ pending: 0, invalid: 2, success: 1 });
  });

  it('is told the first time, the tenth, the hundredth, and counted every time', () => {
    const { session, events, fault } = rig({ rules: [{ ...GUARD, when: '1 / (addr - addr) > 1' }, REST] });
    for (let i = 0; i < 150; i++) fault();
    expect(session.snapshot()).toMatchObject({ counters: { pending: 150 }, rules: [{ broken: { count: 150 } }, {}] });
    expect(ofType(events, 'notice').map(({ group }) => group)).toEqual([1, 10, 100]);
    const entries = session.state.journal.recent.filter(({ action }) => action === 'rule-broken');
    expect(entries.map(({ count }) => count)).toEqual([1, 10, 100]);
    expect(entries[2]).toMatchObject({ rule: 'guard', group: 100, error: ERROR });
  });

  it('can be answered by a person, and stays held as time goes by', () => {
    const { session, clock, fault } = rig({ rules: [{ ...GUARD, afterMs: 100 }, REST] });
    fault(2);
    clock.advance(1_000_000_000n);
    session.step(0);
    expect(session.snapshot().pending.map(({ group }) => group)).toEqual([2]);
    session.command({ cmd: 'respond', group: 2, code: 'invalid' }, 'key');
    expect(session.snapshot().counters).toMatchObject({ pending: 0, success: 1, invalid: 1 });
  });

  it('is counted in a dry run, which says that it would hold', () => {
    const { session, events, fault } = rig({ dryRun: true, rules: [GUARD, REST] });
    fault(2);
    expect(session.snapshot()).toMatchObject({
      rules: [{ broken: { count: 1 } }, { hits: 1 }],
      pending: [{ rule: { name: 'rest', then: 'success' } }, { rule: { name: 'guard', then: 'hold', error: ERROR } }],
    });
    const said = ofType(events, 'verdicts').map(({ rule, then, groups }) => [rule, then, ...groups]);
    expect(said).toEqual([
      ['rest', 'success', 1],
      ['guard', 'hold', 2],
    ]);
  });

  it('lets the group go to the rules of a new list, and is not counted twice by one that has it still', () => {
    const { session, fault } = rig({ rules: [GUARD, REST] });
    fault(2);
    session.command({ cmd: 'policy', rules: [{ ...REST, name: 'first', when: 'exec' }, GUARD] }, 'key');
    expect(session.snapshot()).toMatchObject({
      rules: [{ hits: 0 }, { broken: { count: 1 } }],
      pending: [{ rule: { name: 'guard', error: ERROR } }],
      alarms: [{ kind: 'broken' }],
    });
    session.command({ cmd: 'policy', rules: [{ ...GUARD, enabled: false }, REST] }, 'key');
    session.step(0);
    expect(session.snapshot()).toMatchObject({ counters: { pending: 0, success: 2 }, alarms: [] });
  });

  it('that has a rule without a condition before it is never evaluated', () => {
    const { session, fault } = rig({ rules: [REST, GUARD] });
    fault(3);
    expect(session.snapshot()).toMatchObject({ counters: { success: 3, pending: 0 }, alarms: [] });
  });
});

describe('a command whose condition cannot be evaluated for a group', () => {
  it('answers none: nobody knows which were meant', () => {
    const { session, events, fault } = rig();
    fault(3);
    session.command({ cmd: 'respond', when: GUARD.when as string, code: 'success', id: 7 }, 'script');
    expect(session.snapshot().counters).toMatchObject({ pending: 3, success: 0 });
    expect(ofType(events, 'error')).toMatchObject([
      {
        id: 7,
        kind: 'usage',
        message: `respond: when cannot be evaluated for group 2: ${ERROR}; nothing was answered`,
      },
    ]);
  });
});
