// What a component has selected of the state. The fields that it read are remembered: while they are the same, so is the
// selection, and a tick of the clock draws no table again.
import type { UiState } from '../model/state.ts';

export type Select<Value> = (state: UiState) => Value;

export class Selection<Value> {
  #state: UiState | null = null;
  #select: Select<Value> | null = null;
  #read = new Set<keyof UiState>();
  #value: Value | null = null;

  /**
   * What `select` makes of the state; the very same value where nothing in it has changed. `select` must not return the state
   * itself, which is watched here.
   */
  of(state: UiState, select: Select<Value>): Value {
    if (this.#state && this.#select === select && this.#isAsRead(state)) return this.#value as Value;
    const read = new Set<keyof UiState>();
    const seen = new Proxy(state, {
      get(of, field: keyof UiState & string) {
        read.add(field);
        return of[field];
      },
    });
    const value = select(seen);
    if (!this.#state || !isSame(this.#value, value)) this.#value = value;
    this.#state = state;
    this.#select = select;
    this.#read = read;
    return this.#value as Value;
  }

  #isAsRead(state: UiState): boolean {
    if (state === this.#state) return true;
    for (const field of this.#read) if (state[field] !== this.#state![field]) return false;
    return true;
  }
}

/** The same text, number, or plain data made of them. */
export function isSame(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true;
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isPlain(a) || !isPlain(b)) return false;
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && isSame(a[key], b[key]));
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;
}
