// What the keys of the table need from the source of the faults.
import { type Act, inability } from '../../protocol/abilities.ts';
import type { Hello } from '../../protocol/messages.ts';
import type { ActionId } from './keys.ts';
import type { UiState } from './state.ts';

/** Those that only move and look need nothing. */
const ACTS: Partial<Record<ActionId, Act>> = {
  success: 'respond',
  invalid: 'respond',
  mark: 'respond',
  markRange: 'respond',
  markAll: 'respond',
  unmark: 'respond',
  map: 'map',
  replace: 'replace',
  attach: 'attach',
  detach: 'detach',
  trigger: 'trigger',
  newRule: 'policy',
  editRule: 'policy',
  toggleRule: 'policy',
  ruleUp: 'policy',
  ruleDown: 'policy',
  deleteRule: 'policy',
  take: 'take',
  rescue: 'rescue',
  stopOwner: 'stop',
};

/** Why the key cannot do anything here, in words; null: it can. */
export function whyNot({ hello, view }: UiState, id: ActionId): string | null {
  const act = ACTS[id];
  if (act === undefined || (act === 'policy' && hello.dryRun)) return null;
  const why = inability(hello.abilities, act, { pid: view?.snapshot.owner?.pid });
  return why && `${why.message.charAt(0).toUpperCase()}${why.message.slice(1)}; ${why.hint}.`;
}

/** Nothing that is outstanding at the end can be left: the queues, where there are any, stay open elsewhere. */
export const isBorrowed = ({ abilities }: Hello): boolean => !abilities.hold;

/** Shown if a key is about another process, and none is watched. */
export const withoutOwner = ({ abilities }: Hello): string =>
  abilities.answer
    ? "The queues are ours; --pid PID watches another process's."
    : 'Not watching a process; --pid PID watches the queues of one.';
