// In which line a key stands: the TOML parser does not say. A look at the text that knows tables, dotted and quoted keys,
// and strings of several lines; where it cannot tell it names the line of the table.

/** A key, as a path: `rules[1].then` is ['rules', 1, 'then']. */
export type KeyPath = readonly (string | number)[];

const PART = /\s*(?:"((?:[^"\\]|\\.)*)"|'([^']*)'|([A-Za-z0-9_-]+))\s*/y;

/** The dotted key at the start of `text`, and what follows it. */
function keyAt(text: string): { parts: string[]; rest: string } | null {
  const parts: string[] = [];
  let at = 0;
  for (;;) {
    PART.lastIndex = at;
    const match = PART.exec(text);
    if (!match) return null;
    parts.push(match[1] ?? match[2] ?? match[3] ?? '');
    at = PART.lastIndex;
    if (text[at] !== '.') return { parts, rest: text.slice(at) };
    at += 1;
  }
}

const id = (path: KeyPath): string => JSON.stringify(path);

/** The quotes of a string that the line leaves open, or null. */
function leftOpen(line: string): string | null {
  for (const quotes of ['"""', "'''"]) if (line.split(quotes).length % 2 === 0) return quotes;
  return null;
}

/** Line numbers from 1 of all keys and tables. */
export function linesOf(text: string): Map<string, number> {
  const lines = new Map<string, number>();
  const counts = new Map<string, number>();
  let table: KeyPath = [];
  let open: string | null = null;
  for (const [i, line] of text.split('\n').entries()) {
    if (open !== null) {
      if (line.includes(open)) open = null;
      continue;
    }
    const [, brackets = '', inside = ''] = /^\s*(\[\[?)(.*)$/.exec(line) ?? [];
    const key = keyAt(brackets === '' ? line : inside);
    if (!key) continue;
    if (brackets === '[[') {
      const name = id(key.parts);
      const nth = counts.get(name) ?? 0;
      counts.set(name, nth + 1);
      table = [...key.parts, nth];
    } else if (brackets === '[') {
      table = key.parts;
    }
    const path = brackets === '' ? [...table, ...key.parts] : table;
    if (brackets === '' && !key.rest.startsWith('=')) continue;
    for (let n = 1; n <= path.length; n++) {
      const part = id(path.slice(0, n));
      if (!lines.has(part)) lines.set(part, i + 1);
    }
    open = leftOpen(line);
  }
  return lines;
}

/** The line of the key, or of the nearest thing around it; null where even that cannot be told. */
export function lineOf(lines: ReadonlyMap<string, number>, path: KeyPath): number | null {
  for (let n = path.length; n > 0; n--) {
    const line = lines.get(id(path.slice(0, n)));
    if (line !== undefined) return line;
  }
  return null;
}
