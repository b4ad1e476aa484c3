// Changing the list of rules: always whole, and only the list that is known to be in force.
import type { Rule } from '../../protocol/messages.ts';
import { noRuleWords, type RuleRow, selectedRule, shownRules } from '../model/rules.ts';
import type { Outcome, UiState } from '../model/state.ts';
import { say } from './say.ts';
import { sendCommand } from './send-command.ts';

/** Sends the whole list; `what` says what is done by it. The rule `name` is selected then. */
export function setRules(state: UiState, rules: Rule[], what: string, name: string | null): Outcome {
  const next = { ...state, rules: { ...state.rules, draft: rules, name: name ?? state.rules.name } };
  return sendCommand(next, { cmd: 'policy', rules }, what);
}

/** With the selected rule, or says that there is none. */
export function withRule(state: UiState, act: (rules: RuleRow[], at: number) => Outcome): Outcome {
  const at = selectedRule(state);
  return at < 0 ? say(state, 'info', noRuleWords(state)) : act(shownRules(state), at);
}
