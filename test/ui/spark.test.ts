import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toAscii } from '../../src/ui/text/sanitise.ts';
import { bar, peakOf, spark } from '../../src/ui/text/spark.ts';

describe('spark', () => {
  it('has the newest at the right and the peak of what is shown at the top', () => {
    expect(spark([0, 1, 2, 3, 4, 5, 6, 7], 8)).toBe('▁▂▃▄▅▆▇█');
    expect(spark([1000, 1, 2], 2)).toBe('▅█');
    expect(peakOf([1000, 1, 2], 2)).toBe(2);
  });

  it('is blank where there was nothing yet, and at the bottom only for nothing', () => {
    expect(spark([0, 1, 1000], 5)).toBe('  ▁▂█');
    expect(spark([0, 0], 3)).toBe(' ▁▁');
    expect(spark([], 3)).toBe('   ');
    expect(peakOf([], 3)).toBe(0);
  });

  it('has as many cells as it is told, in unicode and in ASCII, whatever the values', () => {
    const values = fc.array(fc.oneof(fc.nat(), fc.double({ min: 0, max: 1e12, noNaN: true })), { maxLength: 300 });
    fc.assert(
      fc.property(values, fc.integer({ min: 0, max: 300 }), (numbers, width) => {
        const line = spark(numbers, width);
        expect(line).toHaveLength(width);
        // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII
        expect(toAscii(line)).toMatch(/^[\x00-\x7f]*$/);
        expect(toAscii(line)).not.toContain('?');
      }),
    );
  });

  it('keeps its levels apart in ASCII', () => {
    const levels = toAscii(spark([0, 1, 2, 3, 4, 5, 6, 7], 8));
    expect(new Set(levels).size).toBe(8);
  });
});

describe('bar', () => {
  it('is in halves of a cell, and something for all that is more than nothing', () => {
    expect(bar(0, 4)).toBe('    ');
    expect(bar(0.0001, 4)).toBe('▌   ');
    expect(bar(0.5, 3)).toBe('█▌ ');
    expect(bar(1, 4)).toBe('████');
    expect(bar(2, 4)).toBe('████');
    expect(bar(1, 0)).toBe('');
  });
});
