// --count N: what the stream says of groups beyond the N-th. They are read at the end, so that nothing goes unseen and the
// rules and the exit plan answer them like all others; the stream has N groups, and the summary says how many there were
// beyond.
import type { FromEngine } from '../../protocol/messages.ts';
import type { Emit } from '../state.ts';

/** The columns of a batch, and its other fields, for the rows of `keep`. */
function withRows<M extends object>(message: M, keep: readonly number[]): M {
  const columns = Object.entries(message).map(([name, value]) => {
    if (value instanceof Float64Array) return [name, Float64Array.from(keep, (i) => value[i]!)];
    return [name, value instanceof Uint32Array ? Uint32Array.from(keep, (i) => value[i]!) : value];
  });
  return Object.fromEntries(columns) as M;
}

/** The stream of a run that ends after `most` groups has that many; null: all. */
export const upTo = (most: number | null, emit: Emit): Emit =>
  most === null
    ? emit
    : (message, asker) => {
        const kept = withinCount(message, most);
        if (kept !== null) emit(kept, asker);
      };

/** The message as far as it is about groups up to number `most`; null: it is about none of them. */
function withinCount(message: FromEngine, most: number): FromEngine | null {
  switch (message.type) {
    case 'batch':
      return message.firstGroup > most ? null : message;
    case 'answers':
    case 'verdicts': {
      const keep = [...message.groups.keys()].filter((i) => message.groups[i]! <= most);
      if (keep.length === message.groups.length) return message;
      return keep.length === 0 ? null : withRows(message, keep);
    }
    case 'auto-responded': {
      const groups = message.groups.filter((group) => group <= most);
      return groups.length === 0 ? null : { ...message, groups };
    }
    default:
      return message;
  }
}
