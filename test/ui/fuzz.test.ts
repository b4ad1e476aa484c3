// Any keys, in any order, on any page and at any size: nothing throws, every painted piece is as wide as it says, and what
// is pasted or typed into a line never becomes a command.

import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { Command, OwnerRow } from '../../src/protocol/messages.ts';
import type { KeyPress } from '../../src/terminal/key-press.ts';
import { frameModel } from '../../src/ui/app/frame/frame-model.ts';
import { paintScreen } from '../../src/ui/app/frame/paint.ts';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { KEYS } from '../../src/ui/model/keys.ts';
import { layoutOf } from '../../src/ui/model/layout-of.ts';
import { makeTheme } from '../../src/ui/text/theme.ts';
import { OWNER, ownerSession, QUEUE } from './fixtures/owner.ts';
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

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences
const plain = (text: string): string => text.replace(/\x1b\[[\d;]*m/g, '');
const theme = makeTheme({ TERM: 'xterm', LANG: 'C.UTF-8' });

function check(session: Session): void {
  const layout = layoutOf(session.state);
  frameModel(session.state, layout);
  for (const { row, left, width, text } of paintScreen(session.state, layout, theme)) {
    const what = `row ${row}, ${left}+${width}: ${plain(text)}`;
    expect(plain(text).length, what).toBeLessThanOrEqual(width);
    expect(row, what).toBeLessThan(layout.rows);
    expect(left + width, what).toBeLessThanOrEqual(layout.columns);
  }
}

function play(steps: Step[]): void {
  const session = new Session(80, 24, CONFIG);
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
      check(session);
    }
    for (let i = 0; i < faults; i++) session.engine.fault(1);
    if (gone) session.engine.answer(gone, 1 + (gone % 3));
    session.view(0.5);
    check(session);
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
const ownerStep = fc.record({
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
      for (const { keys, owner, size } of steps) {
        session.state = { ...session.state, columns: size[0], rows: size[1] };
        const { pid = 7, state = 'S' } = owner;
        session.engine.owner = { ...OWNER, pid: 7, ...owner };
        session.view(0.5);
        for (const one of keys) {
          const opened = session.state.dialog?.pid ?? null;
          const before = session.engine.commands.length;
          session.keys(one);
          check(session);
          const sent = session.engine.commands.slice(before).filter(({ cmd }) => OF_OWNER.includes(cmd));
          if (state === null || (opened !== null && opened !== pid)) expect(sent).toEqual([]);
          for (const { cmd } of sent) if (cmd === 'take' || cmd === 'rescue') expect(opened).toBe(pid);
        }
        if (session.state.leaving) return;
      }
    }),
    { numRuns: 150 },
  );
});
const OF_OWNER: Command['cmd'][] = ['take', 'rescue', 'stop', 'continue'];

it('any keys in any order', () => {
  fc.assert(fc.property(fc.array(step, { maxLength: 12 }), play), { numRuns: 150 });
});
