import { describe, expect, it } from 'vitest';
import { checkKeys } from '../../../src/cli/config/keys.ts';
import type { KeyBinding } from '../../../src/ui/model/keys.ts';
import { KEYS } from '../../../src/ui/model/keys.ts';

const binding = (id: string, keys: string[], where: string[]): KeyBinding =>
  ({ id, keys, where, label: '', help: '' }) as unknown as KeyBinding;

const TABLE = [
  binding('success', ['s'], ['pending', 'stream']),
  binding('detach', ['d'], ['devices']),
  binding('freeze', ['f'], ['everywhere']),
  binding('quit', ['q'], ['everywhere']),
  binding('cancel', ['esc', 'q'], ['dialog']),
  binding('close', ['esc', 'q'], ['dialog']),
];

const said = (bindings: Record<string, string[]>) =>
  checkKeys(bindings, TABLE).map(({ message, hint }) => `${message}: ${hint}`);

describe('checkKeys', () => {
  it('takes the table as it is, and each action with its own keys', () => {
    expect(checkKeys({})).toEqual([]);
    expect(checkKeys(Object.fromEntries(KEYS.map(({ id, keys }) => [id, keys])))).toEqual([]);
  });

  it.each([
    [{ succes: ['x'] }, 'keys: there is no action "succes": did you mean success?'],
    [{ success: ['Ctrl-X'] }, 'keys.success: there is no key "Ctrl-X": did you mean "ctrl-x"?'],
    [{ success: ['C-x'] }, 'keys.success: there is no key "C-x": did you mean "ctrl-x"?'],
    [{ success: ['PageUp'] }, 'keys.success: there is no key "PageUp": did you mean "pgup"?'],
    [{ success: [' '] }, 'keys.success: there is no key " ": did you mean "space"?'],
    [{ success: ['entr'] }, 'keys.success: there is no key "entr": did you mean "enter"?'],
    [{ quit: [] }, 'keys.quit has no key: it needs one'],
    [
      { success: ['f'] },
      'keys.success: "f" is the key of freeze in the pending view: choose another, or give freeze one of its own',
    ],
    [
      { freeze: ['d'] },
      'keys.freeze: "d" is the key of detach in the devices view: choose another, or give detach one of its own',
    ],
    [
      { cancel: ['x'], close: ['x'] },
      'keys.cancel: "x" is the key of close in a dialog: choose another, or give close one of its own',
    ],
  ])('%j', (bindings, message) => {
    expect(said(bindings as Record<string, string[]>)).toEqual([message]);
  });

  it.each([
    [{ success: ['d'] }],
    [{ success: ['esc'] }],
    [{ success: ['f'], freeze: ['F'] }],
    [{ freeze: [] }],
    [{ freeze: ['ctrl-x', 'alt-x', 'ä', 'G', '?', 'f'] }],
  ])('lets %j pass', (bindings) => {
    expect(said(bindings as unknown as Record<string, string[]>)).toEqual([]);
  });

  it('names what cannot be a key', () => {
    expect(said({ success: ['ss'] })[0]).toMatch(/"ss": a character, ctrl- or alt- before one, or space, enter, /);
    expect(said({ success: [''] })[0]).toMatch(/there is no key ""/);
    expect(said({ success: ['\x1b'] })[0]).toMatch(/there is no key "\\u001b"/);
  });
});
