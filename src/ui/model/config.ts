// The screen's settings from the command line and the configuration file: plain data, which the command line fills in.
import type { FilteredList } from '../../protocol/messages.ts';
import type { ThemeName } from '../text/theme-names.ts';

/** Times of arrival: how long before now, by the wall clock of this machine, or in seconds since the engine's start. */
export const TIME_MODES = ['relative', 'absolute', 'since-start'] as const;
export type TimeMode = (typeof TIME_MODES)[number];

export const UNICODE = ['auto', 'always', 'never'] as const;

export interface NamedFilter {
  name: string;
  /** The list it is for; null: pending groups and the stream. */
  list: FilteredList | null;
  /** A CEL expression, compiled once when the file was read. */
  when: string;
}

export interface ScreenConfig {
  theme: ThemeName;
  /** `auto`: by the locale and the terminal. */
  unicode: (typeof UNICODE)[number];
  mouse: boolean;
  /** Ring the terminal bell when an alarm is raised. */
  bell: boolean;
  time: TimeMode;
  /** Screen updates per second, 1 to 30. */
  refresh: number;
  /** Keys by action, in place of those of the key table; an empty list removes the keys. Checked. */
  keys: Record<string, readonly string[]>;
  /** In the order of the file. */
  filters: readonly NamedFilter[];
}

export const DEFAULT_SCREEN: ScreenConfig = {
  theme: 'auto',
  unicode: 'auto',
  mouse: false,
  bell: false,
  time: 'since-start',
  refresh: 10,
  keys: {},
  filters: [],
};
