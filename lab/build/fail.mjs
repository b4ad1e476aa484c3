/** A failure that the user can do something about: its message is all that is printed. */
export class LabError extends Error {}

/** @param {string} message @returns {never} */
export function fail(message) {
  throw new LabError(message);
}
