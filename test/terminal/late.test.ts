// What terminals send of themselves, late, split, whole: nothing at all comes of it, on any page and in any dialog.
import { describe, expect, it } from 'vitest';
import { ESCAPE_MS } from '../../src/terminal/times.ts';
import type { UiState } from '../../src/ui/model/state.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { busyKeyboard, type Keyboard } from '../ui/fixtures/keyboard.ts';
import { MODIFIED, REPLIES, TERMINALS } from './replies.ts';

/** Pauses after which a lone ESC is not yet the Esc key, and such after which it is; the last are those of a lost packet. */
const SHORT = [0, 20, 60, ESCAPE_MS - 1];
const LONG = [ESCAPE_MS + 50, 1_200, 3_000];

const PLACES: Record<string, (keyboard: Keyboard) => void> = {
  overview: () => {},
  devices: (k) => k.type('2'),
  rules: (k) => k.type('7'),
  'the help': (k) => k.type('?'),
  'a dialog, an action selected': (k) => k.type('r', '\x1b[B'),
  'a palette, with an action selected': (k) => k.type(':', 'i', 'n', 'v'),
  'a filter that is typed': (k) => k.type('/', 'r'),
  'the editor of a rule': (k) => k.type('7', 'n'),
  'the detail, with marks': (k) => k.type(' ', ' ', '\r'),
  'with the mouse off again': (k) => k.type('M', 'M'),
};

/** But for the time of the last key, and the words of it. */
const lasting = ({ now: _, status: __, ...state }: UiState) => state;

let ways = 0;

describe.each(Object.entries(PLACES))('%s', (_, go) => {
  it.each(SHORT)('with pauses of %i ms', (pause) => {
    const keyboard = busyKeyboard();
    go(keyboard);
    keyboard.wait(20_000);
    const { state } = keyboard.session;
    const sent = keyboard.session.engine.commands.length;
    for (const { terminal, what, text } of REPLIES) {
      for (let cut = 0; cut < text.length; cut++) {
        keyboard.read(text.slice(0, cut)).wait(pause).read(text.slice(cut)).wait(20_000);
        expect(keyboard.session.state, `${terminal}, ${what}, cut at ${cut}`).toBe(state);
      }
      keyboard.slowly(text, pause).wait(20_000);
      expect(keyboard.session.state, `${terminal}, ${what}, byte by byte`).toBe(state);
      ways += text.length + 1;
    }
    expect(keyboard.session.engine.commands).toHaveLength(sent);
  });

  it('keys with modifiers, cut anywhere, are not the keys without', () => {
    const keyboard = busyKeyboard();
    go(keyboard);
    const { session } = keyboard.wait(20_000);
    const [before, sent] = [lasting(session.state), session.engine.commands.length];
    for (const text of MODIFIED) {
      for (let cut = 0; cut < text.length; cut++)
        keyboard.read(text.slice(0, cut)).wait(100).read(text.slice(cut)).wait(300);
      expect(lasting(session.state), text).toEqual(before);
    }
    expect(session.engine.commands).toHaveLength(sent);
  });

  it.each(LONG)('with pauses of %i ms: nothing but the Esc that it looks like', (pause) => {
    for (const { terminal, what, text } of REPLIES) {
      const keyboard = busyKeyboard();
      go(keyboard);
      keyboard.wait(20_000);
      const { session } = keyboard;
      const sent = session.engine.commands.length;
      let last = session.state;
      let allowed = JSON.stringify(lasting(last));
      for (let cut = 1; cut < text.length; cut++) {
        keyboard.read(text.slice(0, cut)).wait(pause).read(text.slice(cut)).wait(20_000);
        ways++;
        if (session.state === last) continue;
        last = session.state;
        const now = JSON.stringify(lasting(last));
        // one Esc, where the cut is right after an ESC
        if (now !== allowed) expect(text[cut - 1], `${terminal}, ${what}, cut at ${cut}`).toBe('\x1b');
        allowed = now;
      }
      expect(session.engine.commands, `${terminal}, ${what}`).toHaveLength(sent);
      ways++;
    }
  });
});

it.each([...SHORT, ...LONG])('byte by byte with pauses of %i ms answers nothing and opens nothing', (pause) => {
  for (const { terminal, what, text } of REPLIES) {
    const keyboard = busyKeyboard();
    const before = lasting(keyboard.session.state);
    keyboard.slowly(text, pause).wait(20_000);
    expect(lasting(keyboard.session.state), `${terminal}, ${what}`).toEqual(before);
    keyboard.type('i');
    expect(keyboard.session.engine.commands, `${terminal}, ${what}: and then a key`).toMatchObject([
      { cmd: 'respond', group: 1 },
    ]);
    ways++;
  }
});

it('in numbers', () => {
  tellFigure({
    topic: 'Malformed input',
    what: 'replies of terminals that come late, whole, cut at every byte and byte by byte, with pauses of up to 3 s',
    value: `${REPLIES.length} of ${TERMINALS} terminals, in ${thousands(ways)} ways: no key, no dialog, no answer`,
    repeat: 'npm test -- test/terminal',
  });
});
