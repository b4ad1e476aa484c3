// `iopftop rescue` of a real process, counted to the last group.
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { iopftop, parseLines, type Ran } from '../helpers/bin.ts';
import { rescueProblem } from '../helpers/schema.ts';
import { owners } from './owner.ts';

const { start } = owners();

/** Fewer cookies than the default, which takes a second. */
const SCAN = ['--scan', '1000'];

async function rescue(pid: number, ...more: string[]): Promise<Ran> {
  const ran = await iopftop(['rescue', '--pid', String(pid), '--yes', '--json', ...SCAN, ...more]);
  expect(ran.lines.map(rescueProblem)).toEqual([null]);
  return ran;
}

/** What waited and what was unseen, queue by queue. */
const counted = ({ lines }: Ran): [number, number, string | null][] =>
  lines[0].report.queues.map((q: { drained: number; unseen: number; error: string | null }) => [
    q.drained,
    q.unseen,
    q.error,
  ]);

interface Variant {
  name: string;
  commands: string[];
  /** Waited, unseen: of each queue. */
  queues: [number, number][];
  /** Cookies that the owner still believes to be its, of queue 0. */
  held: number;
}

const VARIANTS: Variant[] = [
  { name: 'never reads', commands: ['queue', 'fault 0 50'], queues: [[50, 0]], held: 0 },
  { name: 'reads all and answers none', commands: ['queue', 'fault 0 50', 'read 0 0'], queues: [[0, 50]], held: 50 },
  { name: 'reads some', commands: ['queue', 'fault 0 50', 'read 0 20'], queues: [[30, 20]], held: 20 },
  {
    name: 'has answered every second one',
    commands: ['queue', 'fault 0 50', 'read 0 40', 'answer-odd 0 1'],
    queues: [[10, 20]],
    held: 20,
  },
  {
    name: 'has answered all but the last one',
    commands: ['queue', 'fault 0 3', 'read 0 0', 'answer 0 1 1', 'answer 0 2 1'],
    queues: [[0, 1]],
    held: 1,
  },
  {
    name: 'has several queues',
    commands: ['queue', 'queue', 'queue', 'fault 0 5', 'read 0 2', 'fault 2 7', 'read 2 7'],
    queues: [
      [3, 2],
      [0, 0],
      [0, 7],
    ],
    held: 2,
  },
  {
    name: 'has threads, one of them in a loop',
    commands: ['queue', 'fault 0 9', 'read 0 4', 'thread busy', 'thread sleep', 'thread sleep'],
    queues: [[5, 4]],
    held: 4,
  },
  {
    name: 'has its queue twice',
    commands: ['queue', 'fault 0 9', 'read 0 4', 'dup 0', 'dup 0'],
    queues: [[5, 4]],
    held: 4,
  },
  {
    name: 'has a child that inherited it',
    commands: ['queue', 'fault 0 9', 'read 0 4', 'child'],
    queues: [[5, 4]],
    held: 4,
  },
];

describe('a process that', () => {
  for (const { name, commands, queues, held } of VARIANTS) {
    it(name, async () => {
      const owner = await start(...commands);
      const ran = await rescue(owner.pid);
      expect(ran.stderr).toContain('resumed (SIGCONT)');
      expect(ran.code).toBe(0);
      expect(counted(ran)).toEqual(queues.map(([drained, unseen]) => [drained, unseen, null]));
      for (const [queue] of queues.entries()) {
        expect(await owner.tell(`waiting ${queue}`)).toEqual({ waiting: false });
        expect(await owner.tell(`probe ${queue} 200`)).toEqual({ outstanding: 0 });
      }
      // It answers late, with the cookies that it had: the kernel refuses each.
      expect(await owner.tell('answer-all 0 0')).toEqual({ taken: 0, refused: held, held: 0 });
      expect(owner.states()).not.toContain('T');
    });
  }

  it('has 60,000 groups waiting and has read 10,000', async () => {
    const owner = await start('queue', 'fault 0 70000', 'read 0 10000');
    const ran = await rescue(owner.pid);
    expect(counted(ran)).toEqual([[60_000, 10_000, null]]);
    expect(ran.lines[0].report.queues[0].scanned).toBe(71_000);
    expect(await owner.tell('probe 0 71000')).toEqual({ outstanding: 0 });
  });

  it('answers late, when its cookies are those of new groups: the kernel cannot tell', async () => {
    const owner = await start('queue', 'fault 0 3', 'read 0 0');
    expect(counted(await rescue(owner.pid))).toEqual([[0, 3, null]]);
    await owner.tell('fault 0 2');
    await owner.tell('read 0 0');
    // Cookies 1 to 3 of the old groups, then 1 and 2 of the new ones, which the old answers have taken.
    expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 2, refused: 3, held: 0 });
  });
});

