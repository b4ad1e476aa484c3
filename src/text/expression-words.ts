// What is wrong with an expression, in words: the parser speaks of tokens and characters, users write operators and names.

/** The properties of an error of the CEL library. */
export interface CelError {
  readonly message?: string;
  /** Of the parser: `unexpected_token` … */
  readonly code?: string;
  /** Position of the token, in characters from 0. */
  readonly range?: { readonly start?: number; readonly end?: number };
}

/** The start of the message for an expression that more text at its end can still complete. */
export const UNFINISHED = 'it ends too early';
const unfinished = (what: string): string => `${UNFINISHED}: ${what}`;

/** Operators of other languages that CEL lacks. */
const FOREIGN: Record<string, string> = {
  '=': '= is not an operator: == compares',
  '===': '=== is not an operator: == compares',
  '!==': '!== is not an operator: != compares',
  '=~': '=~ is not an operator: name.matches("pattern") is',
  '~': '~ is not an operator',
  '&': '& is not an operator: && joins conditions, and / and % take bits out of a number',
  '|': '| is not an operator: || joins conditions',
  '^': '^ is not an operator',
  '**': '** is not an operator',
  '<<': '<< is not an operator: * multiplies',
  '>>': '>> is not an operator: / divides',
  '<>': '<> is not an operator: != compares',
  '#': '# does not start a comment: // does',
  and: '"and" is written &&',
  or: '"or" is written ||',
  not: '"not" is written !',
};

/** The longest first. */
const OPERATORS = /^(?:[!=]==|=~|\*\*|<<|>>|<>|=(?!=)|&(?!&)|\|(?!\|)|[~^#])/;
const QUOTES = /[`´‘’‚“”„«»]/;

/** The name of a token, as it is written. */
const WRITTEN: Record<string, string> = { RPAREN: ')', RBRACKET: ']', RBRACE: '}', COLON: ':', IDENTIFIER: 'a name' };

/** The start of the operator that has a part at `at`. */
function operatorAt(source: string, at: number): string | undefined {
  for (const from of [at - 2, at - 1, at]) {
    const found = from < 0 ? undefined : OPERATORS.exec(source.slice(from))?.[0];
    if (found !== undefined && from + found.length > at) return found;
  }
  return undefined;
}

/** Something is in the wrong place: a character that CEL does not know, or a token. */
function misplaced(source: string, start: number, end: number): string {
  const what = source.slice(start, Math.max(end, start + 1));
  const before = source.slice(0, start);
  const operator = operatorAt(source, start);
  if (operator !== undefined) return FOREIGN[operator]!;
  if (Object.hasOwn(FOREIGN, what)) return FOREIGN[what]!;
  if (/\bnot\s+$/.test(before)) return FOREIGN.not as string;
  if (QUOTES.test(what)) return `${what} is not a quotation mark: " and ' are`;
  const number = /(?<!\w)\d[\w.]*$/.exec(before)?.[0];
  const rest = /^\w+/.exec(source.slice(start))?.[0];
  if (number !== undefined && rest !== undefined) return `${number}${rest} is not a number`;
  if (/^[)\]}]$/.test(what)) return `${what} has no opening bracket`;
  return /^[\w"']/.test(what) ? `no operator before ${what}` : `${what} cannot stand here`;
}

function expected(source: string, message: string, start: number, end: number): string {
  const [, wanted = '', got = ''] = /^Expected (\w+), got (\w+)$/.exec(message) ?? [];
  const name = WRITTEN[wanted] ?? wanted;
  if (got !== 'EOF') return `expected ${name} here, not ${source.slice(start, end)}`;
  return unfinished(wanted.startsWith('R') ? 'a bracket is still open' : `${name} must follow`);
}

function parserWords(source: string, message: string, { code, range }: CelError): string | null {
  const { start = source.length, end = start + 1 } = range ?? {};
  switch (code) {
    case 'unexpected_token':
      if (source.trim() === '') return 'it is empty';
      return message.endsWith(' EOF') ? unfinished('something must follow') : misplaced(source, start, end);
    case 'unexpected_character':
      return misplaced(source, start, end);
    case 'expected_token':
      return expected(source, message, start, end);
    case 'unterminated_string':
    case 'unterminated_triple_quoted_string':
      return unfinished('the string has no end');
    case 'newline_in_string':
      return 'a string must end on its line';
    case 'reserved_identifier':
      return `${source.slice(start, end)} is a reserved word`;
    default:
      return null;
  }
}

/** Type errors from the checker. */
const CHECKED: readonly [RegExp, string][] = [
  [/^no such overload: (.*)$/, 'types that cannot be combined: $1'],
  [/^found no matching overload for '(.*)'$/, 'there is no function $1'],
];

/** The first line of the error, in the words of a user who writes expressions; unknown errors are left unchanged. */
export function expressionWords(source: string, error: CelError): string {
  const message = String(error.message).split('\n')[0] as string;
  const words = parserWords(source, message, error);
  if (words !== null) return words;
  const [pattern, said] = CHECKED.find(([one]) => one.test(message)) ?? [/^$/, ''];
  return message.replace(pattern, said);
}
