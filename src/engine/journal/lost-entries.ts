// Entries that the journal's file did not get: reported at the first failure, and at the end.
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';
import type { EngineState } from '../state.ts';

const HINT = 'the run continues; `journal.entries` in a snapshot counts the entries that it should have';

export class LostEntries {
  readonly #state: EngineState;
  #told = 0;

  constructor(state: EngineState) {
    this.#state = state;
  }

  tellFirst(): void {
    if (this.#told === 0) this.tell();
  }

  tell(): void {
    const { lost, error } = this.#state.journal;
    if (lost === this.#told) return;
    this.#told = lost;
    const refusal = new Refusal('refused', `cannot write the journal: ${error}`, HINT);
    this.#state.emit(complaint(refusal, this.#state.t(), null));
  }
}
