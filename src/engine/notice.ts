// Events at the source of the faults, reported to the journal and to all listeners.
import type { Cause, JournalEntry, NoticeMessage } from '../protocol/messages.ts';
import type { EngineState } from './state.ts';

type Notice = Omit<NoticeMessage, 'type' | 't'>;

/** `more` goes to the journal only. */
export function tellNotice(
  state: EngineState,
  { what, text, pid, queue, device, former, rule, group, error }: Notice,
  more: { cause?: Cause } & Record<string, unknown> = {},
): void {
  const about = {
    ...(pid === undefined ? {} : { pid }),
    ...(queue === undefined ? {} : { queue }),
    ...(device === undefined ? {} : { device }),
    ...(rule === undefined ? {} : { rule }),
    ...(group === undefined ? {} : { group }),
    ...(error === undefined ? {} : { error }),
  };
  const entry: Omit<JournalEntry, 't'> = { action: what, ...more, ...about, text };
  state.log(entry);
  state.emit({ type: 'notice', t: state.t(), what, text, ...about, ...(former ? { former } : {}) });
}
