// A seed that fails, made simpler: kinds of turns are left out one after another, and the turns after the failure.
import { KINDS } from './actors.ts';
import { type Options, simulate } from './simulation.ts';

/** What it says without its numbers: two failures with the same words are taken for one. */
const words = (broken: string): string => broken.replace(/\d+/g, 'N').slice(0, 40);

/** The fewest turns and kinds that were found with which the seed fails in the same words. */
export async function shrink(options: Options): Promise<{ steps: number; without: string[] }> {
  const first = await simulate(options);
  const same = words(first.broken ?? '');
  let steps = Math.max(1, Math.min(options.steps, first.log.length));
  const without = [...(options.without ?? [])];
  for (const kind of KINDS) {
    if (without.includes(kind)) continue;
    const { broken, log } = await simulate({ ...options, steps, without: [...without, kind] });
    if (broken === null || words(broken) !== same) continue;
    without.push(kind);
    steps = Math.max(1, Math.min(steps, log.length));
  }
  for (let cut = steps >> 1; cut > 0; ) {
    const { broken } = await simulate({ ...options, steps: steps - cut, without });
    if (broken !== null && words(broken) === same) steps -= cut;
    else cut >>= 1;
    cut = Math.min(cut, steps - 1);
  }
  return { steps, without };
}
