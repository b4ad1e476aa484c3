// Sending a command, and the words for what came of it.
import type { Command, DoneMessage, ErrorMessage } from '../../protocol/messages.ts';
import { plural } from '../text/format.ts';
import { sanitise } from '../text/sanitise.ts';
import { say } from './say.ts';
import type { Outcome, UiState } from './state.ts';

/** Gives the command its id and remembers what it was for. `groups`: those it answers, where they are known. */
export function perform(state: UiState, command: Command, what: string, groups: readonly number[] = []): Outcome {
  const id = state.nextId;
  const asked = new Map(state.asked).set(id, { what, groups, cmd: command.cmd });
  return { state: { ...state, nextId: id + 1, asked }, effects: [{ do: 'send', command: { ...command, id } }] };
}

const invalid = (n: number): string => (n ? `; the kernel answered INVALID to ${plural(n, 'group')}` : '');

/** What `count` counts depends on the command (see DoneMessage). */
const WORDS: Record<Command['cmd'], (done: DoneMessage) => string> = {
  respond: ({ count, gone = 0 }) =>
    `answered ${plural(count, 'group')}${gone ? `; ${plural(gone, 'other')} gone by then` : ''}`,
  replace: ({ count, hwptId }) => `replaced by HWPT ${hwptId}${invalid(count)}`,
  attach: ({ hwptId }) => `attached to HWPT ${hwptId}`,
  detach: ({ count }) => `detached${invalid(count)}`,
  trigger: ({ count }) => `triggered ${plural(count, 'fault')}`,
  policy: ({ count }) => `set ${plural(count, 'rule')}`,
  take: ({ count }) => `took ${plural(count, 'queue')} over`,
  stop: () => 'stopped it',
  continue: ({ count }) => (count ? 'let it go on' : 'it was not stopped by us'),
  rescue: ({ count }) => `answered ${plural(count, 'group')}`,
  snapshot: () => 'took a snapshot',
  quit: () => 'quit',
};

export function onDone(state: UiState, done: DoneMessage): UiState {
  const asked = typeof done.id === 'number' ? state.asked.get(done.id) : undefined;
  const outcome = WORDS[done.cmd](done) + (done.cmd === 'trigger' ? (asked?.what ?? '') : '');
  const words = asked && (asked.groups.length === 1 || asked.cmd === 'policy') ? asked.what : outcome;
  return say(forget(state, done.id), 'done', `Done: ${words}`).state;
}

export function onError(state: UiState, error: ErrorMessage): UiState {
  const errno = error.errno && !error.message.includes(error.errno) ? ` (${error.errno})` : '';
  const hint = error.hint ? ` — ${sanitise(error.hint)}` : '';
  return say(forget(state, error.id), 'error', `${sanitise(error.message)}${errno}${hint}`).state;
}

function forget(state: UiState, id: DoneMessage['id']): UiState {
  if (typeof id !== 'number' || !state.asked.has(id)) return state;
  const asked = new Map(state.asked);
  asked.delete(id);
  return { ...state, asked };
}
