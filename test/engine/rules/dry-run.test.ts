import { describe, expect, it } from 'vitest';
import { faultLines, verdictLines } from '../../../src/protocol/expand.ts';
import { messageProblem } from '../../helpers/schema.ts';
import { ofType, rig } from '../fixture.ts';

describe('a dry run', () => {
  it.each(['success', 'invalid', 'map', 'hold'] as const)(
    'counts the rule without a condition, and holds: %s',
    (then) => {
      const { session, events, fault } = rig({ dryRun: true, rules: [{ name: 'all', then }] });
      fault(3);
      const { pending, rules, counters } = session.snapshot();
      expect(pending.map(({ rule }) => rule)).toEqual(Array(3).fill({ name: 'all', then, dueNs: 0 }));
      expect(rules[0]?.hits).toBe(3);
      expect(counters).toMatchObject({ pending: 3, success: 0, invalid: 0, refused: 0 });
      expect(ofType(events, 'answers')).toEqual([]);
      expect(pending.every(({ mapped }) => mapped === false)).toBe(true);
    },
  );

  it('tells what each rule would have done, after how long, and to which group', () => {
    const rules = [
      { name: 'late', when: 'addr >= 0x10001000', then: 'invalid', afterMs: 500 },
      { when: 'write', then: 'success' },
    ] as const;
    const { events, devId, fault } = rig({ dryRun: true, rules: [...rules] });
    fault(3);
    const lines = ofType(events, 'verdicts').flatMap((batch) => verdictLines(batch).trimEnd().split('\n'));
    const said = {
      type: 'verdict',
      queue: 0,
      devId: devId(),
      pasid: null,
      rule: 'late',
      then: 'invalid',
      afterNs: 5e8,
    };
    const parsed = lines.map((line) => JSON.parse(line));
    expect(parsed).toMatchObject([
      { ...said, group: 2 },
      { ...said, group: 3 },
    ]);
    expect(parsed.map(messageProblem)).toEqual([null, null]);
    expect(ofType(events, 'batch').map(faultLines).join('')).toContain('"group":3');
  });

  it('passes the time that a rule waits, and does nothing then', () => {
    const { session, fault, clock } = rig({ dryRun: true, rules: [{ then: 'success', afterMs: 500 }] });
    fault();
    const due = () => session.snapshot().pending[0]?.rule?.dueNs;
    expect(due()).toBe(5e8);
    clock.advance(750_000_000n);
    session.step(0);
    expect(due()).toBe(-2.5e8);
  });

  it('lets commands answer', () => {
    const { session, fault } = rig({ dryRun: true, rules: [{ then: 'invalid' }] });
    fault(2);
    session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
    expect(session.snapshot().counters).toMatchObject({ pending: 1, success: 1, invalid: 0 });
  });

  it('judges what is pending by new rules', () => {
    const { session, events, fault } = rig({ dryRun: true });
    fault(2);
    session.command({ cmd: 'policy', rules: [{ name: 'new', then: 'success' }] }, 'script');
    session.step(0);
    expect(ofType(events, 'verdicts').map(({ rule, groups }) => [rule, [...groups]])).toEqual([['new', [1, 2]]]);
    expect(session.snapshot().counters).toMatchObject({ pending: 2, success: 0 });
  });

  it('can be read-only too', () => {
    const { session, fault } = rig({ dryRun: true, readOnly: true, rules: [{ then: 'success' }] });
    fault();
    expect(session.snapshot().pending[0]?.rule?.name).toBe('rule 1');
    expect(session.snapshot().rules[0]?.hits).toBe(1);
  });

  it('is in the journal and in the summary', () => {
    const { session, fault } = rig({ dryRun: true, rules: [{ then: 'success' }] });
    fault(2);
    expect(session.hello.dryRun).toBe(true);
    expect(session.state.journal.recent[0]).toMatchObject({ action: 'start', dryRun: true, readOnly: false });
    expect(session.close().outstanding).toEqual({ groups: 2, plan: 'hold', answered: 0 });
  });
});

describe('the rule of a pending group', () => {
  it('says what it will do, and in how long', () => {
    const { session, fault } = rig({ rules: [{ name: 'late', then: 'invalid', afterMs: 500 }] });
    fault();
    expect(session.snapshot().pending[0]?.rule).toEqual({ name: 'late', then: 'invalid', dueNs: 5e8 });
  });
});
