// Looking at a real process steals nothing; what cannot be looked at is said.
import { spawn } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { BIN, iopftop, type Ran, run } from '../helpers/bin.ts';
import { owners } from './owner.ts';
import { Running } from './running.ts';

const { start } = owners();

const look = (pid: number, ...more: string[]): Promise<Ran> =>
  iopftop(['--pid', String(pid), '--once', '--json', ...more]);

describe('looking', () => {
  it('sees who does not read, and takes nothing from them', async () => {
    const owner = await start('queue', 'queue', 'fault 0 50', 'read 0 20', 'thread sleep');
    const ran = await look(owner.pid);
    expect(ran.code).toBe(0);
    const { owner: row, queues, counters } = ran.lines[0];
    expect(row).toMatchObject({ pid: owner.pid, comm: 'owner', uid: 0, state: 'S', threads: 2, stopped: false });
    expect(row).toMatchObject({ taken: false, devices: [], unread: [] });
    expect(row.iommufds).toHaveLength(1);
    expect(row.command).toMatch(/owner queue queue fault 0 50/);
    const [unread, empty] = row.queues;
    expect(unread).toMatchObject({ readable: true, queue: null });
    expect(unread.looks).toBeGreaterThan(1);
    expect(unread.readableLooks).toBe(unread.looks);
    expect(unread.readableNs).toBeGreaterThan(0);
    expect(empty).toMatchObject({ readable: false, readableNs: null, readableLooks: 0 });
    expect(queues).toEqual([]);
    expect(counters.groups).toBe(0);
    expect(await owner.tell('read 0 0')).toEqual({ read: 30 });
    expect(await owner.tell('answer-all 0 0')).toEqual({ taken: 50, refused: 0, held: 0 });
  });

  it('is a table for people', async () => {
    const owner = await start('queue', 'fault 0 1');
    const { stdout } = await iopftop(['--pid', String(owner.pid), '--once', '--duration', '100ms']);
    expect(stdout).toMatch(/OWNER\n {2}PID \d+ owner, uid 0: sleeping/);
    expect(stdout).toMatch(/ITS FAULT QUEUES\n.*UNREAD.*\n +\d+ +- +yes/);
  });

  it('finds queues that are opened and closed later', async () => {
    const owner = await start('queue');
    const program = new Running(['--headless', '--pid', String(owner.pid)]);
    await program.message(({ type }) => type === 'snapshot');
    const { fd } = await owner.tell('queue');
    expect((await program.notice('queue-opened')).text).toContain(`descriptor ${fd};`);
    await owner.tell(`close ${fd}`);
    expect((await program.notice('queue-closed')).text).toContain(`descriptor ${fd}`);
    owner.signal('SIGKILL');
    expect(await program.ended).toBe(0);
    expect(await program.message(({ type }) => type === 'summary')).toMatchObject({ reason: 'owner-ended' });
  });
});

describe('what cannot be looked at', () => {
  const refused = async (pid: number): Promise<string> => {
    const { code, stderr, stdout } = await look(pid);
    expect(code).toBe(1);
    expect(stdout).toBe('');
    return stderr;
  };

  it('a PID that is not there', async () => {
    expect(await refused(4_000_000)).toBe(
      'iopftop: there is no process 4000000: see `ps -e`; inside a container a process has another PID\n',
    );
  });

  it('a thread of the kernel', async () => {
    expect(await refused(2)).toContain('process 2 is a kernel thread');
  });

  it('a thread of a process', async () => {
    const owner = await start('queue', 'thread sleep');
    const tid = readdirSync(`/proc/${owner.pid}/task`)
      .map(Number)
      .find((id) => id !== owner.pid) as number;
    expect(await refused(tid)).toContain(`${tid} is a thread of process ${owner.pid}: give --pid ${owner.pid}`);
  });

  it('a process without a fault queue', async () => {
    const child = spawn('sleep', ['1000'], { stdio: 'ignore' });
    expect(await refused(child.pid as number)).toMatch(/has no fault queue .* 3 descriptors, among them no iommufd/);
    child.kill('SIGKILL');
  });

  it('a process that has ended and was not reaped', async () => {
    const owner = await start('queue');
    const { child } = await owner.tell('child');
    const zombie = Number(child);
    process.kill(zombie, 'SIGKILL');
    while (!/ Z /.test(readFileSync(`/proc/${zombie}/stat`, 'latin1'))) await setImmediate();
    expect(await refused(zombie)).toContain('a zombie');
  });

  it('a process of somebody else', async () => {
    const owner = await start('queue');
    const args = ['--reuid', '65534', '--regid', '65534', '--clear-groups', process.execPath, BIN, '--config', 'none'];
    for (const what of [['--once'], ['--once', '--take'], ['--headless', '--take']]) {
      const { code, stderr } = await run('setpriv', [...args, '--pid', String(owner.pid), ...what]);
      expect(code).toBe(1);
      expect(stderr).toMatch(/EACCES: it runs as uid 0 and iopftop as uid 65534: run iopftop as root/);
    }
    expect(owner.states()).not.toContain('T');
  });
});
