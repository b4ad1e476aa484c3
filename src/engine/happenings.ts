// Events at the source of the faults (a scenario's devices, processes that hand queues over and take them back), executed and
// reported.
import type { Command } from '../protocol/messages.ts';
import type { SourceAction } from '../sources/source.ts';
import { answerGroupsOrTell } from './answers/responder.ts';
import type { Dispatch } from './commands/dispatch.ts';
import type { Ending } from './ending.ts';
import { tellNotice } from './notice.ts';
import type { EngineState } from './state.ts';

export class Happenings {
  readonly #state: EngineState;
  readonly #dispatch: Dispatch;
  readonly #ending: Ending;

  constructor(state: EngineState, dispatch: Dispatch, ending: Ending) {
    this.#state = state;
    this.#dispatch = dispatch;
    this.#ending = ending;
  }

  /** Lets the source act, and does what it says. */
  take(): void {
    const { source, ledger } = this.#state;
    const actions = source.tick(source.kernel.now());
    if (actions.length === 0) return;
    // Devices and their attachments come and go with the processes that hand them over.
    ledger.attachmentsAre(source.attachments);
    for (const action of actions) this.#act(action);
    ledger.attachmentsAre(source.attachments);
  }

  #act(action: SourceAction): void {
    switch (action.action) {
      case 'notice': {
        const { action: _, ...notice } = action;
        tellNotice(this.#state, notice);
        return;
      }
      case 'close-queue':
        this.#closeQueue(action);
        return;
      case 'end':
        this.#dispatch.finishRescue();
        // A screen stays, so that it can be read.
        if (this.#state.options.events) this.#ending.end(action.reason);
        return;
      default: {
        const { devId, pasid } = action;
        const to = { devId, ...(pasid === null ? {} : { pasid }) };
        const cmd: Command =
          action.action === 'detach' ? { cmd: 'detach', ...to } : { cmd: 'replace', ...to, hwpt: 'new-paging' };
        this.#dispatch.take({ command: cmd, cause: 'scenario' });
      }
    }
  }

  /** Nobody else can answer what we have read from it. */
  #closeQueue({ queue, text }: { queue: number; text: string }): void {
    const state = this.#state;
    const outstanding = state.ledger.pending.where((group) => group.queue === queue);
    const { taken: answered } = answerGroupsOrTell(state, outstanding, this.#ending.plan() ?? 'invalid', 'exit');
    state.source.lent?.closeQueue(queue);
    tellNotice(state, { what: 'queue-closed', text, queue }, { outstanding: outstanding.length, answered });
  }
}
