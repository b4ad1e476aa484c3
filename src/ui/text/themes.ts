// The themes: what each style looks like, as SGR parameters. No state is shown by one of these alone: a letter or a word
// stands beside it.
import type { Style } from './style.ts';
import type { ThemeName } from './theme-names.ts';

export type Table = Readonly<Record<Style, string>>;

/** What does not depend on colours: bold and inverse show the cursor anywhere. */
const SHAPES = { plain: '', title: '1', cursor: '7', cursorIdle: '1', tab: '1;7', lit: '1;4' } as const;

const DARK: Table = {
  ...SHAPES,
  dim: '90',
  accent: '1;36',
  good: '32',
  warn: '33',
  bad: '91',
  auto: '95',
  mock: '1;30;43',
  alarm: '1;97;41',
  heading: '90',
  key: '1;36',
};

/** Yellow, cyan and green cannot be read on white in the 16 colours of many terminals. */
const LIGHT: Table = {
  ...SHAPES,
  dim: '90',
  accent: '1;34',
  good: '34',
  warn: '35',
  bad: '31',
  auto: '4;35',
  mock: '1;30;43',
  alarm: '1;97;41',
  heading: '90',
  key: '1;34',
};

const LIGHT_256: Table = {
  ...LIGHT,
  dim: '38;5;242',
  accent: '1;38;5;25',
  good: '38;5;28',
  warn: '38;5;130',
  bad: '38;5;160',
  auto: '38;5;90',
  alarm: '1;38;5;231;48;5;124',
  heading: '38;5;242',
  key: '1;38;5;25',
};

/** Only blue and yellow, which almost everybody can tell apart, and what is not a colour. */
const COLOUR_BLIND: Table = {
  ...SHAPES,
  dim: '90',
  accent: '1;96',
  good: '94',
  warn: '93',
  bad: '1;7;93',
  auto: '4;37',
  mock: '1;30;43',
  alarm: '1;30;103',
  heading: '90',
  key: '1;96',
};

/** Differs in lightness as well, so that it holds for any kind of colour blindness. */
const COLOUR_BLIND_256: Table = {
  ...COLOUR_BLIND,
  accent: '1;38;5;117',
  good: '38;5;33',
  warn: '38;5;229',
  bad: '1;38;5;208',
  auto: '38;5;246',
  mock: '1;38;5;16;48;5;229',
  alarm: '1;38;5;16;48;5;208',
  key: '1;38;5;117',
};

const MONO: Table = {
  ...SHAPES,
  dim: '',
  accent: '1',
  good: '',
  warn: '1',
  bad: '1;4',
  auto: '',
  mock: '7',
  alarm: '7',
  heading: '',
  key: '1',
};

/** How many colours a terminal has: only in so far as the themes make use of it. */
export type Depth = 16 | 256;

export const TABLES: Record<Exclude<ThemeName, 'auto'>, Record<Depth, Table>> = {
  dark: { 16: DARK, 256: DARK },
  light: { 16: LIGHT, 256: LIGHT_256 },
  'colour-blind': { 16: COLOUR_BLIND, 256: COLOUR_BLIND_256 },
  mono: { 16: MONO, 256: MONO },
};

export function depthOf(env: NodeJS.ProcessEnv): Depth {
  if (/^(truecolor|24bit)$/i.test(env.COLORTERM ?? '')) return 256;
  return /256colou?r|direct/.test(env.TERM ?? '') ? 256 : 16;
}
