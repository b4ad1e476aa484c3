import type { CommandId, ErrorMessage } from '../protocol/messages.ts';
import { isExpected } from '../text/refusal.ts';

/** An expected failure as an error event. Anything else is a bug and is thrown again. */
export function complaint(thrown: unknown, t: number, id: CommandId | null): ErrorMessage {
  if (!isExpected(thrown)) throw thrown;
  return { type: 'error', t, id, ...thrown.said() };
}
