// The verdict on a filter: how many rows it lets through, or what is wrong with it and where.
import { FILTER_VARIABLES } from '../../protocol/filter-variables.ts';
import type { FilteredList, FilterReport } from '../../protocol/messages.ts';
import { UNFINISHED } from '../../text/expression-words.ts';
import { nearest } from '../../text/nearest.ts';
import { count } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';

export interface FilterRemark {
  kind: 'hint' | 'good' | 'wrong';
  text: string;
  /** Where the mistake is, in characters from 0; null: not known, or there is none. */
  at: number | null;
}

const EXAMPLES: Record<FilteredList, string> = {
  devices: 'pending > 0 || hung',
  pending: 'pasid == 5 && age > 1000',
  stream: 'write && state != "success"',
  journal: 'action == "answer" && code == "invalid"',
};

/**
 * "; cannot be evaluated for 3: division by zero". Such rows are not shown, and do not count as rows that do not match.
 */
export const brokenText = ({ broken }: FilterReport): string =>
  broken ? `; cannot be evaluated for ${count(broken.count)}: ${sanitise(broken.error)}` : '';

/** "12 of 345", and how much of a long history has been scanned. */
export function matched({ matched: n, scanned, total }: FilterReport): string {
  const part = scanned < total ? ` (scanned ${Math.floor((scanned / total) * 100)} %)` : '';
  return `${count(n)} of ${count(total)}${part}`;
}

export function verdictOn(list: FilteredList, text: string, report: FilterReport | undefined): FilterRemark {
  if (!text.trim()) return { kind: 'hint', text: `for example ${EXAMPLES[list]}; Tab shows the names`, at: null };
  if (report?.asked !== text) return { kind: 'hint', text: 'checking…', at: null };
  if (report.error !== null) return wrong(list, text, report);
  return { kind: 'good', text: `${matched(report)} match${brokenText(report)}`, at: null };
}

function wrong(list: FilteredList, text: string, { error, at }: FilterReport): FilterRemark {
  const said = sanitise((error ?? '').split('; it can use')[0]!);
  if (said.startsWith(UNFINISHED)) return { kind: 'hint', text: said, at: null };
  const where = at === null ? '' : `column ${at + 1}: `;
  return {
    kind: 'wrong',
    text: `${where}${said}${said.startsWith('Unknown variable') ? guess(list, text, at) : ''}`,
    at,
  };
}

/** For an unknown name: what may have been meant. */
function guess(list: FilteredList, text: string, at: number | null): string {
  const word = at === null ? undefined : /^[A-Za-z_]\w*/.exec(text.slice(at))?.[0];
  const names = FILTER_VARIABLES[list].map(({ name }): string => name);
  if (!word || names.includes(word)) return '';
  const meant = nearest(word, names);
  return meant ? `; did you mean ${meant}?` : '; Tab shows what there is';
}
