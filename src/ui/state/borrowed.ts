// Whose queues they are.
import type { Hello } from '../../protocol/messages.ts';

/** Queues that are somebody else's stay open when we leave: what we have read, nobody but us can answer. */
export const isBorrowed = ({ target }: Hello): boolean => target.kind === 'process' || target.kind === 'handed';
