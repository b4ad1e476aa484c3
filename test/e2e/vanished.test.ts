// The line drops: the exit plan is followed (see terminal-state.test.ts), and Node must not abort over modes that nobody
// can give back any more.
import { execFileSync } from 'node:child_process';
import { createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { bundledHarness } from './bundle.ts';
import { TestTerminal } from './terminal.ts';

const folder = mkdtempSync(join(tmpdir(), 'iopftop-vanished-'));
const fifo = join(folder, 'stderr');
const harness = bundledHarness();
beforeAll(() => void execFileSync('mkfifo', [fifo]));
afterAll(() => rmSync(folder, { recursive: true }));

it('ends without a stack trace', async () => {
  const said = text(createReadStream(fifo));
  const terminal = new TestTerminal(`${harness.command} some 2>${fifo}`);
  await terminal.until('▶');
  terminal.vanish();
  // to its end: the program is gone by then
  expect(await said).toBe('iopftop: 5 groups left to the kernel, which answers INVALID\n');
});
