// A name that tries everything that a terminal obeys, and what must not come out.

/** Listed here anew, by their numbers, so that a gap in the program's own list is seen. */
const NUMBERS = [
  '\\x00-\\x08\\x0b-\\x1f\\x7f-\\x9f',
  '\\u00ad\\u061c\\u180e\\u200b-\\u200f\\u2028-\\u202e\\u2060-\\u2064\\u2066-\\u206f\\ufeff\\ufff9-\\ufffb',
  '\\u{e0001}\\u{e0020}-\\u{e007f}',
];
export const OBEYED = new RegExp(`[${NUMBERS.join('')}]`, 'u');

export const EVIL =
  'a\x1b[2J\x1b]0;t\x07\x1b]52;c;eA==\x1b\\\x08b\x7f\x85\x9b31m\u202ec\u2066d\u2028e\u200bf\u2060g\ufeffh\u00adi\u{e0041}j';
const hex = (code: number, digits: number): string => code.toString(16).padStart(digits, '0');
/** As JSON writes it. */
export const IN_JSON = JSON.stringify(EVIL).replace(/[\x7f-\uffff]/g, (c) => `\\u${hex(c.charCodeAt(0), 4)}`);
/** As TOML does, which knows no surrogates. */
export const IN_TOML = JSON.stringify(EVIL).replace(/[^ -~]/gu, (c) => `\\U${hex(c.codePointAt(0) as number, 8)}`);

/** Begins a line of its own where a newline comes through. */
export const FORGED = 'FORGED by a name';

/** What the screen writes itself: positions, colours, modes and character sets, the end of what was begun (CAN); a string for the clipboard. */
export const OWN = new RegExp(
  ['\\x1b\\[[?0-9;]*[A-HJKhlmsu]', '\\x1b\\]52;c;([A-Za-z0-9+/=]*)\\x07', '\\x1b[78]', '\\x1b\\(B', '\\x18'].join('|'),
  'g',
);

/** What else a terminal was sent. */
export const withoutOwn = (raw: string): string => raw.replace(OWN, '').replaceAll('\r', '');
