import { cellsText } from '../../model/columns.ts';
import type { Copied } from '../../model/copied.ts';
import { selectedRule, shownRules } from '../../model/rules.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { sanitise } from '../../text/sanitise.ts';
import { ruleColumns } from './columns.ts';
import { ruleRow } from './rows.ts';

/** The selected rule. */
export function copyRule(state: UiState): Copied | null {
  const at = selectedRule(state);
  const rule = shownRules(state)[at];
  if (!rule) return null;
  const groups = shownView(state)?.snapshot.counters.groups ?? 0;
  const text = cellsText(ruleColumns(0), ruleRow(rule, at, groups).cells);
  return { what: `rule ${sanitise(rule.name)}`, text, address: null, json: rule };
}
