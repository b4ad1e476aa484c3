// Editing a rule: four fields and two buttons. It is armed only after the engine has said what it would do.

import type { Rule, RuleTest, View } from '../../protocol/messages.ts';
import { VERDICTS } from '../../protocol/verdicts.ts';
import type { KeyPress } from '../../terminal/key-press.ts';
import { DURATION_HINT, readDuration, writeDuration } from '../../text/duration.ts';
import { everythingDialog, isHarmless, matchesAll } from '../model/dialogs/arm-everything.ts';
import { actionFor } from '../model/keys.ts';
import { FORM_FIELDS, type FormField, type RuleForm } from '../model/overlays.ts';
import { rulesChanged } from '../model/rules.ts';
import { type Outcome, only, type UiState } from '../model/state.ts';
import { editLine, lineOf } from '../text/line-editor.ts';
import { sanitise } from '../text/sanitise.ts';
import { askToQuit } from './leave.ts';
import { show } from './make-dialogs.ts';
import { setRules } from './rules.ts';
import { say } from './say.ts';

export function openForm(state: UiState, rules: readonly Rule[], name: string | null, index: number): Outcome {
  const rule: Rule = name === null ? { name: freshName(rules), then: 'hold' } : rules[index]!;
  const fields = {
    name: lineOf(rule.name ?? ''),
    when: lineOf(rule.when ?? ''),
    then: rule.then,
    after: lineOf(afterText(rule.afterMs ?? 0)),
  };
  const { nextId } = state;
  const form: RuleForm = {
    rules,
    name,
    index,
    fields,
    focus: 'when',
    revision: nextId,
    untouched: nextId,
    givingUp: false,
  };
  return only({ ...state, form, nextId: nextId + 1 });
}

function freshName(rules: readonly Rule[]): string {
  let n = rules.length + 1;
  while (rules.some((rule) => rule.name === `rule ${n}`)) n++;
  return `rule ${n}`;
}

const afterText = (ms: number): string => (ms === 0 ? '' : writeDuration(ms));

/** Milliseconds, written as in a rules file; empty is 0. null: not a duration. */
const afterMs = (text: string): number | null => (text.trim() === '' ? 0 : readDuration(text));

/** The rule as it is typed. */
export function ruleOf({ fields, rules, name }: RuleForm): Rule {
  const ms = afterMs(fields.after.text) ?? 0;
  const when = fields.when.text.trim();
  const enabled = rules.find((rule) => name !== null && rule.name === name)?.enabled ?? true;
  return {
    name: fields.name.text.trim(),
    ...(when ? { when } : {}),
    then: fields.then,
    ...(ms ? { afterMs: ms } : {}),
    enabled,
  };
}

/** What is wrong without asking the engine; null: nothing. */
export function mistake({ fields, rules, name }: RuleForm): string | null {
  const typed = fields.name.text.trim();
  if (!typed) return 'The rule needs a name: the journal and the answers refer to it.';
  if (typed !== name && rules.some((rule) => rule.name === typed))
    return `There is already a rule named ${sanitise(typed)}.`;
  const ms = afterMs(fields.after.text);
  if (ms === null) return `After: ${sanitise(fields.after.text)} is not a duration; ${DURATION_HINT}.`;
  return ms && fields.then === 'hold' ? 'hold waits for you forever: it takes no after.' : null;
}

/** What the engine says of it as it stands; null: not yet. */
export const testOf = (form: RuleForm, view: View | null): RuleTest | null =>
  view?.test?.id === form.revision ? view.test : null;

/** Somebody else has changed the list since it opened. */
export const formLost = ({ form, view, rules }: UiState): boolean =>
  form !== null && view !== null && rules.draft === null && rulesChanged(form.rules, view.snapshot.rules);

/** The test to ask the engine for. */
export const wantedTest = ({ form }: UiState) =>
  form ? { id: form.revision, rule: ruleOf(form), before: form.index } : undefined;

