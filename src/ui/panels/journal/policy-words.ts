// What a change of the rules says: which rule, what became of it, and how it reads now.

import type { JournalEntry, PolicyMessage } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { isObject } from '../../../text/is-object.ts';
import { count, plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';

type Rule = Readonly<Record<string, unknown>>;

const text = (value: unknown): string => (typeof value === 'string' ? sanitise(value) : '');

/** "write && addr < 0x100000 → invalid after 5.0 s". */
function ruleText({ when, then, afterMs }: Rule): string {
  const after = typeof afterMs === 'number' && afterMs > 0 ? ` after ${duration(afterMs * 1e6)}` : '';
  return `${text(when) || 'every group'} → ${text(then)}${after}`;
}

function changed(entry: JournalEntry, name: string): string {
  const before = (isObject(entry.before) ? entry.before : {}) as Rule;
  const was = text(before.name);
  const renamed = was && was !== name ? `${was} is ${name} now: ` : `${name} changed: `;
  return `${renamed}${ruleText(entry)} (was ${ruleText(before)})`;
}

const WORDS: Record<PolicyMessage['change'], (entry: JournalEntry, name: string) => string> = {
  'in-force': (entry, name) => {
    const source = text(entry.source);
    const how = `${entry.enabled === false ? 'off' : 'in force'}${source ? `, from ${source}` : ''}`;
    return `${name} ${how}: ${ruleText(entry)}`;
  },
  armed: (entry, name) => `${name} armed: ${ruleText(entry)}`,
  added: (entry, name) => `${name} added, off: ${ruleText(entry)}`,
  on: (entry, name) => `${name} on: ${ruleText(entry)}`,
  off: (entry, name) => `${name} off: ${ruleText(entry)}`,
  moved: (entry, name) => `${name} moved from ${Number(entry.from)} to ${Number(entry.number)}: ${ruleText(entry)}`,
  changed,
  deleted: (entry, name) => {
    const left = entry.count ? '' : '; no rule is left: all groups are held';
    return `${name} deleted: ${ruleText(entry)}${left}`;
  },
  same: ({ count: rules = 0 }) => `the same ${plural(rules, 'rule')} again`,
  more: ({ changes }) => `${count(Number(changes))} more, not listed one by one`,
};

export function policyWords(entry: JournalEntry): string {
  const change = WORDS[entry.change as PolicyMessage['change']];
  return change?.(entry, text(entry.rule)) ?? plural(entry.count ?? 0, 'rule');
}
