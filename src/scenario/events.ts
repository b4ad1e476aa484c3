// What is done to the devices of a scenario, at its time.
import type { Scenario, ScenarioEvent } from './types.ts';

export class EventSchedule {
  readonly #pending: { at: bigint; readonly event: ScenarioEvent }[];

  /** `start`: when the scenario began, in the time that `take` is asked in. */
  constructor(scenario: Scenario, start: bigint) {
    this.#pending = scenario.events.map((event) => ({ at: start + event.at, event }));
    this.#sort();
  }

  #sort(): void {
    this.#pending.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
  }

  nextDue(): bigint | undefined {
    return this.#pending[0]?.at;
  }

  /** The events that are due at `now`, earliest first. One that repeats comes once, however late it is. */
  take(now: bigint): ScenarioEvent[] {
    const due: ScenarioEvent[] = [];
    for (let next = this.#pending[0]; next && next.at <= now; next = this.#pending[0]) {
      due.push(next.event);
      this.#pending.shift();
      if (next.event.every !== null) this.#pending.push({ at: now + next.event.every, event: next.event });
      this.#sort();
    }
    return due;
  }
}
