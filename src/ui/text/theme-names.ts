// The colour themes by name: the option, the config file, the completions and the documentation take them from here.

export const THEMES = [
  { name: 'auto', describe: 'what the terminal can do: 16 colours, or none with NO_COLOR' },
  { name: 'dark', describe: 'for a dark background' },
  { name: 'light', describe: 'for a light background' },
  { name: 'colour-blind', describe: 'blue and orange in place of green and red' },
  { name: 'mono', describe: 'no colours: bold, underlined and inverse' },
] as const;

export type ThemeName = (typeof THEMES)[number]['name'];

export const THEME_NAMES: readonly ThemeName[] = THEMES.map(({ name }) => name);
