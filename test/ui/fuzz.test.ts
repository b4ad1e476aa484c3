// Any keys, in any order, on any page and at any size: nothing throws, all that is painted fits its place, the part of the
// screen that keys go to is the one that the state has on top, and what is pasted or typed into a line never becomes a command.

import fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Command, OwnerRow } from '../../src/protocol/messages.ts';
import type { KeyPress } from '../../src/terminal/key-press.ts';
import { topLayer } from '../../src/ui/actions/layers.ts';
import { Painter } from '../../src/ui/app/painter.tsx';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { KEYS } from '../../src/ui/model/keys.ts';
import { MIN_COLUMNS, MIN_ROWS } from '../../src/ui/model/layout.ts';
import { Grid } from '../../src/ui/paint/grid.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { OWNER, ownerSession, QUEUE } from './fixtures/owner.ts';
import { isCut } from './fixtures/panel.tsx';
import { Session } from './fixtures/session.ts';

const CONFIG = { ...DEFAULT_SCREEN, filters: [{ name: 'five', list: null, when: 'pasid == 5' }] };
const NAMES = [...new Set(KEYS.flatMap(({ keys }) => keys))].filter((name) => name !== 'ctrl-c');
const named = (name: string): KeyPress => ({ name, text: name === 'space' ? ' ' : name.length === 1 ? name : '' });

const place = fc.record({ column: fc.nat(200), row: fc.nat(60) });
const key: fc.Arbitrary<KeyPress> = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom(...NAMES).map(named) },
  {
    weight: 2,
    arbitrary: fc.constantFrom('pasid == 5', 'write &&', '17', 'theme', 'x').map((text) => ({ name: 'paste', text })),
  },
  { weight: 1, arbitrary: fc.string({ minLength: 1, maxLength: 1 }).map((text) => ({ name: text, text })) },
  { weight: 1, arbitrary: fc.constantFrom('backspace', 'delete', 'insert', 'ctrl-u', 'ctrl-w', 'alt-x').map(named) },
  // It opens a dialog also where the terminal is too small, under what says so
  { weight: 1, arbitrary: fc.constant(named('ctrl-c')) },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('click', 'wheel-up', 'wheel-down'), place)
      .map(([name, at]) => ({ name, text: '', place: at })),
  },
);

type Step = { keys: KeyPress[]; faults: number; gone: number; size: [number, number] | null };
const step: fc.Arbitrary<Step> = fc.record({
  keys: fc.array(key, { minLength: 1, maxLength: 5 }),
  faults: fc.nat(3),
  gone: fc.nat(30),
  size: fc.option(fc.constantFrom<[number, number]>([60, 16], [80, 24], [120, 40], [200, 60], [40, 10]), { freq: 6 }),
});

const theme = makeTheme({ TERM: 'xterm', LANG: 'C.UTF-8' });

/** What is cut off, and what has failed, since the last look. */
const wrong: unknown[] = [];
beforeAll(() => {
  const { write } = Grid.prototype;
  vi.spyOn(Grid.prototype, 'write').mockImplementation(function (this: Grid, x, y, run, clip) {
    const written = { x, y, width: run.width, text: run.text ?? '', clip };
    if (isCut(written)) wrong.push(written);
    write.call(this, x, y, run, clip);
  });
});
afterAll(() => {
  vi.restoreAllMocks();
});

const fail = (error: unknown) => void wrong.push(error);
const sink = { write: (_: string, done: (error: null) => void) => done(null) };
let painter: Painter | null = null;
afterAll(() => painter?.close());

