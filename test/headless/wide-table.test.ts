import { expect, it } from 'vitest';
import { table } from '../../src/headless/plain-table.ts';
import { cellsOf } from '../../src/text/visible.ts';

it('stands straight under names of any writing, and tells them apart', () => {
  const names = ['显卡零', 'e\u0301', 'é', '\u202egpu0', '한국', '😀', 'gpu0'];
  const text = table(
    'DEVICES',
    ['DEVICE', 'N'],
    names.map((name, i) => [name, i]),
  );
  const rows = text.trimEnd().split('\n').slice(1);
  expect(new Set(rows.map((row) => cellsOf(row))).size).toBe(1);
  expect(new Set(rows.map((row) => row.trim().split(/ {2,}/)[0])).size).toBe(names.length + 1);
  expect(text).toContain('  显卡零 ');
  expect(text).toContain('<U+202E>gpu0');
});
