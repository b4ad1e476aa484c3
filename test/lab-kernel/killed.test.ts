// The program killed and stopped on the running kernel's selftest devices. Without PASIDs: of a selftest device whose owner is
// killed they stay attached, which this kernel does not bear (docs/kernel.md).
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { tellFigure } from '../helpers/figures.ts';
import { journalEntries } from '../helpers/journal.ts';
import { IOPFTOP, Program } from './program.ts';

const [NODE, BIN] = IOPFTOP;
const directory = mkdtempSync(join(tmpdir(), 'iopftop-killed-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const journal = join(directory, 'journal');

/** On one selftest device, with three groups pending. */
async function withPending(...more: string[]): Promise<Program> {
  const program = new Program(NODE, [BIN, '--headless', '--backend', 'selftest', '--journal', journal, ...more]);
  const { devices } = await program.message(({ type }) => type === 'snapshot');
  program.say(JSON.stringify({ cmd: 'trigger', devId: devices[0].devId, count: 3 }));
  await program.message(({ type, group }) => type === 'fault' && group === 3);
  return program;
}

const entries = () => journalEntries(journal);

describe('a program on selftest devices', () => {
  it('that is killed leaves a journal of whole lines and free devices, and the next start says so', async () => {
    const killed = await withPending();
    killed.child.kill('SIGKILL');
    expect(await killed.ended).toBe('SIGKILL');
    expect(entries().at(-1)).not.toMatchObject({ action: 'end' });

    const next = await withPending();
    expect(next.all('notice')).toMatchObject([{ what: 'unfinished' }]);
    next.say('{"cmd":"respond","all":true,"code":"invalid"}');
    await next.message(({ type, cmd, count }) => type === 'done' && cmd === 'respond' && count === 3);
    next.hush();
    expect(await next.ended).toBe(0);
    expect(entries().at(-1)).toMatchObject({ action: 'end', outstanding: 0 });
  });

  it('that is stopped goes on where it was', async () => {
    const program = await withPending();
    program.child.kill('SIGSTOP');
    program.say('{"cmd":"respond","all":true,"code":"success"}');
    program.child.kill('SIGCONT');
    await program.message(({ type, cmd, count }) => type === 'done' && cmd === 'respond' && count === 3);
    program.hush();
    expect(await program.ended).toBe(0);
  });

  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('that gets %s answers what is outstanding by its exit plan', async (signal, code) => {
    const program = await withPending('--on-exit', 'success');
    program.child.kill(signal);
    expect(await program.ended).toBe(code);
    expect(await program.summary()).toMatchObject({ outstanding: { groups: 3, plan: 'success', answered: 3 } });
    expect(entries().at(-1)).toMatchObject({ action: 'end', signal, outstanding: 3, answered: 3 });
  });

  it('tells how many ends there were', () => {
    tellFigure({
      topic: 'Crashes and signals',
      what: 'a program on selftest devices killed, stopped and sent signals',
      value: 'SIGKILL, SIGSTOP and SIGCONT, SIGHUP, SIGINT, SIGTERM: nothing was left attached or unanswered',
      repeat: 'npm run test:kernel -- test/lab-kernel/killed.test.ts',
    });
  });
});
