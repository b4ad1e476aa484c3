// What the keys of the table need of where the faults come from.
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

/** Said where something is about another process, and none is looked at. */
export const withoutOwner = ({ abilities }: Hello): string =>
  abilities.answer
    ? 'The queues are ours; --pid PID looks at those of another process.'
    : 'No process is looked at; --pid PID looks at the queues of one.';
