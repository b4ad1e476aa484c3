// The one JSON parser for everything from outside: rules, commands, messages of a socket, records. JSON.parse silently
// keeps the last of two equal keys and changes numbers that JavaScript cannot hold. Here both are reported with their
// place. Imported by its path: the first entry in its package.json is not an ES module, and a bundler cannot follow it.
import { printParseErrorCode, visit } from 'jsonc-parser/lib/esm/main.js';
import { placeIn } from './place.ts';

/** Nesting of objects and lists. */
const MOST_DEPTH = 64;

/** A number that would not be written back unchanged: 9007199254740993, 1e400, and on request 1.0 and -0. */
export class JsonNumber {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  /** -0, 1.0 and 1e2 are whole numbers too. */
  get isWhole(): boolean {
    return isWhole(this.text);
  }

  toString(): string {
    return this.text;
  }
}

/** Text that is not JSON, or has a key twice. `line` and `column` count from 1, `column` in UTF-16 units. */
export class JsonError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(message: string, text: string, offset: number) {
    super(message);
    this.name = 'JsonError';
    const { line, column } = placeIn(text, offset);
    this.line = line;
    this.column = column;
  }
}

export interface ParsedJson {
  readonly value: unknown;
  /** Offset in the text of each member (its key) and element, by JSON pointer (RFC 6901). */
  readonly offsets: ReadonlyMap<string, number>;
}

const EXPECTED: Readonly<Record<string, string>> = {
  PropertyNameExpected: 'expected a key in double quotes',
  ValueExpected: 'expected a value',
  ColonExpected: 'expected a colon',
  CommaExpected: 'expected a comma',
  CloseBraceExpected: 'expected a comma or }',
  CloseBracketExpected: 'expected a comma or ]',
  EndOfFileExpected: 'expected the end after one value',
  InvalidCommentToken: 'JSON has no comments',
  UnexpectedEndOfComment: 'JSON has no comments',
  UnexpectedEndOfString: 'unterminated string',
  UnexpectedEndOfNumber: 'incomplete number',
  InvalidUnicode: '\\u needs four hexadecimal digits',
  InvalidEscapeCharacter: 'unknown escape sequence',
  InvalidCharacter: 'a control character must be written as \\u00..',
};

const PARTS = /^-?(\d+)(?:\.(\d+))?(?:[eE]([+-]?\d+))?$/;

function isWhole(text: string): boolean {
  const [, whole = '', fraction = '', exponent = '0'] = PARTS.exec(text) ?? [];
  const significant = `${whole}${fraction}`.replace(/0+$/, '');
  // The digits after the point, without trailing zeros.
  const places = significant.length - whole.length - Number(exponent);
  return significant === '' || /^0+$/.test(significant) || places <= 0;
}

function numberOf(text: string, asWritten: boolean): number | JsonNumber {
  const value = Number(text);
  if (asWritten && String(value) !== text) return new JsonNumber(text);
  // A fraction is rounded as usual; a whole number is exact, or not converted.
  if (Number.isFinite(value) && (!Number.isInteger(value) || (Number.isSafeInteger(value) && isWhole(text))))
    return value;
  return new JsonNumber(text);
}

/** An object or a list that is being read. */
interface Open {
  readonly into: Record<string, unknown> | unknown[];
  readonly path: string;
  /** For an object: the places of its keys, and the last of them. */
  readonly keys: Map<string, number>;
  key: string;
}

class Reader {
  readonly #text: string;
  readonly #asWritten: readonly string[];
  readonly #open: Open[] = [];
  readonly offsets = new Map<string, number>();
  value: unknown;

  constructor(text: string, asWritten: readonly string[]) {
    this.#text = text;
    this.#asWritten = asWritten;
  }

  #fail(message: string, offset: number): never {
    throw new JsonError(message, this.#text, offset);
  }

  read(): void {
    const begin = (into: Open['into'], offset: number): void => this.#begin(into, offset);
    const end = (): void => void this.#open.pop();
    visit(
      this.#text,
      {
        onObjectBegin: (offset) => begin({}, offset),
        onArrayBegin: (offset) => begin([], offset),
        onObjectEnd: end,
        onArrayEnd: end,
        onObjectProperty: (key, offset) => this.#key(key, offset),
        onLiteralValue: (value, offset, length) => this.#literal(value, offset, length),
        onError: (code, offset) => this.#fail(EXPECTED[printParseErrorCode(code)] ?? 'not a JSON token', offset),
      },
      { disallowComments: true },
    );
  }

  #begin(into: Open['into'], offset: number): void {
    if (this.#open.length === MOST_DEPTH) this.#fail(`nested deeper than ${MOST_DEPTH}`, offset);
    const path = this.#put(into, offset);
    this.#open.push({ into, path, keys: new Map(), key: '' });
  }

  #key(key: string, offset: number): void {
    const open = this.#open.at(-1) as Open;
    const path = pointer(open.path, key);
    const before = open.keys.get(key);
    if (before !== undefined) {
      const { line, column } = placeIn(this.#text, before);
      this.#fail(`${JSON.stringify(path)} appears twice, first at line ${line}, column ${column}`, offset);
    }
    open.keys.set(key, offset);
    open.key = key;
    this.offsets.set(path, offset);
  }

  #literal(value: unknown, offset: number, length: number): void {
    const asWritten = this.#open.length === 1 && this.#asWritten.includes(this.#open[0]?.key as string);
    const read = typeof value === 'number' ? numberOf(this.#text.slice(offset, offset + length), asWritten) : value;
    this.#put(read, offset);
  }

  /** Puts the value in its place; returns its pointer. */
  #put(value: unknown, offset: number): string {
    const open = this.#open.at(-1);
    if (!open) {
      this.value = value;
      return '';
    }
    const { into, path, key } = open;
    if (!Array.isArray(into)) {
      // By definition, so that `__proto__` is a key like any other.
      Object.defineProperty(into, key, { value, enumerable: true, configurable: true, writable: true });
      return pointer(path, key);
    }
    const at = pointer(path, String(into.length));
    this.offsets.set(at, offset);
    into.push(value);
    return at;
  }
}

const pointer = (path: string, key: string): string => `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;

/**
 * Reads one JSON value; a byte order mark before it is skipped. Throws JsonError: not JSON, a key twice in one object
 * (`"\u0061"` is `"a"`), or deeper than 64. Numbers that JavaScript cannot hold exactly become JsonNumber; those of the
 * top-level members `asWritten` also if they are written differently from JavaScript's form.
 */
export function parseJson(text: string, asWritten: readonly string[] = []): ParsedJson {
  const reader = new Reader(text.replace(/^\ufeff/, ''), asWritten);
  reader.read();
  const { value, offsets } = reader;
  return { value, offsets };
}
