// The list of rules as this screen changes it: always whole, and only the list that is known to be in force.
import type { Rule, Snapshot } from '../../protocol/messages.ts';
import { keyFor } from './key-words.ts';
import { shownView, type UiState } from './state.ts';

export type RuleRow = Snapshot['rules'][number];

/** As the `policy` command takes them: without the engine's counts. */
export const ruleList = (rows: readonly RuleRow[]): Rule[] =>
  rows.map(({ hits: _, broken: _b, everything: _e, ...rule }) => rule);

const same = (a: readonly Rule[], b: readonly Rule[]): boolean =>
  JSON.stringify(a.map(normal)) === JSON.stringify(b.map(normal));
const normal = ({ name, when, then, afterMs, enabled }: Rule) => [
  name,
  when ?? null,
  then,
  afterMs ?? 0,
  enabled ?? true,
];

/** Whether the list in force is another than `before`. */
export const rulesChanged = (before: readonly Rule[], now: readonly RuleRow[]): boolean => !same(before, now);

/** The rules that are shown: those just sent, until the engine has them. */
export function shownRules(state: UiState): RuleRow[] {
  const rows = shownView(state)?.snapshot.rules ?? [];
  const { draft } = state.rules;
  if (!draft) return rows;
  return draft.map((rule, i) => ({
    ...rule,
    name: rule.name ?? `rule ${i + 1}`,
    enabled: rule.enabled ?? true,
    ...counted(rows.find((row) => row.name === rule.name)),
    ...(rule.when === undefined || rows.some((row) => row.everything && row.when === rule.when)
      ? { everything: true as const }
      : {}),
  }));
}

const counted = (row: RuleRow | undefined): Pick<RuleRow, 'hits' | 'broken'> => ({
  hits: row?.hits ?? 0,
  ...(row?.broken ? { broken: row.broken } : {}),
});

/** The draft is forgotten once the engine has it, or has refused it. */
export function settleRules(state: UiState): UiState {
  const { draft } = state.rules;
  if (!draft || !state.view) return state;
  const underWay = [...state.asked.values()].some((asked) => asked.cmd === 'policy');
  if (underWay && rulesChanged(draft, state.view.snapshot.rules)) return state;
  return { ...state, rules: { ...state.rules, draft: null } };
}

/** Index of the selected rule; -1: there is none. */
export function selectedRule(state: UiState): number {
  const rules = shownRules(state);
  const at = rules.findIndex((rule) => rule.name === state.rules.name);
  return at >= 0 ? at : Math.min(state.rules.at, rules.length - 1);
}

export const noRuleWords = (state: UiState): string => `There is no rule; ${keyFor(state, 'newRule')} adds one.`;
