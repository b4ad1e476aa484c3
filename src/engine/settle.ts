// The groups that are outstanding at the end of a run.
import type { Answer, Summary } from '../protocol/messages.ts';
import { isMapped } from './answers/map.ts';
import { answerGroupsOrTell } from './answers/responder.ts';
import type { EngineState } from './state.ts';

/** Answers them all; null: they are left, and the kernel answers INVALID. Returns what there was, and what became of it. */
export function settle(state: EngineState, code: Answer | null): Summary['outstanding'] {
  const outstanding = [...state.ledger.pending.values()];
  // Nobody can be asked at the end: the summary says instead that the devices will fault again.
  const bare = code === 'success' ? outstanding.filter((group) => isMapped(state, group) === false) : [];
  const { taken: answered, gone } =
    code !== null && !state.options.readOnly
      ? answerGroupsOrTell(state, outstanding, code, 'exit')
      : { taken: 0, gone: new Set<number>() };
  // Only those count as SUCCESS whose answer the kernel took.
  const unmapped = bare.filter(({ group }) => !gone.has(group) && !state.ledger.pending.get(group)).length;
  return {
    groups: outstanding.length,
    plan: code ?? 'hold',
    answered,
    ...(gone.size > 0 ? { gone: gone.size } : {}),
    ...(unmapped > 0 ? { unmapped } : {}),
  };
}
