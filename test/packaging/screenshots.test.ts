// The pictures of the README: the same bytes from run to run.
import { describe, expect, it } from 'vitest';
import { differences } from '../../scripts/screenshots/differences.mjs';
import { glyph } from '../../scripts/screenshots/glyphs.mjs';
import { png, take } from '../../scripts/screenshots/make.mjs';

const SHOT = {
  name: 'all-there-is',
  columns: 100,
  rows: 30,
  args: ['--scenario', 'tour', '--seed', '7', '--virtual-time', '--pause-at', '8s'],
  // answers, moves, freezes, a dialog: all that a picture may need
  steps: [/stands still/, 's', 'j', 'i', 'f', 'q'],
};

describe('a screenshot', { tags: ['long'] }, () => {
  it('has the same bytes in each run, and so has the picture', async () => {
    const first = await take(SHOT);
    const second = await take(SHOT);
    expect(differences(first, second)).toEqual([]);
    expect(second).toBe(first);
    expect(png(second).equals(png(first))).toBe(true);
  });

  it('shows another seed as another picture', async () => {
    const args = SHOT.args.map((arg) => (arg === '7' ? '8' : arg));
    const [one, other] = [await take(SHOT), await take({ ...SHOT, args })];
    expect(differences(one, other).join('\n')).toMatch(/seed 7[\s\S]*seed 8/);
  });
});

describe('what differs', () => {
  const row = (text: string, fill = '#fff') =>
    [...text].map((c, i) => `<text x="${10 + i * 8.4}" y="23.5" fill="${fill}">${c}</text>`).join('');
  const svg = (...rows: string[]) => ['<svg>', '<rect/>', ...rows, '</svg>', ''].join('\n');

  it('is told by row and text', () => {
    expect(differences(svg(row('a b'), row('c')), svg(row('a b'), row('d')))).toEqual(['row 2: - c', 'row 2: + d']);
  });

  it('tells colours apart from text', () => {
    expect(differences(svg(row('a')), svg(row('a', '#000')))).toEqual(['row 1: other colours or lines']);
  });
});

describe('characters that are shapes', () => {
  const cell = { x: 0, y: 0, width: 8, height: 16 };

  it('are bars from the bottom up, and from the left', () => {
    expect(glyph('▂', cell, 'red')).toBe('<rect x="0" y="12" width="8" height="4" fill="red"/>');
    expect(glyph('▎', cell, 'red')).toBe('<rect x="0" y="0" width="2" height="16" fill="red"/>');
  });

  it('are the dots of braille', () => {
    expect(glyph('⡀', cell, 'red')).toBe('<circle cx="2" cy="14" r="1.3" fill="red"/>');
    expect(glyph('⣿', cell, 'red')?.match(/<circle/g)).toHaveLength(8);
  });

  it('are not letters', () => expect(glyph('a', cell, 'red')).toBeNull());
});
