import { expect, it } from 'vitest';
import { LONG_TOO } from '../../helpers/long.ts';
import { open } from './against-ink.tsx';
import { allColours } from './chalk.ts';
import { differing } from './fidelity.ts';
import { tree } from './tree.tsx';

allColours();

const SEEDS = Number(process.env.SEEDS) || (LONG_TOO ? 2000 : 300);
const FROM = Number(process.env.FROM) || 1;

it(`shows what Ink shows, of ${SEEDS} trees`, () => {
  const wrong = differing(FROM, SEEDS);
  expect(`${wrong.length} differ\n${wrong.slice(0, 4).join('\n')}`).toBe('0 differ\n');
}, 600_000);

it('is not blank, nor always the same', () => {
  const ours = open('we measure');
  const screens = Array.from({ length: 50 }, (_, i) => {
    ours.show(tree(FROM + i));
    return ours.lines().join('\n');
  });
  ours.close();
  expect(new Set(screens).size).toBeGreaterThan(40);
  const drawn = screens.join('').replaceAll(' ', '');
  for (const part of ['╭', '日本', '👨‍👩‍👧', '…', '\x1b[0;38;2;255;136;0m']) expect(drawn).toContain(part);
});