describe('the rescue', () => {
  it('with nothing to answer says so, with an exit code of its own', async () => {
    const owner = await start('queue');
    const ran = await iopftop(['rescue', '--pid', String(owner.pid), '--yes']);
    expect(ran.code).toBe(6);
    expect(ran.stdout).toMatch(/nothing to answer[\s\S]* 65536 /);
  });

  it('answers SUCCESS where that is said twice', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2');
    const ran = await rescue(owner.pid, '--code', 'success', '--unseen-success');
    expect(ran.lines[0].report).toMatchObject({ code: 'success' });
    expect(counted(ran)).toEqual([[3, 2, null]]);
  });

  it('leaves the process stopped where that is asked', async () => {
    const owner = await start('queue', 'fault 0 5', 'thread sleep');
    const ran = await rescue(owner.pid, '--leave-stopped');
    expect(ran.lines[0].report).toMatchObject({ stopped: true, resumed: false });
    expect(owner.states()).toEqual(['T', 'T']);
    owner.signal('SIGCONT');
    expect(await owner.tell('waiting 0')).toEqual({ waiting: false });
  });

  it('does not stop the process where that is asked', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2');
    const ran = await rescue(owner.pid, '--no-stop');
    expect(ran.lines[0].report).toMatchObject({ stopped: false, resumed: false });
    expect(counted(ran)).toEqual([[3, 2, null]]);
  });

  it('of a process that stood still already leaves it so', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2');
    owner.signal('SIGSTOP');
    const ran = await rescue(owner.pid);
    expect(ran.lines[0].report).toMatchObject({ stopped: false, resumed: false });
    expect(counted(ran)).toEqual([[3, 2, null]]);
    expect(owner.states()).toEqual(['T']);
  });

  it('refuses a process of which a thread cannot be stopped, and resumes it', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2', 'thread sleep', 'vfork');
    const ran = await rescue(owner.pid);
    expect(ran.code).toBe(1);
    expect(ran.lines[0]).toMatchObject({
      report: null,
      error: { message: expect.stringMatching(/could not be stopped.*\(D/) },
    });
    expect(owner.states().sort()).toEqual(['D', 'S']);
    expect(counted(await rescue(owner.pid, '--no-stop'))).toEqual([[3, 2, null]]);
  });

  it('in a dry run says what it would do, and does nothing', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2');
    const ran = await iopftop(['rescue', '--pid', String(owner.pid), '--dry-run']);
    expect(ran.code).toBe(0);
    expect(ran.stdout).toMatch(/WHAT A RESCUE DOES[\s\S]*WHAT IT RISKS/);
    expect(await owner.tell('answer-all 0 1')).toEqual({ taken: 2, refused: 0, held: 0 });
    expect(await owner.tell('read 0 0')).toEqual({ read: 3 });
  });

  it('writes every step into the journal', async () => {
    const owner = await start('queue', 'fault 0 5', 'read 0 2');
    const journal = join(mkdtempSync(join(tmpdir(), 'iopftop-journal-')), 'journal.ndjson');
    await rescue(owner.pid, '--journal', journal);
    const entries = parseLines(readFileSync(journal, 'utf8'));
    const steps = ['start', 'taken', 'stopped', 'answer', 'queue-closed', 'continued', 'rescued', 'end'];
    expect(entries.map(({ action }) => action)).toEqual(steps);
    expect(entries[6]).toMatchObject({ pid: owner.pid, rescue: { queues: [{ drained: 3, unseen: 2 }] } });
  });
});
