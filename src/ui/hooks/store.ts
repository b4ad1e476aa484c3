// The one store: the state of the terminal, and of each session that it shows. React reads it with the hooks of this folder.
import { type SessionId, type SessionState, splitState, type TerminalState, type UiState } from '../model/state.ts';

export class ScreenStore {
  #terminal: TerminalState;
  readonly #sessions = new Map<SessionId, SessionState>();
  /** Both together, as keys and panels want them; made again if either has changed. */
  readonly #whole = new Map<SessionId, UiState>();
  readonly #listeners = new Set<() => void>();

  constructor(first: UiState) {
    const { terminal, session } = splitState(first);
    this.#terminal = terminal;
    this.#sessions.set(session.session, session);
  }

  /** The session that keys go to. */
  get front(): SessionId {
    return this.#sessions.keys().next().value!;
  }

  /** The terminal with one of the sessions. */
  get(id: SessionId): UiState {
    const known = this.#whole.get(id);
    if (known) return known;
    const session = this.#sessions.get(id);
    if (!session) throw new Error(`there is no session ${id}`);
    const whole = { ...this.#terminal, ...session };
    this.#whole.set(id, whole);
    return whole;
  }

  /** Takes the new state of the terminal and of one session; the other sessions stay as they are. */
  set(next: UiState): void {
    const { terminal, session } = splitState(next);
    this.#terminal = terminal;
    this.#sessions.set(session.session, session);
    this.#whole.clear();
    this.#whole.set(session.session, next);
    for (const listener of this.#listeners) listener();
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };
}
