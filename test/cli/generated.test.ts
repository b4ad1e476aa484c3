// What is made from the tables and checked in: `npm run build` writes it anew, or this test with --update.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { generatedFiles } from '../../src/cli/generated.ts';
import { ROOT } from '../helpers/bin.ts';

const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));

it.each(generatedFiles(version))('%s', async (path, text) => {
  await expect(text).toMatchFileSnapshot(join(ROOT, path));
});
