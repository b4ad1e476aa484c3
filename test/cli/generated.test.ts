// What is made from the tables and checked in: `npm run build` writes it anew, or this test with --update.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles, PAGES_WITH_TABLES } from '../../src/cli/generated.ts';
import { ROOT } from '../helpers/bin.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

it.each(generatedFiles(version))('%s', async (path, text) => {
  await expect(text).toMatchFileSnapshot(join(ROOT, path));
});

it.each(PAGES_WITH_TABLES)('the tables of %s', async (path, made) => {
  const page = readFileSync(join(ROOT, path), 'utf8');
  expect(page).toContain('<!-- made: ');
  await expect(made(page)).toMatchFileSnapshot(join(ROOT, path));
});
