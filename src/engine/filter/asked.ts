// The requested filter and the one in force: a wrong expression leaves the last valid one in force.
import type { FilterReport } from '../../protocol/messages.ts';
import { ExpressionError } from '../rules/expression.ts';

interface Closable {
  close?(): void;
}

export class AskedFilter<Filter extends object> {
  readonly #make: (text: string) => Filter;
  #asked: string | null = null;
  #text = '';
  #error: string | null = null;
  #at: number | null = null;
  #filter: Filter | null = null;

  /** `make` throws ExpressionError. */
  constructor(make: (text: string) => Filter) {
    this.#make = make;
  }

  /** The filter in force; null lets everything through. */
  get filter(): Filter | null {
    return this.#filter;
  }

  /** `text` undefined: no filter is requested; '' or blanks: everything passes. */
  request(text: string | undefined): void {
    if (text === (this.#asked ?? undefined)) return;
    this.#asked = text ?? null;
    this.#error = null;
    this.#at = null;
    const wanted = text?.trim() === '' ? '' : (text ?? '');
    if (wanted === this.#text) return;
    try {
      this.#put(wanted, wanted === '' ? null : this.#make(wanted));
    } catch (error) {
      if (!(error instanceof ExpressionError)) throw error;
      this.#error = error.message;
      this.#at = error.at;
    }
  }

  #put(text: string, filter: Filter | null): void {
    (this.#filter as Closable | null)?.close?.();
    this.#filter = filter;
    this.#text = text;
  }

  /** null if no filter was requested. */
  report(counts: Omit<FilterReport, 'asked' | 'text' | 'error' | 'at'>): FilterReport | null {
    if (this.#asked === null) return null;
    return { asked: this.#asked, text: this.#text, error: this.#error, at: this.#at, ...counts };
  }
}
