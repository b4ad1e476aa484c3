// Commands in order: each is executed at once and answered with `done` or `error`. A trigger of many groups and a rescue
// continue between steps; later commands of the same script wait for them, those of a key or a signal do not.

import type { Cause, Command } from '../../protocol/messages.ts';
import { Refusal } from '../../text/refusal.ts';
import { complaint } from '../complaint.ts';

import type { SubscriberId } from '../options.ts';
import type { EngineState } from '../state.ts';
import { type CommandResult, Commands } from './commands.ts';

/** `from`: who sent it and gets the reply; absent: nobody, a scenario. */
export interface Request {
  readonly command: Command;
  readonly cause: Cause;
  readonly from?: SubscriberId;
}

/** Handles the session's own: quit and snapshot. Returns false for others. */
export type OwnCommands = (request: Request) => boolean;

export class Dispatch {
  readonly #state: EngineState;
  readonly #commands: Commands;
  readonly #own: OwnCommands;
  /** As many as front ends send without waiting for replies. */
  #waiting: Request[] = [];
  /** Triggers and rescues that continue between steps. */
  readonly #underWay = new Map<Command, Request>();
  #current: Request | null = null;

  constructor(state: EngineState, own: OwnCommands) {
    this.#state = state;
    this.#commands = new Commands(state);
    this.#own = own;
  }

  /** A trigger or a rescue is under way: there is something to do at the next step. */
  get busy(): boolean {
    return this.#commands.triggers.running || this.#commands.rescues.running;
  }

  /** The one being executed: if a bug strikes, this is the one that failed. */
  get current(): Request | null {
    return this.#current;
  }

  take(request: Request): void {
    const { command, cause } = request;
    const signal = command.cmd === 'quit' && command.signal !== undefined;
    if (cause === 'script' && !signal && this.#hasToWait(request)) this.#waiting.push(request);
    else this.#run(request);
  }

  /** A script waits for its own commands, not for another script's. */
  #hasToWait({ from }: Request): boolean {
    for (const request of this.#underWay.values()) if (request.from === from) return true;
    return false;
  }

  #run(request: Request): void {
    this.#current = request;
    if (!this.#own(request)) this.#carryOut(request);
    this.#current = null;
  }

  #carryOut(request: Request): void {
    const { command, cause } = request;
    try {
      const outcome = this.#commands.run(command, cause);
      if (!outcome) this.#underWay.set(command, request);
      else if (cause !== 'scenario') this.#done(request, outcome);
    } catch (error) {
      this.#refuse(error, request);
    }
  }

  #done({ command: { id, cmd }, from }: Request, outcome: CommandResult): void {
    this.#state.emit({ type: 'done', t: this.#state.t(), id: id ?? null, cmd, ...outcome }, from);
  }

  #refuse(error: unknown, { command: { id, cmd }, cause, from }: Request): void {
    const state = this.#state;
    const said = complaint(error, state.t(), id ?? null);
    state.ledger.totals.refused++;
    state.log({ action: 'refused', cause, cmd, result: said.message });
    state.emit(said, from);
  }

  /** It is no longer under way. */
  #ended(command: Command): Request {
    const request = this.#underWay.get(command);
    if (!request) throw new Error(`${command.cmd}: it was not under way`);
    this.#underWay.delete(command);
    return request;
  }

  /** The next slice of what is under way; when that is done, the next command of its script. */
  step(): void {
    const { triggers, rescues } = this.#commands;
    const ended = ({ command }: { command: Command }, result: CommandResult | Error): void => {
      const request = this.#ended(command);
      if (result instanceof Error) this.#refuse(result, request);
      else this.#done(request, result);
    };
    this.#slice(triggers.current, () => triggers.step(ended));
    this.#slice(rescues.current, () => rescues.step(ended));
    for (let at = 0; at < this.#waiting.length; ) {
      if (this.#hasToWait(this.#waiting[at] as Request)) at++;
      else this.#run(this.#waiting.splice(at, 1)[0] as Request);
    }
  }

  /** A bug on the way is reported to the sender of the command. */
  #slice(command: Command | null, slice: () => void): void {
    this.#current = (command && this.#underWay.get(command)) ?? null;
    slice();
    this.#current = null;
  }

  /** The queues of a rescue that is under way were closed: it ends at once, and reports how far it came. */
  finishRescue(): void {
    while (this.#commands.rescues.running) this.step();
  }

  /** The run ends first: the senders of unfinished commands are told anyway. */
  abandon(): void {
    for (const { command, done, count } of this.#commands.triggers.abandon()) {
      this.#refuse(ended(`trigger: ${done} of ${count} groups were triggered`), this.#ended(command));
    }
    const rescue = this.#commands.rescues.abandon();
    if (rescue) this.#refuse(ended('rescue: interrupted'), this.#ended(rescue.command));
    for (const request of this.#waiting.splice(0)) {
      if (!this.#own(request)) this.#refuse(ended(`${request.command.cmd}: not carried out`), request);
    }
  }
}

const ended = (what: string): Refusal => new Refusal('refused', what, 'the run has ended');
