// What the next start says of a run that was killed is what is true: groups of queues of others are still outstanding, and only
// a rescue answers them.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { iopftop, type Line } from '../helpers/bin.ts';
import { type Owner, owners } from './owner.ts';
import { Running } from './running.ts';

const { start } = owners();
const directory = mkdtempSync(join(tmpdir(), 'iopftop-former-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let journals = 0;

/** It has read all of the groups, and is killed. */
async function killed(owner: Owner, groups: number, ...more: string[]): Promise<string> {
  const journal = join(directory, `journal-${journals++}`);
  const args = ['--headless', '--pid', String(owner.pid), '--stream', 'groups', '--journal', journal];
  const program = new Running([...args, ...more]);
  if (groups > 0) await program.message(({ type, group }) => type === 'group' && group === groups);
  else await program.message(({ type }) => type === 'snapshot');
  program.child.kill('SIGKILL');
  expect(await program.ended).toBe('SIGKILL');
  return journal;
}

async function said(journal: string): Promise<Line[]> {
  const next = await iopftop(['--headless', '--virtual-time', '--count', '1', '--journal', journal]);
  return next.lines.filter(({ type, what }) => type === 'notice' && what === 'unfinished');
}

it('queues that it had taken: the command that frees them, which does', async () => {
  const owner = await start('queue', 'fault 0 4');
  const journal = await killed(owner, 4, '--take');
  const [notice, ...others] = await said(journal);
  expect(others).toEqual([]);
  expect(notice?.text).toMatch(
    new RegExp(
      `^\`iopftop rescue --pid ${owner.pid}\` answers the groups that run [0-9a-f]+ \\(killed\\) had read from PID ${owner.pid} `,
    ),
  );
  expect(notice?.text).not.toContain('INVALID');
  expect(notice?.former).toMatchObject({ state: 'killed', queues: 'process', rescue: [owner.pid] });
  const { stdout } = await iopftop(['rescue', '--pid', String(owner.pid), '--yes', '--json', '--scan', '1000']);
  expect(JSON.parse(stdout).report.queues).toMatchObject([{ drained: 0, unseen: 4 }]);
  expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
});

it('queues that it only looked at', async () => {
  const owner = await start('queue', 'fault 0 4');
  const [notice] = await said(await killed(owner, 0));
  expect(notice?.text).toContain(`it had taken no queue of PID ${owner.pid}`);
  expect(notice?.former).toMatchObject({ state: 'killed', rescue: [] });
});

it('queues of a process that has ended since', async () => {
  const owner = await start('queue', 'fault 0 4');
  const journal = await killed(owner, 4, '--take');
  owner.signal('SIGKILL');
  await owner.end();
  const [notice] = await said(journal);
  expect(notice?.text).toContain(`PID ${owner.pid}, whose queues it had, has ended`);
  expect(notice?.former).toMatchObject({ rescue: [] });
});

it('a run that is still running, beside it', async () => {
  const owner = await start('queue');
  const journal = join(directory, 'running');
  const program = new Running(['--headless', '--pid', String(owner.pid), '--journal', journal]);
  await program.message(({ type }) => type === 'snapshot');
  const [notice] = await said(journal);
  expect(notice?.text).toContain(`is still running as PID ${program.child.pid}`);
  expect(notice?.former).toMatchObject({ state: 'running', rescue: [] });
  program.child.kill('SIGTERM');
  expect(await program.ended).toBe(143);
  expect(await said(journal)).toEqual([]);
});
