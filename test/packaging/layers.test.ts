// ARCHITECTURE.md's table is the law: each room of src/ has a row, and imports, those of types too, point only to rows below.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { imports } from '../../scripts/lib/imports.mjs';
import { rooms } from '../../scripts/lib/rooms.mjs';
import { ROOT } from '../helpers/bin.ts';

const page = readFileSync(join(ROOT, 'ARCHITECTURE.md'), 'utf8');
const table = rooms(page);
const graph = imports(ROOT);

/** The room of a file: its folder below src/, or itself. */
const roomOf = (file: string): string => file.split('/').slice(0, 2).join('/');
const layerOf = (room: string): number => table.findIndex(({ names }) => names.includes(room));
const foldersIn = (path: string): string[] =>
  readdirSync(join(ROOT, path)).filter((name) => statSync(join(ROOT, path, name)).isDirectory());

describe('the table of ARCHITECTURE.md', () => {
  it('has a row for each room of src, and for none that is not there', () => {
    const there = readdirSync(join(ROOT, 'src')).map((name) => `src/${name}`);
    expect(table.flatMap(({ names }) => names).sort()).toEqual(there.sort());
  });

  it('names the folders of each room', () => {
    const missing = table.flatMap(({ names, text }) =>
      names
        .flatMap((room) => (room.endsWith('.ts') ? [] : foldersIn(room).map((name) => `${room}/${name}`)))
        .filter((path) => !text.includes(`\`${path.split('/').at(-1)}/\``)),
    );
    expect(missing).toEqual([]);
  });
});

describe('an import', () => {
  it('is of a file that is there', () => {
    const missing = [...graph].flatMap(([file, to]) =>
      to.filter((path) => !graph.has(path)).map((path) => `${file}: ${path}`),
    );
    expect(missing).toEqual([]);
    expect(graph.size).toBeGreaterThan(400);
  });

  it('points to its own row of the table, or to one below', () => {
    const upward = [...graph].flatMap(([file, to]) =>
      to.filter((path) => layerOf(roomOf(path)) < layerOf(roomOf(file))).map((path) => `${file} imports ${path}`),
    );
    expect(upward).toEqual([]);
  });
});

describe('src/ui', () => {
  const { text = '' } = table.find(({ names }) => names.includes('src/ui')) ?? {};
  const order = [...text.matchAll(/`(\w+)\/`/g)].map(([, name = '']) => name);
  const floorOf = (file: string): number => order.indexOf(file.split('/')[2]!);
  const inside = [...graph].filter(([file]) => file.startsWith('src/ui/'));

  it('has its folders in an order', () => {
    expect(inside.filter(([file]) => floorOf(file) < 0)).toEqual([]);
  });

  it('imports only from the same folder, or from one further down', () => {
    const upward = inside.flatMap(([file, to]) =>
      to
        .filter((path) => path.startsWith('src/ui/') && floorOf(path) < floorOf(file))
        .map((path) => `${file} imports ${path}`),
    );
    expect(upward).toEqual([]);
  });
});

describe('the flows of ARCHITECTURE.md', () => {
  const [, flows = ''] = /^## Five flows\n(.*?)^## /ms.exec(page) ?? [];
  const each = flows.split('\n- ').slice(1);

  it('are five, each a line of files', () => {
    const counts = each.map((flow) => flow.match(/`[\w/.-]+\.tsx?`/g)?.length ?? 0);
    expect(counts).toHaveLength(5);
    expect(Math.min(...counts)).toBeGreaterThan(5);
  });

  it('go through files that are there', () => {
    const named = [...flows.matchAll(/`([\w/.-]+\.tsx?)`/g)].map(([, path]) => `src/${path}`);
    expect(named.filter((path) => !graph.has(path))).toEqual([]);
  });
});