const STEPS: Record<string, number> = { tab: 1, down: 1, 'shift-tab': -1, up: -1 };

/** What is typed is the form's; what works everywhere else works here too. */
export function onFormKey(state: UiState, key: KeyPress): Outcome {
  if (key.name === 'ctrl-c') return askToQuit(state);
  const general = key.text ? null : actionFor(state.keys, key.name, 'everywhere');
  if (general === 'redraw' || general === 'suspend') return { state, effects: [{ do: general }] };
  if (key.name === 'esc') return giveUp(state, state.form!);
  const form = { ...state.form!, givingUp: false };
  if (key.name === 'enter') return enter(state, form);
  const { focus } = form;
  const button = focus === 'cancel' || focus === 'arm';
  const step = STEPS[key.name] ?? (button ? { left: -1, right: 1 }[key.name] : undefined);
  if (step !== undefined) return only({ ...state, form: { ...form, focus: next(focus, step) } });
  if (button) return only({ ...state, form });
  if (focus === 'then') return only(chooseThen(state, form, key));
  const edited = editLine(form.fields[focus], key);
  return only(edited ? changed(state, form, { [focus]: edited }) : { ...state, form });
}

/** What was typed takes a second Esc. */
function giveUp(state: UiState, form: RuleForm): Outcome {
  if (form.givingUp || form.revision === form.untouched) return only({ ...state, form: null, status: null });
  const asked = { ...state, form: { ...form, givingUp: true } };
  return say(asked, 'info', 'Not armed: Esc again discards what was typed.');
}

function next(focus: FormField, step: number): FormField {
  const at = FORM_FIELDS.indexOf(focus) + step;
  return FORM_FIELDS[(at + FORM_FIELDS.length) % FORM_FIELDS.length]!;
}

/** Arrows and the space bar go through the answers, a letter picks one. */
function chooseThen(state: UiState, form: RuleForm, key: KeyPress): UiState {
  const step = { left: -1, right: 1, space: 1 }[key.name];
  const at = VERDICTS.indexOf(form.fields.then);
  const then = step
    ? VERDICTS[(at + step + VERDICTS.length) % VERDICTS.length]
    : VERDICTS.find((v) => v[0] === key.text);
  return then ? changed(state, form, { then }) : { ...state, form };
}

function changed(state: UiState, form: RuleForm, fields: Partial<RuleForm['fields']>): UiState {
  const { nextId } = state;
  const next = { ...form, fields: { ...form.fields, ...fields }, revision: nextId };
  return { ...state, nextId: nextId + 1, form: next };
}

/** In a field: to the next one. */
function enter(state: UiState, form: RuleForm): Outcome {
  if (form.focus === 'cancel') return only({ ...state, form: null });
  if (form.focus !== 'arm') return only({ ...state, form: { ...form, focus: next(form.focus, 1) } });
  const why = notArmed(state, form);
  if (why) return say(state, 'error', `Not armed: ${why}`);
  const rule = ruleOf(form);
  const rules = form.name === null ? form.rules.toSpliced(form.index, 0, rule) : form.rules.with(form.index, rule);
  const what = `${sanitise(rule.name!)} is armed`;
  if (!isHarmless(rule) && matchesAll(testOf(form, state.view)!)) {
    return show({ ...state, form }, everythingDialog({ rules: form.rules, changed: rules, rule, what, verb: 'Arm' }));
  }
  return setRules({ ...state, form: null }, rules, what, rule.name!);
}

/** Why the rule cannot be armed now; null: it can. */
export function notArmed(state: UiState, form: RuleForm): string | null {
  if (formLost(state)) return 'the rules have been changed meanwhile, by another front end or a script.';
  const wrong = mistake(form);
  if (wrong) return wrong;
  const test = testOf(form, state.view);
  if (!test) return 'wait until the engine has checked it.';
  return test.error;
}
