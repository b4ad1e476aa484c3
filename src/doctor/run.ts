// Runs the checks in order. A check that depends on a failed one is skipped, and names it.

import { CallRefused } from '../kernel/kernel.ts';
import { catching } from '../text/refusal.ts';
import type { Check, CheckGroup, CheckState, Observation, Remedy } from './check.ts';
import { unknown as notKnown } from './check.ts';

export interface CheckResult {
  readonly id: string;
  /** The group it belongs to. */
  readonly group: string;
  readonly title: string;
  readonly state: CheckState;
  readonly required: boolean;
  readonly seen: string;
  readonly why: string;
  readonly remedies: readonly Remedy[];
  /** Of a skipped check, the id of the one that failed; null: none did, it does not concern this host or device. */
  readonly because: string | null;
}

/** `before`: results that these checks may depend on. */
export function runChecks<Ground>(
  groups: readonly CheckGroup<Ground>[],
  ground: Ground,
  before: readonly CheckResult[] = [],
): CheckResult[] {
  const roots = new Map<string, string>();
  const results: CheckResult[] = [];
  const add = (result: CheckResult): void => {
    const root = rootOf(result);
    if (root !== null) roots.set(result.id, root);
  };
  before.forEach(add);
  for (const { name, checks } of groups) {
    for (const check of checks) {
      const result = resultOf(name, check, ground, roots);
      results.push(result);
      add(result);
    }
  }
  return results;
}

/** The failed check that a result depends on, or null. */
const rootOf = ({ id, state, because }: CheckResult): string | null =>
  state === 'fail' ? id : state === 'skipped' ? because : null;

function resultOf<G>(group: string, check: Check<G>, ground: G, roots: ReadonlyMap<string, string>): CheckResult {
  const { id, title, why, required } = check;
  const base = { id, group, title, required, why, because: null };
  const notHere = check.unless?.(ground) ?? null;
  if (notHere !== null) return { ...base, state: 'skipped', seen: notHere, remedies: [] };
  const because = check.after.map((earlier) => roots.get(earlier)).find((root) => root !== undefined);
  if (because === undefined) return { ...base, ...findingOf(check, ground) };
  return { ...base, state: 'skipped', seen: `not checked: ${because} failed`, remedies: [], because };
}

/** If something vanishes or is refused during a check, the result is unknown; anything else that is thrown is a bug. */
function findingOf<G>(check: Check<G>, ground: G): Observation {
  return catching(
    CallRefused,
    () => check.look(ground),
    ({ message }) => notKnown(message),
  );
}
