// What the terminal can show: colours or not, unicode or not.

import { hasUnicode, type UnicodeChoice } from '../../text/locale.ts';
import { toAscii } from './sanitise.ts';
import type { Style } from './style.ts';
import type { ThemeName } from './theme-names.ts';
import { depthOf, TABLES } from './themes.ts';

export interface Theme {
  unicode: boolean;
  colour: boolean;
  /** Wraps text in the style's SGR; the text's width stays. */
  paint(style: Style, text: string): string;
  /** The style's colour as Ink's properties name it; undefined: the terminal's own. */
  colourOf(style: Style): string | undefined;
  /** Replaces what the terminal cannot show, character by character. */
  glyphs(text: string): string;
}

export interface Look {
  theme: ThemeName;
  unicode: UnicodeChoice;
}

const DEFAULT_LOOK: Look = { theme: 'auto', unicode: 'auto' };

/** NO_COLOR asks for no colour and gets none, whatever the theme; bold and inverse stay, since the cursor must be seen. */
export function makeTheme(env: NodeJS.ProcessEnv, look: Look = DEFAULT_LOOK): Theme {
  const unicode = look.unicode === 'auto' ? hasUnicode(env) : look.unicode === 'always';
  const name = noColour(env) ? 'mono' : look.theme === 'auto' ? 'dark' : look.theme;
  const table = TABLES[name][depthOf(env)];
  return {
    unicode,
    colour: name !== 'mono',
    paint: (style, text) => (table[style] && text ? `\x1b[${table[style]}m${text}\x1b[0m` : text),
    colourOf: (style) => inkColour(table[style]),
    glyphs: unicode ? (text) => text : toAscii,
  };
}

const noColour = (env: NodeJS.ProcessEnv): boolean => Boolean(env.NO_COLOR) || env.TERM === 'dumb';

const NAMES = ['black', 'red', 'green', 'yellow', 'blue', 'magenta', 'cyan', 'white'];

/** The foreground of some SGR parameters, as Ink's properties name it. */
function inkColour(sgr: string): string | undefined {
  const extended = /(?:^|;)38;(?:5;(\d+)|2;(\d+);(\d+);(\d+))/.exec(sgr);
  if (extended) {
    const [, number, r, g, b] = extended;
    return number === undefined ? `rgb(${r},${g},${b})` : `ansi256(${number})`;
  }
  const code = sgr
    .split(';')
    .map(Number)
    .find((n) => (n >= 30 && n <= 37) || (n >= 90 && n <= 97));
  if (code === undefined) return undefined;
  return code < 90 ? NAMES[code - 30] : `${NAMES[code - 90]}Bright`;
}
