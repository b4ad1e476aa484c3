// The question before a rule that matches everything answers everything.
import type { Rule, RuleTest, Verdict, View } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { count, plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { rulesChanged } from '../rules.ts';
import { CANCEL, type Dialog, PLAIN } from './dialog.ts';
import { type Explanation, gone, here } from './explanation.ts';

/** It matches every group, or every group of the history that was scanned: the condition may be a slip. */
export const matchesAll = (test: RuleTest): boolean =>
  test.everything || (test.total > 0 && test.scanned >= test.total && test.matched >= test.total);

/** Holding everything does no harm: it waits for the operator. */
export const isHarmless = ({ then, enabled }: Rule): boolean => then === 'hold' || enabled === false;

const ANSWERS: Record<Verdict, string> = {
  success: 'is answered SUCCESS',
  invalid: 'is answered INVALID',
  map: 'gets memory mapped and SUCCESS',
  hold: 'is held',
};
const DOES: Partial<Record<Verdict, string>> = {
  success: 'Where no memory is mapped, a device that gets SUCCESS faults again.',
  invalid: 'A device that gets INVALID does not retry: its jobs and transfers fail.',
};

interface Everything {
  /** The list in force, and the new one. */
  readonly rules: readonly Rule[];
  readonly changed: Rule[];
  readonly rule: Rule;
  /** For the message afterwards. */
  readonly what: string;
  readonly verb: 'Arm' | 'Switch on';
}

export function everythingDialog({ rules, changed, rule, what, verb }: Everything): Dialog {
  const name = sanitise(rule.name!);
  const label = `${verb} ${name}: it matches everything`;
  return {
    ...PLAIN,
    kind: 'everything',
    title: `${verb} the rule — ${name}`,
    choices: [
      CANCEL,
      { label, does: { command: { cmd: 'policy', rules: changed } }, done: { what, rule: rule.name! } },
    ],
    rules,
    rule,
  };
}

export function explainEverything({ rules, rule }: Dialog, { snapshot, test }: View): Explanation {
  if (rulesChanged(rules!, snapshot.rules)) {
    return gone('The rules have been changed meanwhile, by another front end or a script.');
  }
  const { then, when, afterMs } = rule!;
  const late = afterMs ? ` when it is ${duration(afterMs * 1e6)} old` : ' at once';
  const { pending } = snapshot.counters;
  const lines = [
    `Every group of every device that no earlier rule takes ${ANSWERS[then]}${late}, without asking you.`,
    ...(pending ? [`${plural(pending, 'group')} ${pending === 1 ? 'is' : 'are'} pending now.`] : []),
    ...(DOES[then] ? [DOES[then]] : []),
  ];
  return here(lines, [whyText(when, test)]);
}

function whyText(when: string | undefined, test: RuleTest | null): string {
  if (when === undefined) return 'It has no condition: it matches EVERYTHING.';
  if (!test || test.everything) return `It matches EVERYTHING: ${sanitise(when)} is always true.`;
  return `It matches EVERYTHING so far: all ${count(test.total)} groups of the history.`;
}
