// The rule's form, painted over the rows: what is in it changes with every key.

import type { Rule, RuleTest } from '../../../protocol/messages.ts';
import { VERDICTS } from '../../../protocol/verdicts.ts';
import { duration } from '../../../text/duration.ts';
import { formLost, mistake, notArmed, ruleOf, testOf } from '../../actions/rule-form.ts';
import { matchesAll } from '../../model/dialogs/arm-everything.ts';
import { centred } from '../../model/layout.ts';
import type { RuleForm } from '../../model/overlays.ts';
import type { UiState } from '../../model/state.ts';
import { count, plural } from '../../text/format.ts';
import { lineInSight } from '../../text/line-editor.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import { cell } from '../../text/table.ts';
import type { Theme } from '../../text/theme.ts';
import { wrap } from '../../text/wrap.ts';
import { paintEditor } from '../editor.ts';
import type { BoxLine } from '../lines-box.tsx';
import type { PaintedBox } from '../painted-overlay.tsx';

const MAX_WIDTH = 96;
const LABEL = 8;
/** Lines that are kept for what the engine says, so that the box does not jump. */
const SAID_LINES = 4;
const FEW_SAID_LINES = 3;
/** All other lines of the form, the edges, and a row above and below. */
const AROUND = 11 + 2 + 2;
/** Below, the form has no blank lines between its parts. */
const AIRY_FROM = AROUND + SAID_LINES;

const line = (text: string, style: Style = 'plain'): BoxLine => ({ text, style });

/** The box of a rule's form: its fields, what the engine says about it, its buttons. */
export function paintRuleForm(state: UiState, form: RuleForm, theme: Theme): PaintedBox {
  const { columns, rows } = state;
  const inner = Math.min(MAX_WIDTH, columns - 8);
  const paint = ({ text, style }: BoxLine) => theme.paint(style, theme.glyphs(cell(text, inner)));
  const airy = rows >= AIRY_FROM;
  const blank = airy ? [line('')] : [];
  const spoken = saidLines(state, form, inner, airy ? SAID_LINES : FEW_SAID_LINES);
  const field = (name: EditedField) => paintField(name, state, inner, theme);
  const lines = [
    field('name'),
    field('when'),
    paint(line(caret(form, state, inner), 'bad')),
    paint(thenField(form)),
    field('after'),
    ...[...blank, ...spoken, ...blank, ...buttons(state, form), ...blank].map(paint),
    paint(line(hint(form), 'dim')),
  ];
  const title = form.name === null ? 'New rule' : `Rule — ${sanitise(form.name)}`;
  return { rect: centred(columns, rows, inner + 4, lines.length + 2), title, lines };
}

type EditedField = 'name' | 'when' | 'after';
const EMPTY: Record<EditedField, string> = { name: '', when: '(every group)', after: '(at once)' };

const label = (name: string, on: boolean): string => `${on ? '▶' : ' '} ${name.padEnd(LABEL - 2)}`;

function paintField(name: EditedField, state: UiState, inner: number, theme: Theme): string {
  const form = state.form!;
  const on = form.focus === name;
  const edited = form.fields[name];
  const head = theme.paint(on ? 'accent' : 'dim', theme.glyphs(label(name, on)));
  const width = inner - LABEL;
  if (on) return head + paintEditor(edited, width, name === 'when' ? mistakeAt(form, state) : null, theme);
  return (
    head + theme.paint(edited.text ? 'plain' : 'dim', theme.glyphs(cell(sanitise(edited.text) || EMPTY[name], width)))
  );
}

/** Where in the condition the mistake is, in characters of the field; null: not known, or there is none. */
function mistakeAt(form: RuleForm, state: UiState): number | null {
  const at = testOf(form, state.view)?.at ?? null;
  const { text } = form.fields.when;
  return at === null ? null : at + text.length - text.trimStart().length;
}

