// What comes faster than a person types never acts: a paste without brackets, a token that types, a key held down.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REST_MS, TOGETHER_MS } from '../../src/terminal/pace.ts';
import { KEYS } from '../../src/ui/model/keys.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { busyKeyboard, type Keyboard } from '../ui/fixtures/keyboard.ts';
import { screenOf } from '../ui/fixtures/screen.ts';
import { REPLIES } from './replies.ts';

const RUNS = Number(process.env.IOPFTOP_FUZZ_RUNS || 1_000);
const figure = (what: string, came: string): void =>
  tellFigure({
    topic: 'Malformed input',
    what,
    value: `${thousands(RUNS)}: ${came}`,
    repeat: 'npm test -- test/terminal',
  });

const sent = ({ session }: Keyboard) => session.engine.commands;
const words = ({ session }: Keyboard): string => session.state.status?.text ?? '';

describe('a key that acts', () => {
  it('acts where it comes by itself, once it is known to', () => {
    const keyboard = busyKeyboard().read('i');
    expect(sent(keyboard)).toEqual([]);
    keyboard.wait(TOGETHER_MS);
    expect(sent(keyboard)).toMatchObject([{ cmd: 'respond', group: 1, code: 'invalid' }]);
  });

  it('acts at once where a key follows that no text has', () => {
    expect(sent(busyKeyboard().read('i\x1b[B'))).toHaveLength(1);
    expect(sent(busyKeyboard().read('\x1b[B').wait(100).read('i').read('\x1b[A'))).toHaveLength(1);
  });

  it('acts where it is pressed again, and another key comes well after it', () => {
    const keyboard = busyKeyboard().read('i').wait(400).read('i').wait(80);
    expect(sent(keyboard)).toHaveLength(1);
    expect(sent(keyboard.read('j').wait(200))).toHaveLength(2);
    expect(sent(busyKeyboard().read('i').wait(400).read('i').wait(30).read('j').wait(200))).toHaveLength(1);
  });

  it('is refused with others, in words', () => {
    const keyboard = busyKeyboard().read('si').wait(5_000);
    expect(sent(keyboard)).toEqual([]);
    expect(words(keyboard)).toBe('Not done: s came in a burst, as from a paste. Press it by itself.');
    expect(keyboard.session.state.dialog).toBeNull();
    expect(sent(keyboard.type('i'))).toHaveLength(1);
  });

  it('is refused where others come right before or after it, in reads of their own', () => {
    expect(sent(busyKeyboard().read('j').wait(20).read('i').wait(5_000))).toEqual([]);
    expect(sent(busyKeyboard().read('i').wait(20).read('j').wait(5_000))).toEqual([]);
    expect(sent(busyKeyboard().slowly('sismirtad\rqy', 16).wait(5_000))).toEqual([]);
  });

  it.each([
    [400, 33],
    [660, 40],
    [500, 50],
    // macOS and the Linux console, as they come
    [375, 90],
    [250, 92],
    [1_000, 140],
  ])('answers one group while it is held: first after %i ms, then every %i ms', (first, every) => {
    const keyboard = busyKeyboard().read('i').wait(first);
    for (let i = 0; i < 30; i++) keyboard.read('i').wait(every);
    expect(sent(keyboard.wait(1_000))).toHaveLength(1);
  });

  it('answers one group while it is held, with a sequence of its own too', () => {
    const keyboard = busyKeyboard({ invalid: ['delete'] })
      .read('\x1b[3~')
      .wait(400);
    for (let i = 0; i < 30; i++) keyboard.read('\x1b[3~').wait(33);
    expect(sent(keyboard.wait(1_000))).toHaveLength(1);
  });

  it('works for somebody who types fast', () => {
    expect(sent(busyKeyboard().read('j').wait(60).read('i').wait(60))).toMatchObject([{ group: 2 }]);
    expect(sent(busyKeyboard().read('i').wait(160).read('i').wait(160).read('i').wait(160))).toMatchObject([
      { group: 1 },
      { group: 2 },
      { group: 3 },
    ]);
  });
});

