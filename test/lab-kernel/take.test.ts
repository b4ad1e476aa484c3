// Taking the queues of a real process over.
import { describe, expect, it } from 'vitest';
import { iopftop, type Ran } from '../helpers/bin.ts';
import { owners } from './owner.ts';
import { Running } from './running.ts';

const { start } = owners();

const take = (pid: number, ...more: string[]): Promise<Ran> =>
  iopftop(['--headless', '--pid', String(pid), '--take', ...more]);

const summaryOf = ({ lines }: Ran) => lines.at(-1);

describe('what is read here', () => {
  it('the owner never sees: it was answered by the rules', async () => {
    const owner = await start('queue', 'fault 0 40', 'read 0 10');
    const ran = await take(owner.pid, '--answer', 'success', '--count', '30');
    expect(ran.code).toBe(0);
    expect(summaryOf(ran).counters).toMatchObject({ groups: 30, success: 30, unseen: 0, auto: 0 });
    expect(await owner.tell('read 0 0')).toEqual({ read: 0 });
    // What it had read before is its own still.
    expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 10, refused: 0, held: 0 });
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });

  it('and held is answered INVALID at the end: nobody else could', async () => {
    const owner = await start('queue', 'fault 0 12');
    const ran = await take(owner.pid, '--count', '12');
    expect(ran.code).toBe(0);
    expect(summaryOf(ran).outstanding).toEqual({ groups: 12, plan: 'invalid', answered: 12 });
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });

  it('comes from each open file once, however many descriptors it has', async () => {
    const owner = await start('queue', 'queue', 'dup 0', 'fault 0 3', 'fault 1 4');
    const ran = await take(owner.pid, '--answer', 'invalid', '--count', '7');
    expect(summaryOf(ran).counters).toMatchObject({ groups: 7, invalid: 7, auto: 0 });
    const snapshot = ran.lines.find(({ type }) => type === 'snapshot');
    expect(snapshot.owner.queues.map((q: { queue: number; others: number[] }) => [q.queue, q.others.length])).toEqual([
      [0, 1],
      [1, 0],
    ]);
  });
});

describe('a queue that is taken', () => {
  it('is let go when its owner ends, and the run ends', async () => {
    const owner = await start('queue', 'fault 0 5');
    const program = new Running(['--headless', '--pid', String(owner.pid), '--take', '--stream', 'groups']);
    await program.message(({ type, group }) => type === 'group' && group === 5);
    owner.signal('SIGKILL');
    await program.notice('owner-ended');
    expect(await program.notice('queue-closed')).toMatchObject({ queue: 0 });
    expect(await program.ended).toBe(0);
    const summary = await program.message(({ type }) => type === 'summary');
    expect(summary).toMatchObject({ reason: 'owner-ended', counters: { groups: 5, invalid: 5, pending: 0 } });
  });

  it('is let go when its owner closes it', async () => {
    const owner = await start('queue', 'fault 0 5');
    const program = new Running(['--headless', '--pid', String(owner.pid), '--take', '--stream', 'groups']);
    const taken = await program.notice('taken');
    await program.message(({ type, group }) => type === 'group' && group === 5);
    const fd = /descriptor (\d+)/.exec(taken.text)?.[1];
    await owner.tell(`close ${fd}`);
    expect(await program.notice('queue-closed')).toMatchObject({ queue: 0 });
    program.child.kill('SIGINT');
    expect(await program.ended).toBe(130);
  });

  it('may be one that the owner opens later', async () => {
    const owner = await start('queue');
    const program = new Running(['--headless', '--pid', String(owner.pid), '--take', '--answer', 'invalid']);
    await program.stderr.find((line) =>
      line.endsWith(`PID ${owner.pid} never sees what iopftop reads from now on; it cannot be given back.`),
    );
    await program.notice('taken');
    await owner.tell('queue');
    expect(await program.message(({ what, queue }) => what === 'taken' && queue === 1)).toBeTruthy();
    await owner.tell('fault 1 3');
    expect(await program.message(({ type, queue }) => type === 'fault' && queue === 1)).toBeTruthy();
    program.tell({ cmd: 'quit' });
    expect(await program.ended).toBe(0);
    expect(await owner.tell('probe 1 10')).toEqual({ outstanding: 0 });
  });

  it('leaves what it had read outstanding when iopftop is killed, and a rescue frees that', async () => {
    const owner = await start('queue', 'fault 0 12', 'read 0 2');
    const program = new Running(['--headless', '--pid', String(owner.pid), '--take', '--stream', 'groups']);
    await program.message(({ type, group }) => type === 'group' && group === 10);
    program.child.kill('SIGKILL');
    expect(await program.ended).toBe('SIGKILL');
    expect(await owner.tell('waiting 0')).toEqual({ waiting: false });
    const { lines } = await iopftop(['rescue', '--pid', String(owner.pid), '--yes', '--json', '--scan', '100']);
    expect(lines[0].report.queues).toMatchObject([{ drained: 0, unseen: 12, error: null }]);
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });

  it('can be taken while the run goes on, and groups are answered by command', async () => {
    const owner = await start('queue', 'fault 0 2');
    const program = new Running(['--headless', '--pid', String(owner.pid), '--stream', 'groups']);
    program.tell({ cmd: 'take', id: 1 });
    expect(await program.message(({ id }) => id === 1)).toMatchObject({ type: 'done', count: 1 });
    await program.message(({ type, group }) => type === 'group' && group === 2);
    program.tell({ cmd: 'respond', id: 2, group: 1, code: 'success' });
    expect(await program.message(({ id }) => id === 2)).toMatchObject({ type: 'done', count: 1 });
    program.tell({ cmd: 'respond', id: 3, group: 2, code: 'map' });
    expect(await program.message(({ id }) => id === 3)).toMatchObject({ type: 'error', kind: 'refused' });
    for (const cmd of ['detach', 'replace', 'attach', 'trigger']) {
      const devId = 3;
      program.tell(
        cmd === 'detach' || cmd === 'trigger' ? { cmd, id: cmd, devId } : { cmd, id: cmd, devId, hwpt: 'new-paging' },
      );
      expect(await program.message(({ id }) => id === cmd)).toMatchObject({ type: 'error', kind: 'refused' });
    }
    program.child.stdin?.end();
    expect(await program.ended).toBe(0);
    expect(await owner.tell('probe 0 100')).toEqual({ outstanding: 0 });
  });
});
