import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { firstLines } from '../../src/ui/app/first-frame.ts';
import { centred, layoutFor, MIN_COLUMNS, MIN_ROWS, PAGES, placed } from '../../src/ui/model/layout.ts';

const size = [fc.integer({ min: MIN_COLUMNS, max: 300 }), fc.integer({ min: MIN_ROWS, max: 100 })] as const;

const overview = { page: 'overview', deviceRows: 2, ownerRows: 0, detail: false } as const;

describe('layout', () => {
  it('gives every panel room inside the terminal, without overlap, at every size', () => {
    fc.assert(
      fc.property(
        ...size,
        fc.integer({ min: 0, max: 500 }),
        fc.constantFrom(...PAGES),
        fc.boolean(),
        fc.constantFrom(0, 3, 4, 6),
        (...request) => {
          const [columns, rows, deviceRows, page, detail, ownerRows] = request;
          const { panels } = layoutFor({ columns, rows, page, deviceRows, ownerRows, detail });
          const cells = new Set<number>();
          for (const { box, body, header } of panels!) {
            expect(body.height).toBeGreaterThanOrEqual(2);
            expect(body.top).toBe(box.top + (header ? 2 : 1));
            expect(box.left + box.width).toBeLessThanOrEqual(columns);
            expect(box.top + box.height).toBeLessThanOrEqual(rows - 1);
            for (let y = box.top; y < box.top + box.height; y++) {
              for (const x of [box.left, box.left + box.width - 1]) {
                expect(cells.has(y * columns + x)).toBe(false);
                cells.add(y * columns + x);
              }
            }
          }
        },
      ),
    );
  });

  it('says so below the least size', () => {
    expect(layoutFor({ ...overview, columns: 59, rows: 24 }).panels).toBe(null);
    expect(layoutFor({ ...overview, columns: 80, rows: 15 }).panels).toBe(null);
  });

  it('puts the stream beside the others where it is wide', () => {
    const layout = layoutFor({ ...overview, columns: 200, rows: 60 });
    expect(placed(layout, 'stream')!.box.top).toBe(placed(layout, 'summary')!.box.top);
    expect(placed(layout, 'stream')!.box.left).toBeGreaterThan(0);
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
    expect(lines.join('\n')).toMatch(/MOCK stuck[\s\S]*Summary[\s\S]*Devices[\s\S]*Pending groups/);
    expect(lines[0]).toContain('MOCK');
    expect(lines[3]?.startsWith('+- Summary --')).toBe(true);
  });

  it('has a place for the process whose queues they are, and nothing of its target moves the cursor', () => {
    const target = 'PID 1 \x1b[2J';
    const lines = firstLines({
      columns: 80,
      rows: 24,
      version: '0.1.0',
      target,
      owner: true,
      env: { LANG: 'C.UTF-8' },
    });
    expect(lines.join('\n')).toMatch(/PID 1 <U\+001B>\[2J[\s\S]*Summary[\s\S]*Owner of the queues[\s\S]*Devices/);
  });
});
