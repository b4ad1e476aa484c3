// Commands in their order: each is carried out at once and answered by `done` or `error`. A trigger of many groups and a
// rescue go on between steps; what the same script says after it waits for it, what a key or a signal says does not.

import type { Cause, Command } from '../../protocol/messages.ts';
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';
import type { EngineState } from '../state.ts';
import { Commands, type Outcome } from './commands.ts';

/** Those that are the session's own: quit and snapshot. Returns false for others. */
export type OwnCommands = (command: Command) => boolean;

export class Dispatch {
  readonly #state: EngineState;
  readonly #commands: Commands;
  readonly #own: OwnCommands;
  /** As many as the front end sends without having heard of the ones before. */
  #waiting: Command[] = [];
  #current: Command | null = null;

  constructor(state: EngineState, own: OwnCommands) {
    this.#state = state;
    this.#commands = new Commands(state);
    this.#own = own;
  }

  /** A trigger or a rescue is under way: there is something to do at the next step. */
  get busy(): boolean {
    return this.#commands.triggers.running || this.#commands.rescues.running;
  }

  /** The one that is being carried out: where a bug strikes, the one that is not done. */
  get current(): Command | null {
    return this.#current;
  }

  take(command: Command, cause: Cause): void {
    const signal = command.cmd === 'quit' && command.signal !== undefined;
    if (cause === 'script' && this.busy && !signal) this.#waiting.push(command);
    else this.#run(command, cause);
  }

  #run(command: Command, cause: Cause): void {
    this.#current = command;
    if (!this.#own(command)) this.#carryOut(command, cause);
    this.#current = null;
  }

  #carryOut(command: Command, cause: Cause): void {
    try {
      const outcome = this.#commands.run(command, cause);
      if (outcome && cause !== 'scenario') this.#done(command, outcome);
    } catch (error) {
      this.#refuse(error, command, cause);
    }
  }

  #done({ id, cmd }: Command, outcome: Outcome): void {
    this.#state.emit({ type: 'done', t: this.#state.t(), id: id ?? null, cmd, ...outcome });
  }

  #refuse(error: unknown, { id, cmd }: Command, cause: Cause): void {
    const state = this.#state;
    const said = complaint(error, state.t(), id ?? null);
    state.totals.refused++;
    state.log({ action: 'refused', cause, cmd, result: said.message });
    state.emit(said);
  }

  /** The next slice of what is under way; when it is done, what its script said next. */
  step(): void {
    const { triggers, rescues } = this.#commands;
    const ended = ({ command, cause }: { command: Command; cause: Cause }, result: Outcome | Error): void => {
      if (result instanceof Error) this.#refuse(result, command, cause);
      else this.#done(command, result);
    };
    triggers.step(ended);
    rescues.step(ended);
    while (this.#waiting.length > 0 && !this.busy) this.#run(this.#waiting.shift() as Command, 'script');
  }

  /** The queues of a rescue that is under way were closed: it comes to its end at once, and tells how far it came. */
  finishRescue(): void {
    while (this.#commands.rescues.running) this.step();
  }

  /** The run ends first: whoever gave a command that is not done hears of it all the same. */
  abandon(): void {
    for (const { command, cause, done, count } of this.#commands.triggers.abandon()) {
      this.#refuse(ended(`trigger: ${done} of ${count} groups were triggered`), command, cause);
    }
    const rescue = this.#commands.rescues.abandon();
    if (rescue) this.#refuse(ended('rescue: broken off'), rescue.command, rescue.cause);
    for (const command of this.#waiting.splice(0)) {
      if (!this.#own(command)) this.#refuse(ended(`${command.cmd}: not carried out`), command, 'script');
    }
  }
}

const ended = (what: string): Refusal => new Refusal('refused', what, 'the run has ended');
