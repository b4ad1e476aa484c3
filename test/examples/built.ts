// The C examples, built as their Makefile does.
import { execFileSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../helpers/bin.ts';
import { headers } from '../uapi/judge.ts';

export const EXAMPLES = ['handover-client', 'handover-server', 'exec-driver', 'inherit'] as const;
export type Example = (typeof EXAMPLES)[number];

export interface Built {
  path(name: Example): string;
  remove(): void;
}

/** Why they cannot be built here; null: they can. */
export function missing(): string | null {
  const found = headers();
  return 'missing' in found ? found.missing : null;
}

/** Throws with the compiler's words. */
export function build(): Built {
  const found = headers();
  if ('missing' in found) throw new Error(found.missing);
  const directory = mkdtempSync(join(tmpdir(), 'iopftop-examples-'));
  // Other users run them too.
  chmodSync(directory, 0o755);
  const variables = [`OUT=${directory}`, `HEADERS=${join(found.include, 'include')}`];
  execFileSync('make', ['-s', '-C', join(ROOT, 'examples'), ...variables], { stdio: ['ignore', 'ignore', 'pipe'] });
  return {
    path: (name) => join(directory, name),
    remove: () => rmSync(directory, { recursive: true }),
  };
}
