import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLines } from '../../src/ui/first-frame.ts';
import { centred, layoutFor, MIN_COLUMNS, MIN_ROWS, PANELS } from '../../src/ui/layout.ts';

const size = [fc.integer({ min: MIN_COLUMNS, max: 300 }), fc.integer({ min: MIN_ROWS, max: 100 })] as const;

describe('layout', () => {
  it('gives every panel room inside the terminal, without overlap, at every size', () => {
    fc.assert(
      fc.property(...size, fc.integer({ min: 0, max: 500 }), (columns, rows, devices) => {
        const { panels } = layoutFor(columns, rows, devices);
        const cells = new Set<number>();
        for (const panel of PANELS) {
          const { box, body, header } = panels![panel];
          expect(body.height).toBeGreaterThanOrEqual(2);
          expect(header.top).toBe(box.top + 1);
          expect(box.left + box.width).toBeLessThanOrEqual(columns);
          expect(box.top + box.height).toBeLessThanOrEqual(rows - 1);
          for (let y = box.top; y < box.top + box.height; y++) {
            for (const x of [box.left, box.left + box.width - 1]) {
              expect(cells.has(y * columns + x)).toBe(false);
              cells.add(y * columns + x);
            }
          }
        }
      }),
    );
  });

  it('says so below the least size', () => {
    expect(layoutFor(59, 24, 2).panels).toBe(null);
    expect(layoutFor(80, 15, 2).panels).toBe(null);
  });

  it('puts the stream beside the others where it is wide', () => {
    const { panels } = layoutFor(200, 60, 4);
    expect(panels!.stream.box.top).toBe(panels!.devices.box.top);
  });

  it('keeps boxes inside the terminal', () => {
    expect(centred(80, 24, 200, 50)).toEqual({ left: 0, top: 0, width: 80, height: 24 });
  });
});

describe('first frame', () => {
  it('fills the terminal exactly, at every size', () => {
    const any = [fc.integer({ min: 1, max: 300 }), fc.integer({ min: 2, max: 100 })] as const;
    fc.assert(
      fc.property(...any, (columns, rows) => {
        const lines = firstLines({ columns, rows, version: '0.1.0', target: 'MOCK stuck', env: { LANG: 'C.UTF-8' } });
        return lines.length === rows && lines.every((line) => line.length === columns);
      }),
    );
  });

  it('has the panels of the screen, and is ASCII where it must be', () => {
    const lines = firstLines({ columns: 80, rows: 24, version: '0.1.0', target: 'MOCK stuck', env: { LANG: 'C' } });
    expect(lines.join('\n')).toMatch(/MOCK stuck[\s\S]*1 Devices[\s\S]*2 Pending groups[\s\S]*3 Fault stream/);
    expect(lines[0]).toContain('MOCK');
    expect(lines[2]?.startsWith('+- 1 Devices --')).toBe(true);
  });
});
