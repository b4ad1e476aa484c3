// A rescue that is broken off in the middle: the owner always goes on.
import { describe, expect, it } from 'vitest';
import { iopftop } from '../helpers/bin.ts';
import { type Owner, owners } from './owner.ts';
import { Running } from './running.ts';

const { start } = owners();

/** So many cookies to try that it does not come to its end by itself. */
const LONG = ['--scan', '16000000'];

/** A rescue that has stopped the owner and is trying cookies. */
async function begun(owner: Owner): Promise<Running> {
  const program = new Running(['rescue', '--pid', String(owner.pid), '--yes', '--json', ...LONG]);
  await program.stderr.find((line) => line.endsWith('stopped (SIGSTOP)'));
  expect(owner.states()).toEqual(['T', 'T']);
  return program;
}

const hung = (): Promise<Owner> => start('queue', 'fault 0 50', 'read 0 20', 'thread sleep');

describe('a rescue that is broken off', () => {
  for (const [signal, code] of [
    ['SIGINT', 130],
    ['SIGTERM', 143],
    ['SIGHUP', 129],
  ] as const) {
    it(`by ${signal}`, async () => {
      const owner = await hung();
      const program = await begun(owner);
      program.child.kill(signal);
      expect(await program.ended).toBe(code);
      expect(owner.states()).not.toContain('T');
      expect(program.stderr.all.join('\n')).toMatch(/resumed \(SIGCONT\)\n.*interrupted/);
      // Its queue is its own again, and nothing that was read here is left outstanding.
      expect(await owner.tell('fault 0 2')).toEqual({ faults: 2 });
      expect(await owner.tell('read 0 0')).toEqual({ read: 2 });
    });
  }

  it('by SIGKILL: the next start lets the owner go on, and says so', async () => {
    const owner = await hung();
    const program = await begun(owner);
    program.child.kill('SIGKILL');
    expect(await program.ended).toBe('SIGKILL');
    expect(owner.states()).toEqual(['T', 'T']);
    const dry = await iopftop(['rescue', '--pid', String(owner.pid), '--dry-run', '--json']);
    expect(dry.lines[0].owner.state).toBe('T');
    const next = new Running(['--headless', '--pid', String(owner.pid), '--duration', '1ms']);
    expect(await next.notice('recovered')).toMatchObject({ pid: owner.pid });
    expect(await next.ended).toBe(0);
    expect(owner.states()).not.toContain('T');
  });

  it('by the end of the owner', async () => {
    const owner = await hung();
    const program = await begun(owner);
    owner.signal('SIGKILL');
    expect(await program.ended).toBe(1);
    const [result] = program.stdout.all.map((line) => JSON.parse(line));
    expect(result.report).toMatchObject({ stopped: true, resumed: false, queues: [{ drained: 30 }] });
    expect(result.report.queues[0].error).toMatch(/ended or closed the queue/);
    expect(program.stderr.all.join('\n')).toContain(`PID ${owner.pid} has ended`);
  });
});

describe('in a headless run', () => {
  it('a process that was stopped goes on at the end of input', async () => {
    const owner = await hung();
    const program = new Running(['--headless', '--pid', String(owner.pid)]);
    program.tell({ cmd: 'stop' });
    await program.notice('stopped');
    expect(owner.states()).toEqual(['T', 'T']);
    program.child.stdin?.end();
    expect(await program.ended).toBe(0);
    expect(owner.states()).not.toContain('T');
  });
});
