import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, FILES, needs, shell } from './fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-fish-'));
for (const file of FILES) writeFileSync(join(directory, file), '');
afterAll(() => rmSync(directory, { recursive: true }));

describe('fish completes', () => {
  it.for(CASES)('%s', ([line, words], ctx) => {
    needs('fish', ctx);
    const script = 'source $COMPLETION; complete -C $argv[1]';
    const out = shell('fish', ['--no-config', '-c', script, line], 'iopftop.fish', directory);
    // a completion, a tab, its description; --name=value is completed as a whole
    const completed = out
      .split('\n')
      .filter(Boolean)
      .map((l) => l.split('\t')[0]!.replace(/^--\w+=/, ''));
    expect(completed.sort()).toEqual([...words].sort());
  });
});
