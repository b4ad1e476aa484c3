// Strict reading of a TOML table: every key is requested by name and kind, and any other key is an error.

import type { TomlTable, TomlValue } from 'smol-toml';
import { readFineDuration } from '../text/duration.ts';
import { isObject } from '../text/is-object.ts';
import { Refusal } from '../text/refusal.ts';

/** An invalid scenario. `path` is the key: `device[0].workload[1].rate`. */
export class ScenarioError extends Refusal {
  readonly file: string;
  readonly path: string;

  constructor(file: string, path: string, problem: string, cause?: unknown) {
    super('usage', path === '' ? `${file}: ${problem}` : `${file}: ${path}: ${problem}`, null, cause);
    this.file = file;
    this.path = path;
  }
}

interface Range {
  readonly min: number;
  readonly max: number;
}

const isTable = (value: TomlValue): value is TomlTable => isObject(value);

/** A table is only named as such: it has no text. */
function show(value: TomlValue): string {
  if (typeof value === 'string') return `"${value}"`;
  if (Array.isArray(value)) return value.map(show).join(',');
  return isTable(value) ? 'a table' : String(value);
}

export class TableReader {
  readonly file: string;
  readonly #path: string;
  readonly #table: TomlTable;
  readonly #asked = new Set<string>();

  constructor(file: string, path: string, table: TomlTable) {
    this.file = file;
    this.#path = path;
    this.#table = table;
  }

  at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  fail(key: string, problem: string): never {
    throw new ScenarioError(this.file, this.at(key), problem);
  }

  #get(key: string): TomlValue | undefined {
    this.#asked.add(key);
    return this.#table[key];
  }

  has(key: string): boolean {
    return this.#table[key] !== undefined;
  }

  #wrong(key: string, value: TomlValue | undefined, expected: string): never {
    this.fail(key, value === undefined ? `is missing; ${expected}` : `must be ${expected}, got ${show(value)}`);
  }

  /** Without a default the key must be there. */
  string(key: string, fallback?: string): string {
    const value = this.#get(key) ?? fallback;
    if (typeof value !== 'string' || value === '') this.#wrong(key, value, 'a non-empty string');
    return value;
  }

  boolean(key: string, fallback: boolean): boolean {
    const value = this.#get(key) ?? fallback;
    if (typeof value !== 'boolean') this.#wrong(key, value, 'true or false');
    return value;
  }

  oneOf<const T extends string>(key: string, allowed: readonly T[], fallback?: T): T {
    const value = this.#get(key) ?? fallback;
    const found = allowed.find((a) => a === value);
    if (found === undefined) this.#wrong(key, value, `one of ${allowed.map(show).join(', ')}`);
    return found;
  }

  number(key: string, range: Range, fallback?: number): number {
    const value = this.#get(key) ?? fallback;
    if (typeof value !== 'number' || !(value >= range.min && value <= range.max)) {
      this.#wrong(key, value, `a number from ${range.min} to ${range.max}`);
    }
    return value;
  }

  integer(key: string, range: Range, fallback?: number): number {
    const value = this.#get(key) ?? fallback;
    if (!isInteger(value, range)) this.#wrong(key, value, `a whole number from ${range.min} to ${range.max}`);
    return value;
  }

  integers(key: string, range: Range, fallback?: readonly number[]): readonly number[] {
    const value = this.#get(key);
    if (value === undefined && fallback) return fallback;
    const expected = `a list of whole numbers from ${range.min} to ${range.max}, each once`;
    if (!Array.isArray(value)) this.#wrong(key, value, expected);
    const numbers = value.filter((v): v is number => isInteger(v, range));
    if (numbers.length !== value.length || new Set(numbers).size !== numbers.length) this.#wrong(key, value, expected);
    return numbers;
  }

  strings(key: string, fallback: readonly string[]): readonly string[] {
    const value = this.#get(key);
    if (value === undefined) return fallback;
    const texts = Array.isArray(value) ? value.filter((v) => typeof v === 'string') : [];
    if (!Array.isArray(value) || texts.length !== value.length || texts.length === 0) {
      this.#wrong(key, value, 'a list of strings');
    }
    return texts;
  }

  /** Nanoseconds. */
  duration(key: string, fallback?: string): bigint {
    const value = this.#get(key) ?? fallback;
    const ns = typeof value === 'string' ? readFineDuration(value) : null;
    if (ns === null) this.#wrong(key, value, 'a duration such as "200ms", "5s" or "1m"');
    return ns;
  }

  /** A number, or a string such as "0x10000000". */
  address(key: string, fallback: bigint): bigint {
    const value = this.#get(key);
    if (value === undefined) return fallback;
    if (typeof value === 'number' && Number.isSafeInteger(value) && value >= 0) return BigInt(value);
    if (typeof value === 'string' && /^(0x[0-9a-f]{1,16}|\d{1,19})$/i.test(value)) return BigInt(value);
    return this.#wrong(key, value, 'an address, such as 0x10000000');
  }

  /** The tables of `[[key]]`. */
  tables(key: string): TableReader[] {
    const value = this.#get(key) ?? [];
    if (!Array.isArray(value) || !value.every(isTable)) this.#wrong(key, value, `tables, written [[${this.at(key)}]]`);
    return value.map((table, i) => new TableReader(this.file, `${this.at(key)}[${i}]`, table));
  }

  /** Throws for a key that was never requested. */
  end(): void {
    for (const key of Object.keys(this.#table)) {
      if (!this.#asked.has(key)) this.fail(key, `is not a known key; use one of ${[...this.#asked].sort().join(', ')}`);
    }
  }
}

function isInteger(value: TomlValue | undefined, range: Range): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= range.min && value <= range.max;
}
