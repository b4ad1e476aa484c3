// Where a text says what English says differently: the texts of a source file, and the words that are wrong in them.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAst } from 'vitest/node';

/**
 * `say`: a pattern in which a space is any white space; `exact`: capitals count; `except`: files where the word is a name;
 * `inTexts`: good English in a comment or a page, but not short enough on a screen.
 */
export interface Word {
  readonly say: string;
  readonly better: string;
  readonly exact?: boolean;
  readonly except?: readonly string[];
  readonly inTexts?: boolean;
}

const WORDS: readonly Word[] = JSON.parse(readFileSync(join(import.meta.dirname, 'words.json'), 'utf8'));

/** What a phrase cannot continue over: the code between two texts. */
const CODE = '\0';

interface Node {
  readonly type: string;
  readonly start: number;
  readonly end: number;
  readonly value?: unknown;
  readonly expressions?: readonly Node[];
}

/** Pairs of offsets, in order. */
type Ranges = [start: number, end: number][];

/** Names of modules and of types are not texts. */
const NOT_TEXT = /^(Import|ExportAll|TSLiteralType|TSImportType)/;

/** What stands between the texts of a template; what they say themselves is found by the walk. */
function templateTexts({ start, end, expressions = [] }: Node): Ranges {
  const ends = [start, ...expressions.map((one) => one.end)];
  return ends.map((from, i) => [from, expressions[i]?.start ?? end]);
}

function textsOf(node: unknown, found: { texts: Ranges; opaque: Ranges }): void {
  if (Array.isArray(node)) for (const one of node) textsOf(one, found);
  if (Array.isArray(node) || typeof node !== 'object' || node === null) return;
  const one = node as Node;
  const isString = one.type === 'Literal' && typeof one.value === 'string';
  if (isString || one.type === 'JSXText') found.texts.push([one.start, one.end]);
  else if (one.type === 'TemplateLiteral') found.texts.push(...templateTexts(one));
  if (one.type === 'Literal' || one.type === 'JSXText' || one.type === 'TemplateElement')
    found.opaque.push([one.start, one.end]);
  if (NOT_TEXT.test(one.type)) {
    found.opaque.push([one.start, one.end]);
    return;
  }
  for (const value of Object.values(node)) if (typeof value === 'object') textsOf(value, found);
}

/** `text` with nothing but the ranges: the rest is CODE, and what was white space stays. */
function only(text: string, ranges: Ranges, keepSpace: boolean): string {
  const rest = (part: string): string => part.replace(keepSpace ? /\S/g : /[^\n]/g, CODE);
  let at = 0;
  let out = '';
  for (const [start, end] of ranges.sort(([a], [b]) => a - b)) {
    out += rest(text.slice(at, start)) + text.slice(Math.max(at, start), end);
    at = Math.max(at, end);
  }
  return out + rest(text.slice(at));
}

/** The texts and the comments of a source file, each in a copy of it that has CODE in place of everything else. */
export function partsOf(source: string, path: string): { texts: string; comments: string } {
  const found = { texts: [] as Ranges, opaque: [] as Ranges };
  textsOf(parseAst(source, { lang: path.endsWith('x') ? 'tsx' : 'ts' }), found);
  const withoutTexts = source.split('');
  for (const [start, end] of found.opaque) withoutTexts.fill(CODE, start, end);
  const comments: Ranges = [...withoutTexts.join('').matchAll(/\/\/.*|\/\*[\s\S]*?\*\//g)].map(
    ({ index, 0: { length } }) => [index, index + length],
  );
  return {
    texts: only(source, found.texts, false).replaceAll('\\\n', ' \n'),
    comments: only(source, comments, true).replace(/^[^\S\n]*(\/\/|\/\*\*?|\*\/|\*)/gm, (all) =>
      ' '.repeat(all.length),
    ),
  };
}

const patterns = WORDS.map(
  ({ say, better, exact = false, except = [], inTexts = false }) =>
    [
      new RegExp(`(?<![\\w-])(?:${say.replaceAll(' ', '\\s+')})(?![\\w-])`, exact ? 'g' : 'gi'),
      better,
      except,
      inTexts,
    ] as const,
);

/** Each wrong word: `file:line: "word", better: …`. */
export function wrongWords(text: string, file: string, of: 'texts' | 'prose' = 'prose'): string[] {
  return patterns
    .filter(([, , except, inTexts]) => !except.includes(file) && (of === 'texts' || !inTexts))
    .flatMap(([pattern, better]) =>
      [...text.matchAll(pattern)].map(({ index, 0: said }) => {
        const line = text.slice(0, index).split('\n').length;
        return { line, text: `${file}:${line}: "${said.replace(/\s+/g, ' ')}", better: ${better}` };
      }),
    )
    .sort((a, b) => a.line - b.line)
    .map((one) => one.text);
}
