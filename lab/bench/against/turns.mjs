// Both programs in turns: A B B A A B B A …, so that what else the machine does falls on both.

/** @typedef {import('./programs.mjs').Side} Side */
/** @typedef {Record<Side, number[][]>} Turns what each turn of each side measured; turn i of both sides came one after the other */

/** Who comes first in turn `i`, and who second. @param {number} i @returns {[Side, Side]} */
export const sidesOf = (i) => (i % 2 ? ['now', 'before'] : ['before', 'now']);

/**
 * `measure` once for each side in each turn; what it returns by name, by name.
 *
 * @template {string} Name
 * @param {number} turns
 * @param {(side: Side, turn: number) => Promise<Record<Name, number[]>>} measure
 */
export async function inTurns(turns, measure) {
  /** @type {Partial<Record<Name, Turns>>} */
  const all = {};
  for (let turn = 0; turn < turns; turn++) {
    for (const side of sidesOf(turn)) {
      const measured = await measure(side, turn);
      for (const name of /** @type {Name[]} */ (Object.keys(measured))) {
        const turnsOf = all[name] ?? { before: [], now: [] };
        all[name] = turnsOf;
        turnsOf[side].push(measured[name]);
      }
    }
  }
  return /** @type {Record<Name, Turns>} */ (all);
}

/**
 * The same values in at most `most` turns of about the same length.
 *
 * @param {Turns} turns @param {number} most
 * @returns {Turns}
 */
export function joined(turns, most) {
  /** @param {number[][]} list */
  const join = (list) => {
    const count = Math.min(most, list.length);
    return Array.from({ length: count }, (_, i) =>
      list.filter((_, turn) => Math.floor((turn * count) / list.length) === i).flat(),
    );
  };
  return { before: join(turns.before), now: join(turns.now) };
}
