// Sending a command: its result arrives later, see on-message.ts.
import type { Command } from '../../protocol/messages.ts';
import type { Asked, Outcome, UiState } from '../model/state.ts';

/**
 * Gives the command its id and remembers what it was for. `groups`: those it answers, if they are known; `of`: whose they
 * are, if there are several.
 */
export function sendCommand(
  state: UiState,
  command: Command,
  what: string,
  { groups = [], of = '' }: Partial<Pick<Asked, 'groups' | 'of'>> = {},
): Outcome {
  const id = state.nextId;
  const code = command.cmd === 'respond' ? command.code : null;
  const asked = new Map(state.asked).set(id, { what, groups, cmd: command.cmd, code, of });
  return {
    state: { ...state, nextId: id + 1, asked },
    effects: [{ do: 'send', session: state.session, command: { ...command, id } }],
  };
}
