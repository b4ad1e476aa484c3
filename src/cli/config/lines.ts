// The line of each key, which the TOML parser does not give. A scanner of text that the parser has accepted: it knows
// tables, dotted and quoted keys, strings, comments, and what is nested in lists and inline tables, and none of their
// values. A line ends with a newline, as in TOML: a carriage return before it belongs to that; alone it is none, nor is NEL
// or a form feed.

/** A key, as a path: `rules[1].then` is ['rules', 1, 'then']. */
export type KeyPath = readonly (string | number)[];

const id = (path: KeyPath): string => JSON.stringify(path);

const BLANK = /[ \t\r]*/y;
const FILLER = /(?:[ \t\r\n]+|#[^\n]*)*/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const STRING = /"""(?:[^"\\]+|\\[\s\S]|"(?!""))*"{3,5}|'''(?:[^']+|'(?!''))*'{3,5}|"(?:[^"\\\n]+|\\.)*"|'[^'\n]*'/y;
const BARE_VALUE = /[^,\]}#\n]*/y;

const ESCAPES: Record<string, string> = { b: '\b', t: '\t', n: '\n', f: '\f', r: '\r', e: '\u001b' };

/** A quoted key as the parser reads it. */
function unquoted(text: string): string {
  const inside = text.slice(1, -1);
  if (text.startsWith("'")) return inside;
  return inside.replace(/\\(?:x(..)|u(....)|U(.{8})|(.))/g, (_, x, u, long, letter) =>
    letter === undefined ? String.fromCodePoint(Number.parseInt(x ?? u ?? long, 16)) : (ESCAPES[letter] ?? letter),
  );
}

class Scanner {
  readonly lines = new Map<string, number>();
  readonly #text: string;
  #at = 0;
  #line = 1;
  /** How many tables of `[[name]]` there were, by path. */
  readonly #counts = new Map<string, number>();
  #table: KeyPath = [];

  constructor(text: string) {
    this.#text = text;
  }

  scan(): void {
    for (;;) {
      this.#take(FILLER);
      if (this.#at >= this.#text.length) return;
      const before = this.#at;
      if (this.#text[this.#at] === '[') this.#header();
      else this.#entry(this.#table);
      // A parser would have refused this: nothing more is known.
      if (this.#at === before) return;
    }
  }

  #take(pattern: RegExp): string {
    pattern.lastIndex = this.#at;
    const [found = ''] = pattern.exec(this.#text) ?? [];
    this.#at += found.length;
    for (let end = found.indexOf('\n'); end >= 0; end = found.indexOf('\n', end + 1)) this.#line++;
    return found;
  }

  #skip(character: string): boolean {
    if (this.#text[this.#at] !== character) return false;
    this.#at += 1;
    return true;
  }

  #note(path: KeyPath, line: number): void {
    for (let n = 1; n <= path.length; n++) {
      const part = id(path.slice(0, n));
      if (!this.lines.has(part)) this.lines.set(part, line);
    }
  }

  #key(): string[] {
    const parts: string[] = [];
    do {
      this.#take(BLANK);
      const quoted = /["']/.test(this.#text[this.#at] ?? '');
      const part = this.#take(quoted ? STRING : BARE_KEY);
      if (part === '') break;
      parts.push(quoted ? unquoted(part) : part);
      this.#take(BLANK);
    } while (this.#skip('.'));
    return parts;
  }

  #header(): void {
    const line = this.#line;
    this.#skip('[');
    const isList = this.#skip('[');
    const parts = this.#key();
    let path: KeyPath = [];
    for (const [i, part] of parts.entries()) {
      path = [...path, part];
      const last = i === parts.length - 1;
      const count = this.#counts.get(id(path)) ?? 0;
      if (last && isList) {
        this.#counts.set(id(path), count + 1);
        path = [...path, count];
      } else if (count > 0) {
        path = [...path, count - 1];
      }
    }
    this.#table = path;
    this.#note(path, line);
    if (this.#skip(']') && isList) this.#skip(']');
  }

  /** `key = value` */
  #entry(table: KeyPath): void {
    const line = this.#line;
    const path = [...table, ...this.#key()];
    if (!this.#skip('=')) return;
    this.#note(path, line);
    this.#take(BLANK);
    this.#value(path);
  }

  #value(path: KeyPath): void {
    const first = this.#text[this.#at];
    if (first === '[' || first === '{') {
      this.#at += 1;
      this.#parts(path, first === '[' ? ']' : '}');
    } else if (first === '"' || first === "'") {
      this.#take(STRING);
    } else {
      this.#take(BARE_VALUE);
    }
  }

  /** What is in a list or an inline table, to its end. */
  #parts(path: KeyPath, end: ']' | '}'): void {
    for (let n = 0; ; n++) {
      this.#take(FILLER);
      if (this.#skip(end) || this.#at >= this.#text.length) return;
      const before = this.#at;
      if (end === '}') {
        this.#entry(path);
      } else {
        this.#note([...path, n], this.#line);
        this.#value([...path, n]);
      }
      this.#take(FILLER);
      if (!this.#skip(',') && this.#at === before) return;
    }
  }
}

/** Line numbers from 1 of all keys and tables, and of the entries of lists. */
export function linesOf(text: string): Map<string, number> {
  const scanner = new Scanner(text);
  scanner.scan();
  return scanner.lines;
}

/** The line of the key, or of the nearest thing around it; null if even that is unknown. */
export function lineOf(lines: ReadonlyMap<string, number>, path: KeyPath): number | null {
  for (let n = path.length; n > 0; n--) {
    const line = lines.get(id(path.slice(0, n)));
    if (line !== undefined) return line;
  }
  return null;
}
