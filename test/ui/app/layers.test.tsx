// What takes the keys is what was drawn last: also where the terminal has become too small meanwhile. That it is so after any
// keys is in fuzz.test.ts.
import { describe, expect, it } from 'vitest';
import { LAYERS, topLayer } from '../../../src/ui/actions/layers.ts';
import { WholeScreen } from '../../../src/ui/app/app.tsx';
import { KeyLayers } from '../../../src/ui/hooks/use-keys.tsx';
import { partOf } from '../fixtures/panel.tsx';
import { Session } from '../fixtures/session.ts';

const layer = (name: string) => LAYERS.find((one) => one.name === name)!;

describe('layers of keys', () => {
  it('give the keys to the one that came last, and back when it goes, whichever goes first', () => {
    const layers = new KeyLayers();
    expect(layers.top).toBeNull();
    layers.mount(layer('page'));
    const closeHelp = layers.mount(layer('help'));
    const closeDialog = layers.mount(layer('dialog'));
    expect(layers.top?.name).toBe('dialog');
    closeHelp();
    expect(layers.top?.name).toBe('dialog');
    closeDialog();
    expect(layers.top?.name).toBe('page');
    closeDialog();
    expect(layers.top?.name).toBe('page');
  });
});

function shown(keys: string) {
  const session = new Session(100, 30);
  for (let i = 1; i <= 3; i++) session.engine.fault(1);
  session.view();
  const part = partOf(session, <WholeScreen />);
  const press = (more: string) => {
    for (const key of more.split(' ').filter(Boolean)) {
      session.press(key).view();
      part.update();
      expect(part.layers.top).toBe(topLayer(session.state));
    }
  };
  const resize = (columns: number, rows: number) => {
    session.state = { ...session.state, columns, rows };
    // As the painter does, whose grid is the terminal's size; this one stays
    part.update();
    expect(part.layers.top).toBe(topLayer(session.state));
  };
  press(keys);
  return { session, part, press, resize };
}

describe.each([
  ['nothing', '', 'page', /Pending groups/],
  ['a dialog', 'q', 'dialog', /╭─ Quit/],
  ['the help', '?', 'help', /╭─ Help/],
  ['the palette', ':', 'palette', /╭─ Commands/],
  ['a prompt', '/', 'prompt', /Filter pending groups:/],
  ['a form', '7 n', 'form', /╭─ New rule/],
  ['a question over a form', '7 n ctrl-c', 'dialog', /╭─ Quit/],
] as const)('with %s open, a terminal', (_, keys, name, words) => {
  it('that becomes too small shows none of it and takes no keys for it; large again, all is as it was', () => {
    const { session, part, resize } = shown(keys);
    expect(part.layers.top?.name).toBe(name);
    expect(part.text()).toMatch(words);
    const before = part.lines();
    resize(40, 10);
    expect(part.layers.top?.name).toBe('unseen');
    expect(part.text()).toContain('terminal too small: 40×10');
    expect(part.text()).not.toMatch(/[╭│╰▶]/);
    expect(part.text()).not.toMatch(/Filter pending groups:/);
    const { engine } = session;
    session.press('s enter esc y');
    expect([engine.commands, session.effects]).toEqual([[], []]);
    session.state = { ...session.state, status: null };
    resize(100, 30);
    expect(part.layers.top?.name).toBe(name);
    expect(part.lines().slice(3, -2)).toEqual(before.slice(3, -2));
  });
});

describe('a dialog that opens while the terminal is too small', () => {
  it('is not seen and takes no keys until there is room for it', () => {
    const { session, part, resize, press } = shown('');
    resize(40, 10);
    press('ctrl-c');
    expect(session.state.dialog?.kind).toBe('quit');
    expect(part.layers.top?.name).toBe('unseen');
    expect(part.text()).not.toMatch(/Quit|[╭│╰]/);
    press('enter down');
    expect([session.effects, session.state.dialog?.at]).toEqual([[], 0]);
    resize(100, 30);
    expect(part.layers.top?.name).toBe('dialog');
    expect(part.text()).toMatch(/╭─ Quit/);
    press('down');
    expect(session.state.dialog?.at).toBe(1);
  });
});

it('a dialog that opens over the palette has the keys, and then the panels have them', () => {
  const { part, press } = shown(':');
  press('q u i t enter');
  expect(part.layers.top?.name).toBe('dialog');
  press('esc');
  expect(part.layers.top?.name).toBe('page');
});
