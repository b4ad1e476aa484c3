import { describe, expect, it } from 'vitest';
import { hasUnicode, isUtf8, wantsAscii } from '../../src/text/locale.ts';

describe('the locale', () => {
  it.each([
    [{ LANG: 'en_US.UTF-8' }, true],
    [{ LANG: 'C.utf8' }, true],
    [{ LANG: 'C' }, false],
    [{}, false],
    [{ LC_ALL: 'C', LANG: 'en_US.UTF-8' }, false],
    [{ LC_ALL: '', LC_CTYPE: 'de_DE.UTF-8', LANG: 'C' }, true],
    [{ LANG: 'ja_JP.eucJP' }, false],
  ])('%j', (env, utf8) => expect(isUtf8(env)).toBe(utf8));

  it('is not enough on a terminal without the letters', () => {
    for (const TERM of ['linux', 'dumb']) {
      const env = { LANG: 'C.UTF-8', TERM };
      expect([hasUnicode(env), wantsAscii('auto', env, true), wantsAscii('auto', env, false)]).toEqual([
        false,
        true,
        false,
      ]);
    }
  });

  it('gives way to what was asked for', () => {
    for (const LANG of ['C', 'C.UTF-8'])
      expect([wantsAscii('always', { LANG }, true), wantsAscii('never', { LANG }, true)]).toEqual([false, true]);
  });
});
