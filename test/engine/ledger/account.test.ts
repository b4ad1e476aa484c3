import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AnswerBatch, Batch, Command, Rule } from '../../../src/protocol/messages.ts';
import { ofType, type Rig, rig } from '../fixture.ts';

const WHEN = ['pasid == 1', 'repeats > 0', 'addr > 0x10005000 && !write', '1 / int(repeats) == 1'];

const rule: fc.Arbitrary<Rule> = fc.record(
  {
    then: fc.constantFrom('success' as const, 'invalid' as const, 'map' as const, 'hold' as const),
    when: fc.constantFrom(...WHEN),
    enabled: fc.boolean(),
  },
  { requiredKeys: ['then'] },
);

const rules = fc.array(
  fc
    .tuple(rule, fc.constantFrom(undefined, 5, 50))
    .map(([each, afterMs]) => (afterMs === undefined || each.then === 'hold' ? each : { ...each, afterMs })),
  { maxLength: 3 },
);

const pasid = fc.constantFrom(undefined, 1, 2);

/** Commands, as far as the source knows what they are about; the device is filled in. */
const command = fc.oneof(
  fc.record(
    { cmd: fc.constant('trigger'), count: fc.constantFrom(1, 3, 700), pasid },
    { requiredKeys: ['cmd', 'count'] },
  ),
  fc.record({
    cmd: fc.constant('respond'),
    code: fc.constantFrom('success', 'invalid', 'map'),
    all: fc.constant(true),
  }),
  fc.record({ cmd: fc.constant('respond'), code: fc.constantFrom('success', 'map'), when: fc.constantFrom(...WHEN) }),
  fc.record({
    cmd: fc.constant('respond'),
    code: fc.constant('invalid'),
    groups: fc.array(fc.integer({ min: 1, max: 900 })),
  }),
  fc.record({ cmd: fc.constantFrom('replace', 'attach'), pasid, hwpt: fc.constantFrom('new-paging', 'new-nested') }),
  fc.record({ cmd: fc.constant('detach'), pasid }),
  fc.record({ cmd: fc.constant('policy'), rules }),
);

type Move = { command: Record<string, unknown>; cause: 'key' | 'script' } | { step: number };

const move: fc.Arbitrary<Move> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ command, cause: fc.constantFrom('key' as const, 'script' as const) }) },
  { weight: 4, arbitrary: fc.record({ step: fc.constantFrom(0, 0, 1, 60) }) },
);

/** What is said of the groups read, and of those answered, is what the counters say; each once. */
function check({ session, events }: Rig): void {
  const { groups, success, invalid, auto, pending, faults } = session.snapshot(0, 0).counters;
  expect(success + invalid + auto + pending).toBe(groups);
  const read = ofType(events, 'batch').reduce((n, { records }: Batch) => n + records.byteLength / 40, 0);
  expect(read).toBe(faults);
  const told = [
    ...ofType(events, 'answers').flatMap((batch: AnswerBatch) => [...batch.groups]),
    ...ofType(events, 'auto-responded').flatMap((event) => event.groups),
  ];
  expect(new Set(told).size).toBe(told.length);
  expect(told.length).toBe(success + invalid + auto);
  const waiting = [...session.state.ledger.pending.values()].map(({ group }) => group);
  expect(new Set([...told, ...waiting]).size).toBe(groups);
}

it('answers each group once or lists it as pending, whatever is commanded when, and says so; each command is heard of once', () => {
  fc.assert(
    fc.property(
      fc.array(move, { maxLength: 25 }),
      rules,
      fc.record({
        dryRun: fc.boolean(),
        readOnly: fc.boolean(),
        onExit: fc.constantFrom('hold', 'invalid', 'success'),
      }),
      (moves, first, options) => {
        const test = rig({ devices: [{ pasid: true, pasids: [1] }], rules: first, ...options } as never);
        const { session } = test;
        test.fault(20);
        const given: number[] = [];
        for (const [id, each] of moves.entries()) {
          if ('command' in each) {
            session.command({ id, devId: test.devId(), ...each.command } as Command, each.cause);
            given.push(id);
          } else session.step(session.state.nowNs() + each.step * 1e6);
          check(test);
        }
        // In the middle of whatever is under way.
        const { counters, outstanding } = session.close();
        const { groups, success, invalid, auto, pending } = counters;
        expect(success + invalid + auto + pending).toBe(groups);
        if (options.readOnly || options.onExit === 'hold') expect(outstanding.groups).toBe(pending);
        else expect(pending).toBe(0);
        const heard = [...ofType(test.events, 'done'), ...ofType(test.events, 'error')].map(({ id }) => id);
        expect(heard.filter((id) => id !== null).sort((a, b) => Number(a) - Number(b))).toEqual(given);
      },
    ),
    { numRuns: 150 },
  );
});
