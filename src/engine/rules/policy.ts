// What a policy command changes, rule by rule, and the rules in force at the start: for the journal and all listeners. A list
// may be long: a limited number is reported one by one, the others by their number.
import type { Cause, JournalEntry, PolicyChange, PolicyMessage, Rule } from '../../protocol/messages.ts';
import type { EngineState } from '../state.ts';
import type { CompiledRule } from './rules.ts';

const MOST_TOLD = 64;

type Said = Omit<PolicyMessage, 'type' | 't' | 'cause'>;
type Listed = Pick<CompiledRule, 'name' | 'when' | 'then' | 'afterMs' | 'enabled'>;
/** Places in the two lists. */
type Pair = readonly [was: number, is: number];

const sameText = (a: Listed, b: Listed): boolean =>
  a.when === b.when && a.then === b.then && (a.afterMs ?? 0) === (b.afterMs ?? 0);
/** The default name of a rule is its place: it does not identify the rule. */
const isPlace = ({ name }: Listed): boolean => /^rule \d+( \(\d+\))?$/.test(name);

/** Name, condition, verdict: a rule as it is read. */
const textOf = ({ when, then, afterMs }: Listed): Pick<Rule, 'when' | 'then' | 'afterMs'> => ({
  ...(when === undefined ? {} : { when }),
  then,
  ...(afterMs ? { afterMs } : {}),
});

/** Which rule of the one list is which of the other; rising by the place in the new one. */
function pairs(before: readonly Listed[], after: readonly Listed[]): Pair[] {
  const taken = new Set<number>();
  const found = new Map<number, number>();
  const pass = (keyOf: (rule: Listed) => string | null): void => {
    const free = new Map<string, number[]>();
    before.forEach((rule, was) => {
      const key = taken.has(was) ? null : keyOf(rule);
      if (key !== null) free.set(key, [...(free.get(key) ?? []), was]);
    });
    after.forEach((rule, is) => {
      const was = found.has(is) ? undefined : free.get(keyOf(rule) ?? '')?.shift();
      if (was === undefined) return;
      taken.add(was);
      found.set(is, was);
    });
  };
  const text = (rule: Listed): string => JSON.stringify([rule.when ?? null, rule.then, rule.afterMs ?? 0]);
  pass((rule) => `${rule.name}\n${text(rule)}`);
  pass((rule) => (isPlace(rule) ? null : rule.name));
  pass(text);
  pass((rule) => rule.name);
  return [...found].map(([is, was]): Pair => [was, is]).sort((a, b) => a[1] - b[1]);
}

/**
 * The fewest moves that leave the others in their old order: all except a longest rising run (patience sorting).
 */
function moved(paired: readonly Pair[]): Set<number> {
  const piles: number[] = [];
  const previous = new Array<number>(paired.length).fill(-1);
  const was = (at: number): number => (paired[at] as Pair)[0];
  paired.forEach((_, at) => {
    let [low, high] = [0, piles.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (was(piles[middle]!) < was(at)) low = middle + 1;
      else high = middle;
    }
    if (low > 0) previous[at] = piles[low - 1]!;
    piles[low] = at;
  });
  const stays = new Set<number>();
  for (let at = piles.at(-1) ?? -1; at >= 0; at = previous[at]!) stays.add((paired[at] as Pair)[1]);
  return new Set(paired.flatMap(([, is]) => (stays.has(is) ? [] : [is])));
}

/** One for each rule and kind of change, in the order of the new list; those that are gone first. */
export function policyChanges(before: readonly Listed[], after: readonly Listed[]): Said[] {
  const count = after.length;
  const paired = pairs(before, after);
  const wasOf = new Map(paired.map(([was, is]) => [is, was]));
  const kept = new Set(wasOf.values());
  const move = moved(paired);
  const said = (change: PolicyChange, { name, ...rule }: Listed, place: number, more: Partial<Said> = {}): Said => ({
    change,
    rule: name,
    number: place + 1,
    count,
    ...textOf({ name, ...rule }),
    enabled: rule.enabled,
    ...more,
  });
  const deleted = before.flatMap((rule, was) => (kept.has(was) ? [] : [said('deleted', rule, was)]));
  const others = after.flatMap((rule, is) => {
    const was = wasOf.get(is);
    if (was === undefined) return [said(rule.enabled ? 'armed' : 'added', rule, is)];
    const old = before[was] as Listed;
    const renamed = old.name !== rule.name && !(isPlace(old) && isPlace(rule));
    const changed = renamed || !sameText(old, rule);
    return [
      ...(changed ? [said('changed', rule, is, { before: { name: old.name, ...textOf(old) } })] : []),
      ...(old.enabled === rule.enabled ? [] : [said(rule.enabled ? 'on' : 'off', rule, is)]),
      ...(move.has(is) ? [said('moved', rule, is, { from: was + 1 })] : []),
    ];
  });
  return [...deleted, ...others];
}

function bounded(all: readonly Said[], count: number): Said[] {
  if (all.length <= MOST_TOLD) return [...all];
  return [...all.slice(0, MOST_TOLD), { change: 'more', count, changes: all.length - MOST_TOLD }];
}

/** The rules before and after the command; an unchanged list is reported too, since somebody sent it. */
export function tellPolicy(state: EngineState, before: readonly CompiledRule[], cause: Cause): void {
  const { rules } = state;
  const all = policyChanges(before, rules);
  const told = all.length > 0 ? bounded(all, rules.length) : [{ change: 'same', count: rules.length } as const];
  for (const said of told) {
    state.log({ action: 'policy', cause, ...said });
    state.emit({ type: 'policy', t: state.t(), cause, ...said });
  }
}

/** To the journal only: listeners have them in `hello`. */
export function logRulesInForce(state: EngineState): void {
  const { rules, options } = state;
  const from = options.rulesFrom === undefined ? {} : { source: options.rulesFrom };
  const all = rules.map(
    (rule, i): Said => ({
      change: 'in-force',
      rule: rule.name,
      number: i + 1,
      count: rules.length,
      ...textOf(rule),
      enabled: rule.enabled,
    }),
  );
  for (const said of bounded(all, rules.length)) {
    const entry: Omit<JournalEntry, 't'> = { action: 'policy', cause: 'start', ...said, ...from };
    state.log(entry);
  }
}
