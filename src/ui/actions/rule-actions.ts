// What the keys of the rules page do.

import { everythingDialog, isHarmless } from '../model/dialogs/arm-everything.ts';
import { CANCEL, type Dialog, PLAIN } from '../model/dialogs/dialog.ts';
import { noRuleWords, type RuleRow, ruleList, selectedRule, shownRules } from '../model/rules.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { inWords } from '../text/distinct.ts';
import { sanitise } from '../text/sanitise.ts';
import { show } from './make-dialogs.ts';
import { openForm } from './rule-form.ts';
import { setRules, withRule } from './rules.ts';
import { say } from './say.ts';
import { refuseText } from './stray-text.ts';

const nameOf = ({ name }: RuleRow): string => inWords(sanitise(name));

/** Switches the selected rule on or off; one that matches everything is asked about first. */
export function toggleRule(state: UiState): Outcome {
  return withRule(state, (rules, at) => {
    const rule = rules[at]!;
    const changed = { ...rule, enabled: !rule.enabled };
    const what = `${nameOf(rule)} is ${changed.enabled ? 'on' : 'off'}`;
    const list = ruleList(rules.with(at, changed));
    const [asRule] = ruleList([changed]);
    if (rule.everything && !isHarmless(asRule!)) {
      return show(
        state,
        everythingDialog({ rules: ruleList(rules), changed: list, rule: asRule!, what, verb: 'Switch on' }),
      );
    }
    return setRules(state, list, what, rule.name);
  });
}

/** Moves it up (-1) or down (1): the first rule that matches decides. */
export function moveRule(state: UiState, by: -1 | 1): Outcome {
  return withRule(state, (rules, at) => {
    const to = at + by;
    const rule = rules[at]!;
    const other = rules[to];
    if (!other) return say(state, 'info', `${nameOf(rule)} is already the ${by < 0 ? 'first' : 'last'}.`);
    const moved = rules.with(to, rule).with(at, other);
    return setRules(state, ruleList(moved), `${nameOf(rule)} is number ${to + 1}`, rule.name);
  });
}

export function newRule(state: UiState): Outcome {
  if (!state.view) return refuseText(state, 'Waiting for the engine to start.');
  return openForm(state, ruleList(shownRules(state)), null, selectedRule(state) + 1);
}

export function editRule(state: UiState): Outcome {
  if (selectedRule(state) < 0) return refuseText(state, noRuleWords(state));
  return withRule(state, (rules, at) => openForm(state, ruleList(rules), rules[at]!.name, at));
}

/** Opens the dialog that asks first. */
export function deleteRule(state: UiState): Outcome {
  return withRule(state, (rules, at) => show(state, deleteDialog(rules, at)));
}

function deleteDialog(rows: readonly RuleRow[], at: number): Dialog {
  const rules = ruleList(rows);
  const shown = nameOf(rows[at]!);
  const command = { cmd: 'policy' as const, rules: rules.toSpliced(at, 1) };
  return {
    ...PLAIN,
    kind: 'rules',
    title: `Delete the rule — ${shown}`,
    choices: [
      CANCEL,
      { label: `Delete ${shown}`, does: { command }, done: { what: `${shown} is deleted`, rule: null } },
    ],
    rules,
  };
}
