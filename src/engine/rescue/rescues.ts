// A rescue that is under way, a slice at a time between two steps.

import type { Cause, RescueCommand, RescueReport } from '../../protocol/messages.ts';
import type { OwnerControl } from '../../sources/source.ts';
import { Refusal } from '../../text/refusal.ts';
import type { EngineState } from '../state.ts';
import { rescue } from './rescue.ts';

export interface RescueOutcome {
  readonly count: number;
  readonly rescue: RescueReport;
}

interface Running {
  readonly command: RescueCommand;
  readonly cause: Cause;
  readonly steps: Generator<void, RescueReport>;
}

export class Rescues {
  readonly #state: EngineState;
  #running: Running | null = null;

  constructor(state: EngineState) {
    this.#state = state;
  }

  get running(): boolean {
    return this.#running !== null;
  }

  /** Does the first slice. Returns the outcome if that was all, null if more is to come. Throws what rescue() does. */
  start(owner: OwnerControl, command: RescueCommand, cause: Cause): RescueOutcome | null {
    this.refuseOthers(command.cmd);
    const steps = rescue(this.#state, owner, command, cause);
    const { done, value } = steps.next();
    if (done) return outcomeOf(value);
    this.#running = { command, cause, steps };
    return null;
  }

  /** Refuses commands that would interfere with a rescue under way. Throws Refusal. */
  refuseOthers(command: string): void {
    if (this.#running) throw new Refusal('refused', `${command}: a rescue is under way`, 'wait until it ends');
  }

  /** The one that is under way. */
  get current(): RescueCommand | null {
    return this.#running?.command ?? null;
  }

  /** The next slice. After the last one, `ended` gets the outcome, or what went wrong. */
  step(ended: (running: Pick<Running, 'command' | 'cause'>, result: RescueOutcome | Error) => void): void {
    const running = this.#running;
    if (!running) return;
    let result: RescueOutcome | Error;
    try {
      const { done, value } = running.steps.next();
      if (!done) return;
      result = outcomeOf(value);
    } catch (error) {
      result = error as Error;
    }
    this.#running = null;
    ended(running, result);
  }

  /** Interrupts it: the owner is resumed and gets its queues back. */
  abandon(): Pick<Running, 'command' | 'cause'> | null {
    const running = this.#running;
    this.#running = null;
    running?.steps.return(undefined as never);
    return running;
  }
}

function outcomeOf(report: RescueReport): RescueOutcome {
  const count = report.queues.reduce((sum, { drained, held, unseen }) => sum + drained + held + unseen, 0);
  return { count, rescue: report };
}
