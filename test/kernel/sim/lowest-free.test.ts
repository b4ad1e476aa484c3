import fc from 'fast-check';
import { expect, it } from 'vitest';
import { LowestFree } from '../../../src/kernel/sim/lowest-free.ts';

it('always hands out the lowest number that is not in use', () => {
  fc.assert(
    fc.property(fc.array(fc.nat(50)), (steps) => {
      const numbers = new LowestFree(1);
      const used: number[] = [];
      for (const step of steps) {
        // Even: take one; odd: give one of those in use back.
        const given = step % 2 === 1 ? used.splice(step % Math.max(1, used.length), 1)[0] : undefined;
        if (given !== undefined) {
          numbers.give(given);
          continue;
        }
        let lowest = 1;
        while (used.includes(lowest)) lowest++;
        expect(numbers.take()).toBe(lowest);
        used.push(lowest);
      }
    }),
  );
});
