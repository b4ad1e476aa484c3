import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { distinctCuts, inWords } from '../../src/ui/text/distinct.ts';
import { sanitise } from '../../src/ui/text/sanitise.ts';
import { cell, fitColumns, rowLine, withNames } from '../../src/ui/text/table.ts';

const part = fc.constantFrom('accelerator-', '显卡', 'e\u0301', '0', '1', '-queue', '𠀀');
const name = fc.array(part, { minLength: 1, maxLength: 9 }).map((parts) => sanitise(parts.join('')));

describe('names that are cut', () => {
  it('stay told apart, and in their column', () => {
    fc.assert(
      fc.property(fc.uniqueArray(name, { maxLength: 12 }), fc.integer({ min: 8, max: 24 }), (names, width) => {
        const cuts = distinctCuts(names, width);
        const shown = names.map((one) => cell(cuts.get(one) ?? one, width));
        expect(new Set(shown).size).toBe(names.length);
        expect(shown.every((one) => one.length === width)).toBe(true);
      }),
    );
  });

  it('are cut at their end where that tells them apart, else in the middle', () => {
    expect([...distinctCuts(['gpu-accelerator', 'nic-accelerator'], 8).values()]).toEqual(['gpu-acc…', 'nic-acc…']);
    expect([...distinctCuts(['accelerator-0', 'accelerator-1'], 8).values()]).toEqual(['accel…-0', 'accel…-1']);
    expect([...distinctCuts(['aaaaaaaaaxbbbbbbbbb', 'aaaaaaaaaybbbbbbbbb'], 8).values()]).toEqual([
      'aaaaa…~1',
      'aaaaa…~2',
    ]);
  });

  it('are so in a row of a table', () => {
    const columns = [{ id: 'device', title: 'DEVICE', align: 'left' as const, min: 8, max: 8, priority: 0 }];
    const fitted = withNames(fitColumns(columns, 8), 'device', ['accelerator-0', 'accelerator-1']);
    expect(rowLine(fitted, { device: 'accelerator-1' })).toBe('accel…-1');
  });
});

it('a name in a message leaves room for what is said of it', () => {
  expect(inWords('guest data')).toBe('guest data');
  const long = inWords(`a${'b'.repeat(200)}c`);
  expect([long.length, long.at(0), long.at(-1)]).toEqual([40, 'a', 'c']);
});
