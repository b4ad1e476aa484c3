// Reading the state in a component.
import { createContext, useContext, useRef, useSyncExternalStore } from 'react';
import type { BrokenPart } from '../actions/on-screen.ts';
import type { Theme } from '../text/theme.ts';
import { type Select, Selection } from './selection.ts';
import type { ScreenStore } from './store.ts';

export interface ScreenParts {
  readonly store: ScreenStore;
  readonly theme: Theme;
  /** The parts that cannot be drawn now. */
  readonly broken: Set<BrokenPart>;
  /** One of them could not be drawn. */
  readonly onBroken: (error: unknown) => void;
}

export const ScreenContext = createContext<ScreenParts | null>(null);

/** The store and the theme. Throws outside of a screen. */
export function useScreenContext(): ScreenParts {
  const screen = useContext(ScreenContext);
  if (!screen) throw new Error('a part of the screen was drawn without a screen');
  return screen;
}

export const useTheme = (): Theme => useScreenContext().theme;

/**
 * What `select` makes of the state of the front session. The component is rendered again only when that is something else;
 * `select` runs again only when a field that it has read is another, so that it may cost something.
 */
export function useScreen<Value>(select: Select<Value>): Value {
  const { store } = useScreenContext();
  const selection = useRef<Selection<Value>>(null);
  selection.current ??= new Selection<Value>();
  const { current } = selection;
  return useSyncExternalStore(store.subscribe, () => current.of(store.get(store.front), select));
}
