// What the terminal can show: colours or not, unicode or not.
import { toAscii } from './sanitise.ts';

export type Style =
  | 'plain'
  | 'title'
  | 'dim'
  | 'accent'
  | 'good'
  | 'warn'
  | 'bad'
  | 'auto'
  | 'mock'
  | 'alarm'
  | 'heading'
  | 'cursor'
  | 'cursorIdle'
  | 'key'
  | 'tab';

const COLOURED: Record<Style, string> = {
  plain: '',
  title: '1',
  dim: '90',
  accent: '1;36',
  good: '32',
  warn: '33',
  bad: '31',
  auto: '35',
  mock: '1;30;43',
  alarm: '1;97;41',
  heading: '90',
  cursor: '7',
  cursorIdle: '1',
  key: '1;36',
  tab: '1;7',
};

/** NO_COLOR asks for no colour; bold and inverse stay, since the cursor must be seen. */
const COLOURLESS: Record<Style, string> = {
  ...COLOURED,
  dim: '',
  accent: '1',
  good: '',
  warn: '1',
  bad: '1',
  auto: '',
  mock: '7',
  alarm: '7',
  heading: '',
  key: '1',
};

export interface Theme {
  unicode: boolean;
  colour: boolean;
  /** Wraps text in the style's SGR; the text's width stays. */
  paint(style: Style, text: string): string;
  /** Replaces what the terminal cannot show, character by character. */
  glyphs(text: string): string;
}

export function makeTheme(env: NodeJS.ProcessEnv): Theme {
  const unicode = hasUnicode(env);
  const colour = !env.NO_COLOR && env.TERM !== 'dumb';
  const table = colour ? COLOURED : COLOURLESS;
  return {
    unicode,
    colour,
    paint: (style, text) => (table[style] && text ? `\x1b[${table[style]}m${text}\x1b[0m` : text),
    glyphs: unicode ? (text) => text : toAscii,
  };
}

/** By the locale, as the C library reads it; the Linux console's font lacks most of what we draw. */
export function hasUnicode(env: NodeJS.ProcessEnv): boolean {
  if (env.TERM === 'linux' || env.TERM === 'dumb') return false;
  const locale = env.LC_ALL || env.LC_CTYPE || env.LANG || '';
  return /utf-?8/i.test(locale);
}
