// docs/architecture.svg is drawn from the imports: `npm run build` draws it.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { layout, reduced } from '../../scripts/picture/layout.mjs';
import { picture } from '../../scripts/picture.mjs';
import { ROOT } from '../helpers/bin.ts';

describe('the picture of the architecture', () => {
  it('is that of the tree: `npm run build` draws it', () => {
    expect(readFileSync(join(ROOT, 'docs/architecture.svg'), 'utf8')).toBe(picture(ROOT));
  });
});

describe('the layout', () => {
  const boxes = ['a', 'b', 'c', 'd'].map((name) => ({ name, width: 50 }));

  it('leaves out an arrow that a longer way says too', () => {
    const arrows = [
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'c'],
      ['a', 'd'],
    ] as [string, string][];
    expect(reduced(arrows)).toEqual([
      ['a', 'b'],
      ['b', 'c'],
      ['a', 'd'],
    ]);
  });

  it('puts what is imported lower, nothing over anything else, and a long arrow through each layer', () => {
    const { placed, ways } = layout(boxes, [
      ['a', 'b'],
      ['b', 'c'],
      ['c', 'd'],
      ['a', 'd'],
    ]);
    expect(boxes.map(({ name }) => placed.get(name)?.layer)).toEqual([0, 1, 2, 3]);
    expect(ways.at(-1)).toHaveLength(4);
    const nodes = [...placed.values()];
    for (const one of nodes)
      for (const other of nodes)
        if (one !== other && one.layer === other.layer)
          expect(Math.abs(one.x - other.x)).toBeGreaterThan((one.width + other.width) / 2);
  });
});
