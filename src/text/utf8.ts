// Bytes that should be UTF-8: invalid ones are refused with their place, not replaced by U+FFFD.
import { isUtf8 } from 'node:buffer';
import { placeIn } from './place.ts';

/** `line` and `column` count from 1. */
export interface NotUtf8 {
  readonly line: number;
  readonly column: number;
}

/** Does the decoder take the first `length` bytes, whatever may follow them? */
function takes(bytes: Uint8Array, length: number): boolean {
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, length), { stream: true });
    return true;
  } catch {
    return false;
  }
}

/** The text, without a leading byte order mark; or the place where it is not UTF-8. */
export function decodeUtf8(bytes: Uint8Array): string | NotUtf8 {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
  if (isUtf8(bytes)) return text.replace(/^\ufeff/, '');
  // The most that is taken: one byte more is not, or the end cuts a character.
  let good = 0;
  for (let bad = bytes.length + 1; bad - good > 1; ) {
    const middle = (good + bad) >> 1;
    if (takes(bytes, middle)) good = middle;
    else bad = middle;
  }
  const before = new TextDecoder('utf-8', { fatal: true }).decode(bytes.subarray(0, good), { stream: true });
  return placeIn(before, before.length);
}
