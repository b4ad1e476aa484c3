// `matches` of CEL takes a regular expression, and CEL means RE2, whose time is linear. V8's own engine backtracks (`(a+)+$`),
// and doubles its program at each `a?`: for minutes, and a rule would delay every answer. V8 has a linear engine too; what
// that cannot do (back references, looking around, counts of hundreds) is refused as RE2 refuses it.
import { setFlagsFromString } from 'node:v8';
import type { Environment } from '@marcbachmann/cel-js';
import { below, type CelNode, callOf, type ExpressionProblem } from './expression-tree.ts';

setFlagsFromString('--enable-experimental-regexp-engine');

const OURS = 'matchesInLinearTime';

const MOST_COMPILED = 1_000;
/** By pattern. A script can send a new one with every command: when there are many, all are dropped. */
const compiled = new Map<string, RegExp>();

function linear(pattern: string): RegExp {
  let made = compiled.get(pattern);
  if (!made) {
    made = new RegExp(pattern, 'l');
    if (compiled.size === MOST_COMPILED) compiled.clear();
    compiled.set(pattern, made);
  }
  return made;
}

/** What `takeLinearPatterns` redirects calls of `matches` to. */
export const registerLinearMatches = (environment: Environment): void =>
  void environment.registerFunction(`string.${OURS}(string): bool`, (text: string, pattern: string) =>
    linear(pattern).test(text),
  );

/**
 * What V8 accepts without the flag u, which its linear engine lacks, with another meaning than in RE2: there `\\A` is
 * an A, `\\pL` is pL and `[[:alpha:]]` a list of letters and a bracket. A rule with it would never hold, and nobody would know.
 * Null: nothing.
 */
function otherMeaning(pattern: string): string | null {
  const property = /(?<!\\)(?:\\\\)*(\\p)/i.exec(pattern);
  if (property) return `${property[1]} is not supported: write the characters out, such as [A-Za-z]`;
  if (/[\u{10000}-\u{10ffff}]/u.test(pattern)) return 'patterns cannot have characters beyond U+FFFF: use contains';
  // In RE2 any punctuation after a backslash stands for itself; with the flag u not all of it does.
  const plain = pattern.replace(
    /\\([^A-Za-z0-9])/g,
    (_, sign: string) => `\\u${sign.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  if (/\[\^?\]/.test(plain)) return 'an empty list of characters: \\[ and \\] are the brackets themselves';
  try {
    new RegExp(plain, 'u');
    return null;
  } catch (error) {
    return (error as Error).message.replace(plain, () => pattern);
  }
}

function problemOf(pattern: CelNode): ExpressionProblem | null {
  const at = pattern.start ?? null;
  if (pattern.op !== 'value') return { message: 'the pattern of matches must be written out', at };
  const text = String(pattern.args);
  try {
    linear(text);
    const message = otherMeaning(text);
    return message === null ? null : { message, at };
  } catch (error) {
    return { message: (error as Error).message, at };
  }
}

/** What is wrong with the first pattern of the expression that cannot be matched in linear time; null: nothing. */
export function patternProblem(node: CelNode): ExpressionProblem | null {
  const call = callOf(node);
  const [pattern] = call?.name === 'matches' ? call.given : [];
  const here = pattern ? problemOf(pattern) : null;
  if (here) return here;
  for (const part of below(node)) {
    const problem = patternProblem(part);
    if (problem) return problem;
  }
  return null;
}

/** Changes an unchecked tree: each `matches` in it becomes ours. */
export function takeLinearPatterns(node: CelNode): void {
  if (node.op === 'rcall' && callOf(node)?.name === 'matches') (node.args as unknown[])[0] = OURS;
  for (const part of below(node)) takeLinearPatterns(part);
}