describe('is measured by when the bytes came', () => {
  it.each([151, 160, 170, 189, 200])('after Esc, which is known to be Esc only later: %i ms', (pause) => {
    const keyboard = busyKeyboard().read('j').wait(500).read('\x1b').wait(pause).read('i').wait(TOGETHER_MS);
    expect(words(keyboard)).not.toContain('Not done');
    expect(sent(keyboard)).toMatchObject([{ group: 2, code: 'invalid' }]);
  });

  it('where a key was long worked at, and the next came after that', () => {
    const keyboard = busyKeyboard().read('j').busy(38).wait(5).read('i').wait(TOGETHER_MS);
    expect(sent(keyboard)).toHaveLength(1);
  });

  it('where the loop was busy with other things before and after', () => {
    const keyboard = busyKeyboard().busy(300).read('j').wait(10).busy(80).read('i').wait(5).busy(60);
    // the first is over when the second is read, though no time-out has been seen
    expect(sent(keyboard.read('s').wait(200))).toMatchObject([{ group: 2, code: 'invalid' }, { group: 3 }]);
    expect(words(keyboard)).not.toContain('Not done');
  });

  it('and what was queued behind a busy loop came together', () => {
    expect(sent(busyKeyboard().read('j').busy(300).read('i').wait(2_000))).toEqual([]);
    const both = busyKeyboard().read('i').busy(300).read('s').wait(2_000);
    expect(sent(both)).toEqual([]);
    expect(words(both)).toMatch(/^Not done: i came in a burst/);
    expect(sent(busyKeyboard().read('j').wait(500).busy(300).read('is').wait(2_000))).toEqual([]);
  });
});

describe('what only moves', () => {
  it('goes on, held or pasted', () => {
    const keyboard = busyKeyboard().slowly('jjjj', 30);
    expect(keyboard.session.state.pending.group).toBe(5);
    keyboard.read('\x1b[A\x1b[A\x1b[A').read('\x1b[A');
    expect(keyboard.session.state.pending.group).toBe(1);
    expect(keyboard.wait(100).read('i').wait(100).session.engine.commands).toHaveLength(1);
  });

  it('marks as long as Space is held, and what acts on the marks asks', () => {
    const keyboard = busyKeyboard().slowly('   ', 33).wait(50);
    expect(keyboard.session.state.marks.size).toBe(3);
    expect(sent(keyboard.type('s'))).toEqual([]);
    expect(keyboard.session.state.dialog?.title).toContain('3 marked groups');
  });
});

describe('text where text is typed', () => {
  it('is text, and what runs it is not run with it', () => {
    const keyboard = busyKeyboard().type(':').read('invalid\r').wait(2_000);
    expect(sent(keyboard)).toEqual([]);
    expect(keyboard.session.state.palette?.line.text).toBe('invalid');
    expect(words(keyboard)).toMatch(/^Not done: Enter came in a burst/);
    expect(sent(keyboard.type('\r'))).toMatchObject([{ cmd: 'respond', code: 'invalid' }]);
  });

  it('is not run right after it either, where the packet of the paste was cut', () => {
    const keyboard = busyKeyboard()
      .type(':')
      .read('invalid')
      .wait(REST_MS - 200)
      .read('\r')
      .wait(100);
    expect(sent(keyboard)).toEqual([]);
    expect(words(keyboard)).toMatch(/^Not done: Enter came right after a burst/);
    // pressing it again and again does not put it off
    expect(sent(keyboard.wait(150).read('\r').wait(200))).toHaveLength(1);
  });

  it('of a filter is the filter, and what follows it does not act', () => {
    const keyboard = busyKeyboard().read('/group > 2\rsis').wait(2_000);
    expect(sent(keyboard)).toEqual([]);
    expect(keyboard.session.state).toMatchObject({ filters: { pending: 'group > 2' }, dialog: null });
  });

  it('of a rule arms nothing', () => {
    const keyboard = busyKeyboard().type('7', 'n');
    keyboard.session.view();
    keyboard.read('write\t\t\t\t\r').wait(2_000);
    expect(keyboard.session.state.form).toMatchObject({ focus: 'arm', fields: { when: { text: 'write' } } });
    expect(sent(keyboard)).toEqual([]);
    expect(words(keyboard)).toMatch(/^Not done: Enter/);
  });

  it('of a paste in brackets comes without a word', () => {
    const keyboard = busyKeyboard().type('/').read('\x1b[200~group ==\n4\x1b[201~').wait(2_000);
    expect(keyboard.session.state.filters.pending).toBe('group == 4');
    expect(words(keyboard)).toBe('');
  });
});

it('the words are on the screen, also under the palette', async () => {
  const session = (where: string, pasted: string) => {
    const keyboard = busyKeyboard();
    keyboard.session.state = { ...keyboard.session.state, columns: 80, rows: 24 };
    if (where) keyboard.type(where);
    return keyboard.read(pasted).wait(100).session;
  };
  expect((await screenOf(session('', 'sis'))).join('\n')).toContain(
    'Not done: s came in a burst, as from a paste. Press it by itself.',
  );
  expect((await screenOf(session(':', 'inv\r'))).join('\n')).toContain(
    'Not done: Enter came in a burst, as from a paste. Press it by itself.',
  );
  expect((await screenOf(session('r', 'j\r'))).join('\n')).toContain(
    'Not done: Enter came in a burst, as from a paste. Press it by itself.',
  );
});

