// A terminal that answers late, over the real engine on the simulated kernel: devices fault, an operator presses keys, and between
// those come replies, cut anywhere. The same commands reach the engine, and the same groups get the same answers, as without them.
// IOPFTOP_LATE_SEEDS says how many seeds, IOPFTOP_LATE_SEED with which they begin.
import { expect, test } from 'vitest';
import { Random } from '../../src/scenario/random.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { REPLIES } from '../terminal/replies.ts';
import { Keyboard } from '../ui/fixtures/keyboard.ts';
import { hostEngine } from '../ui/fixtures/real-engine.ts';
import { Session } from '../ui/fixtures/session.ts';

const SEEDS = Number(process.env.IOPFTOP_LATE_SEEDS || 6);
const FIRST = Number(process.env.IOPFTOP_LATE_SEED || 1);
const STEPS = 40;
const SCENARIOS = ['tour', 'burst', 'demand-paging', 'refault-loop', 'stuck'] as const;
/** The first ones answer. */
const KEYS = [
  's',
  'i',
  'm',
  's',
  'i',
  'm',
  'r',
  '\r',
  '\r',
  '\r',
  '1',
  '1',
  '\x1b',
  'j',
  'k',
  ' ',
  '\x1b[B',
  '2',
  '7',
  '?',
  ':',
  '/',
];
/** After a reply, until an unfinished one is dropped. */
const QUIET_MS = 1_100;

interface Step {
  readonly key: string;
  readonly waitMs: number;
  /** Pieces of a reply, and the pause between them; none: []. */
  readonly pieces: readonly string[];
  readonly pauseMs: number;
}

/** Cut at up to three places. */
function pieces(random: Random): string[] {
  const { text } = random.pick(REPLIES);
  const cuts = Array.from({ length: random.between(0, 3) }, () => random.between(0, text.length)).sort((a, b) => a - b);
  return [...cuts, text.length].map((to, i) => text.slice(i === 0 ? 0 : cuts[i - 1], to));
}

const stepsOf = (random: Random): Step[] =>
  Array.from({ length: STEPS }, () => ({
    key: random.pick(KEYS),
    waitMs: random.between(200, 1_500),
    pieces: random.unit() < 0.6 ? pieces(random) : [],
    pauseMs: random.pick([0, 5, 40, 120]),
  }));

/** Plays the steps; `late`: with the replies. */
function play(seed: number, scenario: string, steps: readonly Step[], late: boolean) {
  const engine = hostEngine(scenario, seed);
  const session = new Session(120, 40, undefined, engine.session.hello, engine);
  const keyboard = new Keyboard(session);
  /** The screen, its terminal and the engine go on together. */
  const pass = (milliseconds: number): void => {
    engine.advance(milliseconds);
    keyboard.wait(milliseconds);
  };
  pass(1_000);
  session.view();
  for (const { key, waitMs, pieces: reply, pauseMs } of steps) {
    if (engine.session.ended !== null) break;
    keyboard.read(key);
    pass(waitMs);
    session.view();
    for (const piece of reply) {
      if (late) keyboard.read(piece);
      pass(pauseMs);
    }
    pass(QUIET_MS);
    session.view();
  }
  if (engine.session.ended === null) engine.session.close();
  const answers = engine.events.flatMap((event) => (event.type === 'answers' ? [event] : []));
  const { state } = session;
  return { commands: engine.commands, answers, state, counters: engine.session.snapshot().counters };
}

test(`${SEEDS} seeds: late replies of a terminal answer nothing`, { timeout: 3_600_000 }, () => {
  const sum = { keys: 0, replies: 0, commands: 0, answered: 0 };
  for (let seed = FIRST; seed < FIRST + SEEDS; seed++) {
    const random = new Random(seed, 13);
    const scenario = random.pick(SCENARIOS);
    const steps = stepsOf(random);
    const without = play(seed, scenario, steps, false);
    const late = play(seed, scenario, steps, true);
    expect([seed, late.commands]).toEqual([seed, without.commands]);
    expect([seed, late.answers]).toEqual([seed, without.answers]);
    expect([seed, late.counters]).toEqual([seed, without.counters]);
    expect([seed, late.state.dialog?.title]).toEqual([seed, without.state.dialog?.title]);
    sum.keys += steps.length;
    sum.replies += steps.filter(({ pieces: reply }) => reply.length > 0).length;
    sum.commands += late.commands.length;
    sum.answered += late.answers.reduce((all, { groups }) => all + groups.length, 0);
  }
  expect(sum.commands).toBeGreaterThan(SEEDS);
  expect(sum.answered).toBeGreaterThan(0);
  tellFigure({
    topic: 'The whole program, simulated',
    what: 'sessions of an operator whose terminal answers late, over the engine',
    value: `${thousands(SEEDS)} with ${thousands(sum.keys)} keys and ${thousands(sum.replies)} replies: the same ${thousands(sum.commands)} commands and the same answers to ${thousands(sum.answered)} groups as without`,
    repeat: 'npm test -- test/simulation/late-terminal.test.ts',
  });
});
