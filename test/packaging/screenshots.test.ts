// The pictures of the README: the same bytes from run to run.
import { readFileSync } from 'node:fs';
import xterm from '@xterm/headless';
import { describe, expect, it } from 'vitest';
import { differences, movieDifferences } from '../../scripts/screenshots/differences.mjs';
import { glyph } from '../../scripts/screenshots/glyphs.mjs';
import { png, take } from '../../scripts/screenshots/make.mjs';
import { frameOf, movieSvg, stillOf } from '../../scripts/screenshots/movie.mjs';
import { STILL } from '../../scripts/screenshots/shots.mjs';

const SHOT = {
  name: 'all-there-is',
  columns: 100,
  rows: 30,
  args: ['--scenario', 'tour', '--seed', '7', '--virtual-time', '--pause-at', '8s'],
  // answers, moves, freezes, a dialog: all that a picture may need
  steps: [STILL, 's', 'j', 'i', 'f', 'q'],
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

describe('the moving picture', () => {
  const size = { columns: 12, rows: 2 };
  /** A frame of the screen after `writes`, one of a second each. */
  async function movie(...writes: string[]) {
    const terminal = new xterm.Terminal({ cols: size.columns, rows: size.rows, allowProposedApi: true });
    const frames = [];
    for (const [i, text] of writes.entries()) {
      await new Promise<void>((resolve) => terminal.write(text, resolve));
      frames.push(frameOf(terminal, 1, { key: 's', text: `press ${i}` }));
    }
    return movieSvg(frames, { ...size, still: 0 });
  }
  const HOME = '\x1b[H';

  it('draws what stays once, and shows what changes in its frames', async () => {
    const svg = await movie('group \x1b[1m7\x1b[m wait', `${HOME}group 8`);
    expect(svg.match(/>group</g)).toHaveLength(1);
    expect(svg).toContain('<g class="f0-1"><text x="10" y="23.5" textLength="42">group</text>');
    expect(svg).toMatch(/<g class="f0-0"><text x="60.4" y="23.5" font-weight="bold">7<[^\n]*press 0/);
    expect(svg).toMatch(/<g class="f1-1" visibility="hidden"><text x="60.4" y="23.5">8<[^\n]*press 1/);
    expect(svg).toContain('@keyframes f1-1{0%{visibility:hidden}50%{visibility:visible}}');
  });

  it('has each frame as a picture of its own', async () => {
    const svg = await movie('one', `${HOME}two`);
    expect([0, 1].map((i) => /one|two/.exec(stillOf(svg, i))?.[0])).toEqual(['one', 'two']);
    expect(png(stillOf(svg, 0)).equals(png(svg))).toBe(true);
    expect(png(stillOf(svg, 1)).equals(png(svg))).toBe(false);
  });

  it('is compared frame by frame, text and colours', async () => {
    const before = await movie('ab cd', `${HOME}xy`);
    expect(movieDifferences(before, await movie('ab cd', `${HOME}xy`))).toEqual([]);
    const words = await movie('ab ce', `${HOME}xy`);
    expect(movieDifferences(before, words)).toEqual([
      'frame 0, row 1: - ab cd',
      'frame 0, row 1: + ab ce',
      'frame 1, row 1: - xy cd',
      'frame 1, row 1: + xy ce',
    ]);
    const colour = await movie('ab cd', `${HOME}\x1b[31mxy`);
    expect(movieDifferences(before, colour)).toEqual(['other colours, lines or times']);
    expect(movieDifferences(before, await movie('ab cd'))).toEqual(['1 frames, not 2']);
  });

  it('is in the README: small, without a script, and the same where nothing moves', () => {
    const svg = readFileSync(new URL('../../screenshots/tour.svg', import.meta.url), 'utf8');
    const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8');
    expect(readme.includes('](screenshots/tour.svg)')).toBe(true);
    expect(svg.length).toBeLessThan(400_000);
    expect(svg).not.toMatch(/<script|href=|url\(/);
    expect(svg).toContain('@media (prefers-reduced-motion:no-preference){');
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