describe('in a dialog', () => {
  it('Enter with other characters chooses nothing; with arrows it does', () => {
    const keyboard = busyKeyboard().type('r').read('j\r').wait(2_000);
    expect(sent(keyboard)).toEqual([]);
    expect(keyboard.session.state.dialog).not.toBeNull();
    expect(sent(busyKeyboard().type('r').read('\x1b[B\r').wait(2_000))).toMatchObject([{ cmd: 'replace' }]);
  });
});

describe('leaving', () => {
  it('by q takes a q by itself', () => {
    const keyboard = busyKeyboard().read('qq').wait(2_000);
    expect(keyboard.session.state).toMatchObject({ dialog: null, leaving: false });
  });

  it('by Ctrl-C always works, unless text comes right after it', () => {
    expect(busyKeyboard().read('jq\x03\x03').session.state.leaving).toBe(true);
    expect(busyKeyboard().read('\x03').wait(5).read('\x03').session.state.leaving).toBe(true);
    expect(busyKeyboard().read('j\x03\x03k').wait(1_000).session.state).toMatchObject({ dialog: null, leaving: false });
  });
});

it('is not for reports of a mouse that is not on', () => {
  const keyboard = busyKeyboard();
  const { state } = keyboard.session;
  expect(keyboard.read('\x1b[<0;15;3M\x1b[<65;5;20M').wait(100).session.state).toBe(state);
  keyboard.type('M').read('\x1b[<0;15;3M').wait(100);
  expect(keyboard.session.state.page).not.toBe('overview');
});

const text = fc.string({
  unit: fc.oneof(
    {
      weight: 3,
      arbitrary: fc.constantFrom(...new Set(KEYS.flatMap(({ keys }) => keys.filter((key) => key.length === 1)))),
    },
    { weight: 1, arbitrary: fc.constantFrom('\r', '\n', '\t', ' ', '\x1b[31m', '\x7f', '1', 'x') },
  ),
  minLength: 2,
  maxLength: 60,
});

it('no text that is pasted without brackets does anything, in whatever pieces and wherever it comes', () => {
  const place = fc.constantFrom('', '2', '3', '4', '7', ':', '/', 'r', '?', 'n');
  fc.assert(
    fc.property(place, text, fc.array(fc.nat(60), { maxLength: 4 }), fc.nat(20), (where, pasted, cuts, pause) => {
      // colours and one character are not told from a reply and a key
      fc.pre(pasted.replaceAll('\x1b[31m', '').length > 1);
      const keyboard = busyKeyboard();
      if (where) keyboard.type(where);
      keyboard.wait(5_000);
      const before = keyboard.session.state.dialog?.title ?? null;
      const places = [0, ...cuts.map((cut) => Math.min(cut, pasted.length)), pasted.length].sort((a, b) => a - b);
      for (const [i, to] of places.slice(1).entries()) keyboard.read(pasted.slice(places[i], to)).wait(pause);
      keyboard.wait(5_000);
      expect(sent(keyboard)).toEqual([]);
      expect(keyboard.session.effects.filter(({ do: what }) => what !== 'redraw')).toEqual([]);
      expect([before, null]).toContain(keyboard.session.state.dialog?.title ?? null);
    }),
    { numRuns: RUNS },
  );
  figure('pastes without brackets, on the pages, in dialogs and where text is typed', 'nothing acted');
});

it('an operator does the same with late replies between the keys as without', () => {
  const KEYS_TYPED = [
    'j',
    'k',
    '\x1b[B',
    '\x1b[A',
    's',
    'i',
    'm',
    'r',
    '\r',
    ' ',
    '1',
    '2',
    '3',
    '?',
    '\x1b',
    '/',
    ':',
    'x',
    't',
    '\x7f',
  ];
  const reply = fc.record({ of: fc.constantFrom(...REPLIES), cut: fc.nat(40), pause: fc.constantFrom(0, 5, 40, 120) });
  const step = fc.record({
    key: fc.constantFrom(...KEYS_TYPED),
    wait: fc.integer({ min: 200, max: 3_000 }),
    reply: fc.option(reply),
  });
  fc.assert(
    fc.property(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) => {
      const [with_, without] = [busyKeyboard(), busyKeyboard()];
      for (const { key, wait, reply: late } of steps) {
        for (const keyboard of [with_, without]) keyboard.read(key).wait(wait);
        if (late)
          with_.read(late.of.text.slice(0, late.cut)).wait(late.pause).read(late.of.text.slice(late.cut)).wait(1_100);
        without.wait(late ? late.pause + 1_100 : 0);
      }
      expect(sent(with_)).toEqual(sent(without));
      expect(with_.session.state).toEqual(without.session.state);
    }),
    { numRuns: RUNS },
  );
  figure(
    'sessions of an operator whose terminal answers late between the keys',
    'the same commands and the same screen as without',
  );
});
