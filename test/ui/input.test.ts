import { describe, expect, it } from 'vitest';
import { KeyDecoder } from '../../src/terminal/input.ts';
import { actionFor, footerKeys, KEYS, type Where } from '../../src/ui/model/keys.ts';

const names = (...pieces: string[]) => {
  const decoder = new KeyDecoder();
  return pieces.flatMap((piece) => decoder.push(piece)).map((key) => key.name);
};

describe('keys from bytes', () => {
  it('names them', () => {
    expect(names('aG? \r\t\x7f\x03\x1a')).toEqual([
      'a',
      'G',
      '?',
      'space',
      'enter',
      'tab',
      'backspace',
      'ctrl-c',
      'ctrl-z',
    ]);
    expect(names('\x1b[A\x1bOB\x1b[5~\x1b[6~\x1b[H\x1b[4~\x1b[Z')).toEqual([
      'up',
      'down',
      'pgup',
      'pgdn',
      'home',
      'end',
      'shift-tab',
    ]);
  });

  it('puts a sequence together that comes in pieces', () => {
    expect(names('\x1b', '[', '5', '~', 'x')).toEqual(['pgup', 'x']);
  });

  it('swallows sequences that it does not know', () => {
    expect(names('\x1b[?62;4c\x1b[24~s')).toEqual(['s']);
  });

  it('takes a lone ESC for the key when nothing follows', () => {
    const decoder = new KeyDecoder();
    expect(decoder.push('\x1b')).toEqual([]);
    expect(decoder.waiting).toBe(true);
    expect(decoder.flush().map((key) => key.name)).toEqual(['esc']);
    expect(decoder.waiting).toBe(false);
  });

  it('never takes Alt and a letter for the letter', () => {
    expect(names('\x1bs')).toEqual(['alt-s']);
  });
});

const PLACES: Where[] = ['devices', 'pending', 'stream', 'statistics', 'journal', 'rules', 'detail', 'dialog', 'help'];

describe('the key table', () => {
  it.each(PLACES)('has one meaning for each key in %s', (where) => {
    const general = where !== 'dialog' && where !== 'help';
    const here = KEYS.filter((b) => b.where.includes(where) || (general && b.where.includes('everywhere')));
    const keys = here.flatMap((b) => b.keys);
    expect(keys.filter((key, i) => keys.indexOf(key) !== i)).toEqual([]);
    for (const binding of here) for (const key of binding.keys) expect(actionFor(KEYS, key, where)).toBe(binding.id);
  });

  it('explains every key', () => {
    for (const binding of KEYS) expect(binding.help).toMatch(/\.$/);
  });

  it('has help and quit in the footer wherever they work', () => {
    expect(footerKeys(KEYS, 'pending').map((b) => b.id)).toEqual(expect.arrayContaining(['help', 'quit']));
    expect(footerKeys(KEYS, 'pending').map((b) => b.id)).not.toContain('detach');
    expect(footerKeys(KEYS, 'devices').map((b) => b.id)).toContain('detach');
  });
});
