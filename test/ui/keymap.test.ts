import { describe, expect, it } from 'vitest';
import { checkKeys } from '../../src/cli/config/keys.ts';
import { footerFor } from '../../src/ui/app/footer-keys.ts';
import { DEFAULT_SCREEN } from '../../src/ui/model/config.ts';
import { keyFor } from '../../src/ui/model/key-words.ts';
import { remap } from '../../src/ui/model/keymap.ts';
import { KEYS, type KeyBinding } from '../../src/ui/model/keys.ts';
import { helpLines } from '../../src/ui/overlays/help/lines.ts';
import { Session } from './fixtures/session.ts';

const keysOf = (keys: readonly KeyBinding[], id: string) => keys.find((binding) => binding.id === id)?.keys;
const session = (keys: Record<string, string[]>) => new Session(200, 30, { ...DEFAULT_SCREEN, keys });

describe('remapping', () => {
  it('puts other keys in place of those of the table', () => {
    const { keys, problems } = remap(KEYS, { success: ['x', 'ctrl-s'], invalid: [] });
    expect(problems).toEqual([]);
    expect([keysOf(keys, 'success'), keysOf(keys, 'invalid'), keysOf(keys, 'map')]).toEqual([
      ['x', 'ctrl-s'],
      [],
      ['m'],
    ]);
  });

  it.each(['quit', 'cancel', 'confirm', 'close'])('never leaves %s without a key', (id) => {
    const { keys, problems } = remap(KEYS, { [id]: [] });
    expect(problems).toEqual([`"${id}" must have a key`]);
    expect(keysOf(keys, id)).toEqual(keysOf(KEYS, id));
    expect(checkKeys({ [id]: [] })).not.toEqual([]);
  });

  it('says what is no action', () => {
    expect(remap(KEYS, { sucess: ['x'] }).problems).toEqual(['there is no action "sucess"']);
    expect(remap(KEYS, { constructor: ['x'] }).problems).toEqual(['there is no action "constructor"']);
  });

  it('holds for what a key does', () => {
    const one = session({ success: ['x'], quit: ['Q'] });
    one.engine.fault(1);
    one.view().press('s q');
    expect(one.engine.commands).toEqual([]);
    expect(one.state.dialog).toBeNull();
    one.press('x');
    expect(one.engine.commands).toMatchObject([{ cmd: 'respond', code: 'success' }]);
  });

  it('holds for the footer and the help', () => {
    const { state } = session({ success: ['x'], trigger: [], filter: ['ctrl-s'] }).view();
    const footer = footerFor(state);
    expect(footer).toContainEqual(expect.objectContaining({ key: 'x', label: 'success' }));
    expect(footer).toContainEqual(expect.objectContaining({ key: 'Ctrl-S', label: 'filter' }));
    expect(footer.map(({ label }) => label)).not.toContain('trigger');
    const help = helpLines(state.keys, 100).map((line) => line.text);
    expect(help.some((text) => /^ {2}x +Answer SUCCESS/.test(text))).toBe(true);
    expect(help.some((text) => /^ {2}\(no key\) +Trigger/.test(text))).toBe(true);
  });

  it('holds for what sentences say; without a key there is the palette', () => {
    const { state } = session({ filter: ['ctrl-s'], trigger: [] });
    expect([keyFor(state, 'filter'), keyFor(state, 'trigger')]).toEqual(['Ctrl-S', ': trigger']);
    expect(keyFor(session({ palette: [], trigger: [] }).state, 'trigger')).toBe('(no key: trigger)');
  });

  it('holds for the keys that close the prompt and the palette, but letters stay letters there', () => {
    const one = session({ cancel: ['ctrl-g', 'q'], confirm: ['ctrl-j', 'enter'] });
    one.engine.fault(1);
    one.view().press('/').type('q');
    expect(one.state.prompt?.line.text).toBe('q');
    expect(one.press('ctrl-g').state.prompt).toBeNull();
    expect(one.press(':').press('ctrl-g').state.palette).toBeNull();
  });
});
