// What the screen is told by the command line and the configuration file. Plain data; the front end imports the types.
import type { FilteredList } from '../protocol/local.ts';
import type { TimeMode } from '../ui/panels/times.ts';
import type { ThemeName } from '../ui/text/theme-names.ts';

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
  /** Pictures of the data a second, 1 to 30. */
  refresh: number;
  /** Keys by action, in place of those of the key table; an empty list takes the keys away. Checked. */
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
