// The rows of the rules: cells as text. Pure; the JSON has the same numbers.

import type { Verdict } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import type { RuleRow } from '../../model/rules.ts';
import { count } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import type { Line } from '../lines.ts';

const THEN_STYLE: Record<Verdict, Style> = { success: 'good', invalid: 'bad', map: 'good', hold: 'warn' };

/** The condition. Of a broken rule first how many groups it holds back, and why. */
function whenText({ when, broken }: RuleRow): string {
  const condition = when === undefined ? 'every group' : sanitise(when);
  if (!broken) return condition;
  return `${count(broken.count)} held: ${sanitise(broken.error)}; ${condition}`;
}

/** `groups`: all that were read. */
export function ruleRow(rule: RuleRow, index: number, groups: number): Omit<Line, 'selected'> {
  const off = !rule.enabled;
  const share = groups ? `${((100 * rule.hits) / groups).toFixed(1)} %` : '-';
  const cells = {
    number: String(index + 1),
    on: off ? 'off' : rule.broken ? 'BRK' : 'on',
    name: sanitise(rule.name),
    when: whenText(rule),
    then: rule.then,
    after: rule.afterMs ? duration(rule.afterMs * 1e6) : '-',
    hits: count(rule.hits),
    share,
  };
  if (off) return { cells, styles: Object.fromEntries(Object.keys(cells).map((id) => [id, 'dim' as const])) };
  const styles: Partial<Record<string, Style>> = {
    on: rule.broken ? 'bad' : 'good',
    name: 'title',
    when: rule.broken ? 'bad' : rule.when === undefined ? 'dim' : 'plain',
    then: THEN_STYLE[rule.then],
    hits: rule.hits ? 'plain' : 'dim',
  };
  return { cells, styles };
}
