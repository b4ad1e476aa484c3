// Names of rules: hits, answers and journal entries use them, so no two rules of a list may have the same.
import type { Rule } from '../../protocol/messages.ts';

/** The first place in the list (from 0) whose given name an earlier rule has already; null when there is none. */
export function firstTwin(rules: readonly Rule[]): { index: number; other: number } | null {
  const seen = new Map<string, number>();
  for (const [index, { name }] of rules.entries()) {
    if (name === undefined) continue;
    const other = seen.get(name);
    if (other !== undefined) return { index, other };
    seen.set(name, index);
  }
  return null;
}

/** A name for each: the given one, or `rule N` by its place, numbered further where another rule was given that name. */
export function namesOf(rules: readonly Rule[]): string[] {
  const given = new Set(rules.map(({ name }) => name));
  return rules.map(({ name }, index) => {
    if (name !== undefined) return name;
    const plain = `rule ${index + 1}`;
    let made = plain;
    for (let n = 2; given.has(made); n++) made = `${plain} (${n})`;
    given.add(made);
    return made;
  });
}

/** Does the same under the same name; enabling or disabling it does not make it another rule. */
export const sameRule = (a: Rule, b: Rule): boolean =>
  a.name === b.name && a.when === b.when && a.then === b.then && (a.afterMs ?? 0) === (b.afterMs ?? 0);
