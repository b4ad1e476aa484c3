import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { CASES, FILES, needs, shell } from './fixture.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-bash-'));
for (const file of FILES) writeFileSync(join(directory, file), '');
afterAll(() => rmSync(directory, { recursive: true }));

/** As readline calls it: words split at spaces and at =, the last one under the cursor. */
const SCRIPT = `
source "$COMPLETION"
[[ $(complete -p iopftop) == 'complete -F _iopftop iopftop' ]] || exit 1
COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
_iopftop
printf '%s\\n' "\${COMPREPLY[@]}"
`;

describe('bash completes', () => {
  it.for(CASES)('%s', ([line, words], ctx) => {
    needs('bash', ctx);
    const split = line.split(/ |(=)/).filter((word) => word !== undefined);
    const out = shell('bash', ['--norc', '-c', SCRIPT, 'bash', ...split], 'iopftop.bash', directory);
    expect(out.split('\n').filter(Boolean).sort()).toEqual([...words].sort());
  });
});
