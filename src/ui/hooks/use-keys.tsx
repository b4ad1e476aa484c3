// Keys, from the terminal to the part of the screen that was opened last.
import { createContext, type ReactNode, useContext, useLayoutEffect } from 'react';
import type { Layer } from '../actions/layers.ts';

/** Who takes keys, in the order in which they came onto the screen. */
export class KeyLayers {
  readonly #mounted: Layer[] = [];

  /** The layer that a key is for: the last opened. */
  get top(): Layer | null {
    return this.#mounted.at(-1) ?? null;
  }

  readonly mount = (layer: Layer): (() => void) => {
    this.#mounted.push(layer);
    return () => {
      const at = this.#mounted.lastIndexOf(layer);
      if (at >= 0) this.#mounted.splice(at, 1);
    };
  };
}

const KeysContext = createContext<KeyLayers | null>(null);

export function Keys({ layers, children }: { layers: KeyLayers; children: ReactNode }): ReactNode {
  return <KeysContext value={layers}>{children}</KeysContext>;
}

/** Keys go to `layer` as long as the component is there, and nothing that was mounted later is. */
export function useKeys(layer: Layer): void {
  const layers = useContext(KeysContext);
  useLayoutEffect(() => layers?.mount(layer), [layers, layer]);
}
