// What a subscriber can receive as it happens; replies to its commands, views and the summary always come.
import type { FromEngine } from '../../protocol/messages.ts';

/** Faults, answers and verdicts, undecoded; alarms as they come and go; whatever else happens to queues, rules and devices. */
export type Heard = 'events' | 'alarms' | 'notices';

/** What a joining front end asks for. Plain data, sent to the worker thread unchanged. */
export interface Subscription {
  readonly hears: readonly Heard[];
  /** Records that may wait for it, of events and of the rest; absent: the default. */
  readonly room?: number;
}

/** null: a reply, or a message to everybody. */
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
