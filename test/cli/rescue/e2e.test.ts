// `iopftop rescue` where nobody can be asked: what it would be asked for in vain is said first.
import { beforeAll, expect, it } from 'vitest';
import { iopftop } from '../../helpers/bin.ts';

beforeAll(() => iopftop(['--version']));

/** PID_MAX_LIMIT of a 64-bit kernel: no process has it. */
const NOBODY = String(4 * 1024 * 1024);

it.each([[[]], [['--yes']], [['--dry-run']], [['--code', 'success']]])('no such process: %j', async (more) => {
  const { code, stdout, stderr } = await iopftop(['rescue', '--pid', NOBODY, ...more]);
  expect([code, stdout]).toEqual([1, '']);
  expect(stderr).toMatch(/^iopftop: there is no process 4194304: /);
});

it('a process without queues is said to have none', async () => {
  const { code, stderr } = await iopftop(['rescue', '--pid', String(process.pid)]);
  expect(code).toBe(1);
  expect(stderr).not.toContain('--yes');
});