/** The screen that a session is shown on: the same for one after another, as long as nothing is wrong. */
function onScreen(session: Session, act: (check: () => void) => void): void {
  painter ??= new Painter({ theme, sink, state: session.state, onGone: fail, onBug: fail, onBroken: fail });
  const { layers, broken } = painter;
  try {
    act(() => {
      painter!.paint(session.state);
      painter!.flush();
      const { columns, rows } = session.state;
      // Too small, the words that say so are cut
      const seen = columns >= MIN_COLUMNS && rows >= MIN_ROWS;
      expect(wrong.splice(0).filter((what) => seen || what instanceof Error)).toEqual([]);
      expect(layers.top?.name).toBe(topLayer(session.state).name);
      expect([...broken]).toEqual([]);
    });
  } catch (error) {
    painter.close();
    painter = null;
    wrong.length = 0;
    throw error;
  }
}

function play(steps: Step[]): void {
  const session = new Session(80, 24, CONFIG);
  onScreen(session, (check) => playOn(session, steps, check));
}

function playOn(session: Session, steps: Step[], check: () => void): void {
  for (let i = 1; i <= 30; i++) session.engine.fault(1 + (i % 2), i % 5 === 1 ? 5 : null);
  session.view();
  for (const { keys, faults, gone, size } of steps) {
    if (size) session.state = { ...session.state, columns: size[0], rows: size[1] };
    for (const one of keys) {
      const { prompt, palette } = session.state;
      const before = session.engine.commands.length;
      session.keys(one);
      const typing = (prompt || palette) && one.text !== '';
      if (typing || (one.name === 'paste' && !session.state.form)) expect(session.engine.commands).toHaveLength(before);
      check();
    }
    for (let i = 0; i < faults; i++) session.engine.fault(1);
    if (gone) session.engine.answer(gone, 1 + (gone % 3));
    session.view(0.5);
    check();
    if (session.state.leaving) return;
  }
}

/** What becomes of the process whose queues they are, whose PID is one key. */
const OWNERS: Partial<OwnerRow>[] = [
  {},
  { taken: true, queues: [{ ...QUEUE, queue: 0 }] },
  { state: 'T', stopped: true, goesOnAtEnd: true },
  { state: null },
  { queues: [] },
  { pid: 8 },
];
interface OwnerStep {
  keys: KeyPress[];
  owner: Partial<OwnerRow>;
  size: [number, number];
}
const ownerStep: fc.Arbitrary<OwnerStep> = fc.record({
  keys: fc.array(fc.oneof(key, fc.constantFrom('O', 'R', 'Z', '7', 'down', 'enter', 'space', '8').map(named)), {
    maxLength: 6,
  }),
  owner: fc.constantFrom(...OWNERS),
  size: fc.constantFrom<[number, number]>([60, 16], [80, 24], [120, 40], [200, 60], [40, 10]),
});

it('any keys in any order do nothing to a process that has ended, or is another one', () => {
  fc.assert(
    fc.property(fc.array(ownerStep, { maxLength: 12 }), (steps) => {
      const session = ownerSession(80, 24, { pid: 7 });
      onScreen(session, (check) => playOwner(session, steps, check));
    }),
    { numRuns: 150 },
  );
});
const OF_OWNER: Command['cmd'][] = ['take', 'rescue', 'stop', 'continue'];

function playOwner(session: Session, steps: OwnerStep[], check: () => void): void {
  for (const { keys, owner, size } of steps) {
    session.state = { ...session.state, columns: size[0], rows: size[1] };
    const { pid = 7, state = 'S' } = owner;
    session.engine.owner = { ...OWNER, pid: 7, ...owner };
    session.view(0.5);
    for (const one of keys) {
      const opened = session.state.dialog?.pid ?? null;
      const before = session.engine.commands.length;
      session.keys(one);
      check();
      const sent = session.engine.commands.slice(before).filter(({ cmd }) => OF_OWNER.includes(cmd));
      if (state === null || (opened !== null && opened !== pid)) expect(sent).toEqual([]);
      for (const { cmd } of sent) if (cmd === 'take' || cmd === 'rescue') expect(opened).toBe(pid);
    }
    if (session.state.leaving) return;
  }
}

it('any keys in any order', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), play), { numRuns: 150 });
});
