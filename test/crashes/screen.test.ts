// An exception while the screen is up: the terminal is as it was, and the last line says what happened.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { TestTerminal } from '../e2e/terminal.ts';
import { ROOT } from '../helpers/bin.ts';

const state = mkdtempSync(join(tmpdir(), 'iopftop-crash-screen-'));
afterAll(() => rmSync(state, { recursive: true, force: true }));

describe('an exception while the screen is up', () => {
  it.each(['timer', 'rejection', 'worker'])('(%s) gives the terminal back and says so', async (where) => {
    const env = `XDG_STATE_HOME=${state} IOPFTOP_TEST_THROW=${where} NODE_OPTIONS=--import=${ROOT}test/crashes/throw.mjs`;
    const terminal = new TestTerminal(`${env} ${process.execPath} bin/iopftop --scenario stuck`);
    expect(await terminal.exitCode()).toBe(1);
    expect(terminal.restored()).toBe(true);
    expect(terminal.text()).toMatch(/thrown by a test/);
    expect(terminal.raw).not.toMatch(/^ {4}at /m);
  });
});
