// What became of groups that a frozen screen still shows as pending.

import { reportOfGroup } from './choice.ts';
import { keyFor } from './key-words.ts';
import type { UiState } from './state.ts';

/**
 * "SUCCESS" where it was answered here, "answered" where it is only known to be no longer pending; null: it may still be.
 */
export function sinceFreeze({ frozen, view }: UiState, group: number): string | null {
  if (!frozen || !view) return null;
  const here = frozen.answered.get(group);
  if (here) return here;
  const { pending, counters } = view.snapshot;
  if (pending.some((row) => row.group === group)) return null;
  const [oldest, newest] = [pending[0]?.group, pending.at(-1)?.group];
  const within = oldest !== undefined && newest !== undefined && oldest < group && group < newest;
  const gone = counters.pending === 0 || within || reportOfGroup(view, group)?.gone.includes(group);
  return gone ? 'answered' : null;
}

/** Shown instead of answering it a second time. */
export function answeredWords(state: UiState, group: number): string {
  const how = state.frozen?.answered.get(group) ?? 'answered';
  return `Group ${group} has been answered${how === 'answered' ? '' : ` ${how}`} since the freeze; ${keyFor(state, 'freeze')} resumes.`;
}
