// What files of tests begin with that run the C examples in the lab.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import { type Built, build } from '../examples/built.ts';
import { iopftop } from '../helpers/bin.ts';

export interface LabExamples {
  /** Of an example that is built. */
  path(name: Parameters<Built['path']>[0]): string;
  /** Empty, one for each test. */
  readonly directory: string;
}

/** Registers what builds them and removes them; outside the lab every test of the file is skipped, and says so. */
export function labExamples(): LabExamples {
  let built: Built | undefined;
  let directory = '';
  beforeAll(async () => {
    if (process.env.IOPFTOP_KERNEL !== 'linux') return;
    built = build();
    // Bundled before anybody waits for it.
    await iopftop(['--version']);
  }, 60_000);
  afterAll(() => built?.remove());
  beforeEach((ctx) => {
    if (process.env.IOPFTOP_KERNEL !== 'linux') ctx.skip('this is for the lab: npm run test:kernel');
    directory = mkdtempSync(join(tmpdir(), 'iopftop-examples-'));
  });
  afterEach(() => {
    if (directory) rmSync(directory, { recursive: true });
    directory = '';
  });
  return {
    path: (name) => (built as Built).path(name),
    get directory() {
      return directory;
    },
  };
}