/** A mark under that place; '' where it is out of sight. */
function caret(form: RuleForm, state: UiState, inner: number): string {
  const at = mistakeAt(form, state);
  if (at === null) return '';
  const { when } = form.fields;
  const cell = lineInSight(form.focus === 'when' ? when : { ...when, at: 0 }, inner - LABEL).cellOf(at);
  return cell < 0 || cell >= inner - LABEL ? '' : `${' '.repeat(LABEL + cell)}^`;
}

function thenField({ fields, focus }: RuleForm): BoxLine {
  const options = VERDICTS.map((verdict) => (verdict === fields.then ? `[${verdict}]` : ` ${verdict} `)).join(' ');
  return line(label('then', focus === 'then') + options, focus === 'then' ? 'accent' : 'plain');
}

function saidLines(state: UiState, form: RuleForm, inner: number, height: number): BoxLine[] {
  const lines = said(state, form).flatMap(({ text, style }) => wrap(text, inner).map((part) => line(part, style)));
  const shown = lines.slice(0, height);
  return [...shown, ...Array.from({ length: height - shown.length }, () => line(''))];
}

function said(state: UiState, form: RuleForm): BoxLine[] {
  if (formLost(state)) {
    return [
      line('The rules have been changed meanwhile, by another front end or a script: only Cancel is left.', 'bad'),
    ];
  }
  const wrong = mistake(form);
  const test = testOf(form, state.view);
  if (test?.error) return [line(`✗ ${sanitise(test.error)}`, 'bad')];
  if (wrong) return [line(`✗ ${wrong}`, 'bad')];
  if (!test) return [line('Asking the engine…', 'dim')];
  const rule = ruleOf(form);
  const wary = matchesAll(test) && rule.then !== 'hold';
  return testWords(test, rule).map((text, i) => line(text, i === 0 ? (wary ? 'warn' : 'good') : 'plain'));
}

/** How much it matches, and that it is everything. */
function matchWords({ matched, scanned, total, everything }: RuleTest): string {
  const part = scanned < total ? ` (${Math.floor((100 * scanned) / total)} % scanned)` : '';
  const of = `${count(matched)} of ${plural(scanned, 'group')} of the history${part}`;
  if (everything) return `Matches EVERYTHING, always: ${of}.`;
  return scanned >= total && total > 0 && matched >= total
    ? `Matches EVERYTHING so far: ${of}.`
    : `Valid: matches ${of}.`;
}

/** "Valid: matches 123 of 45,678 groups of the history, …". */
function testWords(test: RuleTest, { then, afterMs }: Rule): string[] {
  const { shadowed, pending, sample, broken } = test;
  const words = [matchWords(test)];
  if (broken)
    words.push(
      `Cannot be evaluated for ${plural(broken.count, 'group')}, which it would hold: ${sanitise(broken.error)}.`,
    );
  if (shadowed) words.push(`${count(shadowed)} of them taken by earlier rules.`);
  const waited = afterMs ? `, each when it is ${duration(afterMs * 1e6)} old` : '';
  words.push(`It would ${then === 'hold' ? 'hold' : 'answer'} ${plural(pending, 'pending group')} now${waited}.`);
  if (sample.length)
    words.push(`The newest matches: ${sample.length === 1 ? 'group' : 'groups'} ${sample.join(', ')}.`);
  return words;
}

function buttons(state: UiState, form: RuleForm): BoxLine[] {
  const labels = { cancel: 'Cancel', arm: form.name === null ? 'Arm the rule' : 'Arm it as it is now' };
  const able = notArmed(state, form) === null;
  return (['cancel', 'arm'] as const).map((field) => {
    const on = form.focus === field;
    const style: Style = on ? 'cursor' : field === 'arm' && !able ? 'dim' : 'plain';
    return line(`${on ? '▶' : ' '} ${labels[field]}`, style);
  });
}

function hint({ focus }: RuleForm): string {
  if (focus === 'then') return '←→ choose   Tab next   Esc cancel';
  if (focus === 'when') return 'CEL: device, pasid, addr, write, repeats …   Tab next   Esc cancel';
  if (focus === 'after') return 'such as 500ms, 10s, 5m; empty: at once   Tab next   Esc cancel';
  return 'Tab next   Enter choose   Esc cancel';
}
