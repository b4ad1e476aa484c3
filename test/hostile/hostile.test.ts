// The engine over a kernel that lies: no crash, no hang, no wrong answer, and every group that was delivered is accounted
// for. IOPFTOP_FUZZ_RUNS says how many runs, IOPFTOP_FUZZ_SEED where they begin.
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Command, Rule } from '../../src/protocol/messages.ts';
import { Random } from '../../src/scenario/random.ts';
import { isExpected } from '../../src/text/refusal.ts';
import { ofType, type Rig } from '../engine/fixture.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { LONG_TOO } from '../helpers/long.ts';
import type { Hostility } from './hostile-kernel.ts';
import { SCENES, sceneOf } from './scenes.ts';

const RUNS = Number(process.env.IOPFTOP_FUZZ_RUNS || (LONG_TOO ? 400 : 100));
const SEED = Number(process.env.IOPFTOP_FUZZ_SEED || 1);
const STEPS = 60;
/** In a step of a millisecond; a read of each queue, of its retry, and what goes with it. */
const CALLS_PER_STEP = 1_500;

const share = fc.oneof(fc.constant(0), fc.constant(0.05), fc.constant(0.5), fc.constant(1));
const hostility: fc.Arbitrary<Hostility> = fc.record({
  seed: fc.integer({ min: 0, max: 2 ** 31 }),
  read: share,
  write: share,
  poll: share,
  ioctl: share,
  records: share,
});
const rules: fc.Arbitrary<Rule[]> = fc.constantFrom<Rule[]>(
  [],
  [{ then: 'success' }],
  [{ then: 'invalid', afterMs: 3 }],
  [
    { when: 'read', then: 'map' },
    { when: 'addr > 0x1000', then: 'invalid' },
  ],
);

/** What an operator might do next. */
function command(random: Random, { session }: Rig): Command {
  const device = random.pick(session.state.source.devices).devId;
  const pending = session.state.ledger.pending.oldest?.group ?? 1;
  return random.pick<() => Command>([
    () => ({ cmd: 'respond', all: true, code: random.pick(['success', 'invalid', 'map']) }),
    () => ({ cmd: 'respond', group: pending, code: 'invalid' }),
    () => ({ cmd: 'detach', devId: device }),
    () => ({ cmd: 'attach', devId: device, hwpt: 'new-paging' }),
    () => ({ cmd: 'replace', devId: device, hwpt: random.pick(['new-paging', 'new-nested']) }),
    () => ({ cmd: 'trigger', devId: device, addr: '0x4000', perm: ['read'], count: 20 }),
    () => ({ cmd: 'snapshot' }),
  ])();
}

interface Run {
  groups: number;
  calls: number;
  refused: boolean;
}

function play(where: (typeof SCENES)[number], kind: Hostility, decide: Rule[], hostileStart: boolean): Run {
  const random = new Random(kind.seed, 1);
  const clock = new VirtualClock();
  const scene = sceneOf(where, clock, kind);
  const { kernel } = scene;
  kernel.hostile = hostileStart;
  let run: Rig;
  try {
    run = scene.begin(decide);
  } catch (error) {
    if (!isExpected(error)) throw error;
    return { groups: 0, calls: kernel.calls, refused: true };
  }
  const { session, events } = run;
  kernel.hostile = true;
  let [t, calls] = [0, 0];
  for (let step = 0; step < STEPS && session.ended === null; step++) {
    if (random.unit() < 0.5) scene.fault();
    if (random.unit() < 0.6) session.command(command(random, run), 'script');
    session.step(session.state.nowNs() + 1e6);
    clock.advance(1_000_000n);
    expect(kernel.calls - calls).toBeLessThan(CALLS_PER_STEP);
    calls = kernel.calls;
    const now = session.state.nowNs();
    expect(now).toBeGreaterThanOrEqual(t);
    t = now;
    expect(kernel.broken).toEqual([]);
  }
  const { counters, outstanding } = session.close();
  expect(kernel.broken).toEqual([]);
  const { faults, groups, success, invalid, auto, pending } = counters;
  expect(faults).toBe(kernel.delivered);
  expect(success + invalid + auto + pending).toBe(groups);
  expect(outstanding.groups - outstanding.answered - (outstanding.gone ?? 0)).toBe(pending);
  const told = ofType(events, 'answers').reduce((sum, batch) => sum + batch.groups.length, 0);
  const settled = ofType(events, 'auto-responded').reduce((sum, message) => sum + message.groups.length, 0);
  expect(told + settled + pending).toBe(groups);
  // The kernel may have kept it from being put back: that is said.
  if (ofType(events, 'error').length === 0) expect(scene.left()).toBeNull();
  for (const { message } of ofType(events, 'error')) expect(message).not.toMatch(/undefined|NaN|\[object/);
  return { groups, calls: kernel.calls, refused: false };
}

test.each(SCENES)(`${RUNS} runs over a kernel that lies: %s`, { timeout: 3_600_000 }, (where) => {
  const sum = { groups: 0, calls: 0, refused: 0 };
  fc.assert(
    fc.property(hostility, rules, fc.boolean(), (kind, decide, hostileStart) => {
      const { groups, calls, refused } = play(where, kind, decide, hostileStart);
      sum.groups += groups;
      sum.calls += calls;
      sum.refused += refused ? 1 : 0;
    }),
    { numRuns: RUNS, seed: SEED },
  );
  expect(sum.groups).toBeGreaterThan(RUNS);
  expect(sum.refused).toBeLessThan(RUNS / 2);
  tellFigure({
    topic: 'Malformed input',
    what: `runs over a kernel that lies, ${where}`,
    value: `${thousands(RUNS)} with ${thousands(sum.calls)} calls and ${thousands(sum.groups)} groups; ${thousands(sum.refused)} were refused at the start`,
    repeat: 'npm test -- test/hostile',
  });
});
