// What the journal's file did not get: told when it first fails, and at the end.
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';
import type { EngineState } from '../state.ts';

const HINT = 'the run goes on; `journal.entries` of a snapshot counts what should be in it';

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
    const refusal = new Refusal('refused', `the journal cannot be written: ${error}`, HINT);
    this.#state.emit(complaint(refusal, this.#state.t(), null));
  }
}
