// What a subscriber can be told of as it happens; replies to its commands, views and the summary come in any case.
import type { FromEngine } from '../../protocol/messages.ts';

/** Faults, answers and verdicts, undecoded; alarms as they come and go; whatever else happens to queues, rules and devices. */
export type Heard = 'events' | 'alarms' | 'notices';

/** What a front end asks for that joins a run. Plain data: it crosses to the worker thread as it is. */
export interface Subscription {
  readonly hears: readonly Heard[];
  /** Records that may wait for it, of events and of the rest; what is usual where it does not say. */
  readonly room?: number;
}

/** null: a reply, or what everybody is told. */
export function heardAs(message: FromEngine): Heard | null {
  switch (message.type) {
    case 'batch':
    case 'answers':
    case 'verdicts':
      return 'events';
    case 'alarm':
      return 'alarms';
    case 'auto-responded':
    case 'attachment':
    case 'notice':
    case 'policy':
      return 'notices';
    case 'error':
      return message.id === null && message.kind !== 'bug' ? 'notices' : null;
    default:
      return null;
  }
}
