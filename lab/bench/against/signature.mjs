// By what a page or a dialog is recognised on the screen of a program of any commit: not by words, which change, but by
// cells that stay as they are while it is open, and that are otherwise before. They are learned from snapshots.

/** Enough to be sure, and few enough to look at with each piece of output. */
const MOST = 150;
/** Of a signature: the rest may have changed since it was learned, such as the digits of a counter. */
const SHARE = 0.7;

/** @typedef {{index: number, cell: string}[]} Signature */

/**
 * @param {string[][]} before snapshots without it
 * @param {string[][]} open snapshots with it
 * @returns {Signature} spread over all of it, so that it is shown when all of it is
 */
export function signatureOf(before, open) {
  const [first = []] = open;
  const telling = first
    .map((cell, index) => ({ index, cell }))
    .filter(({ index, cell }) => open.every((cells) => cells[index] === cell))
    .filter(({ index, cell }) => before.every((cells) => cells[index] !== cell));
  const every = Math.max(1, telling.length / MOST);
  return Array.from({ length: Math.min(telling.length, MOST) }, (_, i) => telling[Math.floor(i * every)]).filter(
    (one) => one !== undefined,
  );
}

/** @param {(index: number) => string} cellAt @param {Signature} signature */
export function isShown(cellAt, signature) {
  const fits = signature.filter(({ index, cell }) => cellAt(index) === cell).length;
  return signature.length > 0 && fits >= SHARE * signature.length;
}
