// The whole program as a process, of whose allocations in the kernel some fail at random (CONFIG_FAILSLAB). What fails is
// said, and it goes on: no group is lost, and it ends in order. Where Node itself cannot go on without memory, it is a program
// that was killed, and the next start says so. IOPFTOP_CRASHES=all: ten times as many rounds.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import type { Line } from '../helpers/bin.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { journalEntries } from '../helpers/journal.ts';
import { failAtRandom, letAllocationsFail } from './fail-nth.ts';
import { IOPFTOP, Program } from './program.ts';

/** As many runs must end in order. Where Node itself gets no memory a run ends by that, and another one takes its place. */
const ORDERED = process.env.IOPFTOP_CRASHES === 'all' ? 80 : 8;
const MOST_ROUNDS = 3 * ORDERED;
const COMMANDS = 60;
/** Of the allocations of the engine's thread, or of all threads: percent. */
const OF_ENGINE = [2, 10, 30] as const;
const OF_ALL = 1;
const POLL = 7;

/** V8 takes its heap at once: later few of the failures hit Node, which ends by them. */
const [NODE, ...ARGS] = [IOPFTOP[0], '--min-semi-space-size=32', '--max-semi-space-size=32', IOPFTOP[1]] as const;
/** How Node ends without memory; of its word about it not every write comes through. */
const NO_MEMORY = ['SIGTRAP', 'SIGILL', 'SIGABRT'];
/** By then the engine has practised a burst (warm-up.ts): its compiler would ask for memory while allocations fail. */
const PRACTISED_MS = 2_500;
const directory = mkdtempSync(join(tmpdir(), 'iopftop-failslab-'));
const journal = join(directory, 'journal');
let putBack: () => void;
beforeAll(() => {
  putBack = letAllocationsFail();
});
afterAll(() => {
  putBack();
  rmSync(directory, { recursive: true, force: true });
});

const all = (pid: number): string[] => readdirSync(`/proc/${pid}/task`).map((tid) => `/proc/${pid}/task/${tid}`);
/** The engine's thread: the one that waits in poll(2). */
const engineOf = (pid: number): string[] =>
  all(pid).filter((task) => readFileSync(`${task}/syscall`, 'utf8').startsWith(`${POLL} `));

/** What an operator does, one after the other, with numbers that are there and numbers that are not. */
function command(at: number, devIds: readonly number[]): object {
  const devId = devIds[at % devIds.length] as number;
  const kinds = [
    { cmd: 'trigger', devId, count: 1 + (at % 5) },
    { cmd: 'trigger', devId, count: 3, addr: '0x20000000' },
    { cmd: 'respond', group: 1 + at, code: 'success' },
    { cmd: 'respond', all: true, code: 'map' },
    { cmd: 'replace', devId, hwpt: 'new-paging' },
    { cmd: 'trigger', devId, count: 40 },
    { cmd: 'respond', devId, code: 'invalid' },
    { cmd: 'attach', devId, pasid: 1 + (at % 7), hwpt: 'new-paging' },
    { cmd: 'trigger', devId, pasid: 1 + (at % 7), count: 2 },
    { cmd: 'replace', devId, hwpt: 'new-nested' },
    { cmd: 'detach', devId, pasid: 1 + (at % 7) },
  ];
  return { id: `${at}`, ...(kinds[at % kinds.length] as object) };
}

/** Everything that it said, against each other. */
function check(program: Program, summary: Line): void {
  const { faults, groups, success, invalid, auto, pending } = summary.counters;
  expect(success + invalid + auto + pending).toBe(groups);
  expect(program.all('dropped')).toEqual([]);
  const read = program.all('fault');
  expect(read.map(({ seq }) => seq)).toEqual(read.map((_, at) => at + 1));
  expect(read.length).toBe(faults);
  expect(new Set(read.map(({ group }) => group)).size).toBe(groups);
  const answered = [
    ...program.all('answer').map(({ group }) => group),
    ...program.all('auto-responded').flatMap(({ groups: list }) => list as number[]),
  ];
  expect(new Set(answered).size).toBe(answered.length);
  expect(answered.length).toBe(success + invalid + auto);
  for (const { message } of program.all('error')) expect(message).not.toMatch(/\n|bug|undefined/);
}

/** Whether the round before had no end. */
let killed = false;
const ends = { failed: 0, ordered: 0, died: 0, groups: 0 };

async function round(number: number): Promise<void> {
  const program = new Program(NODE, [
    ...ARGS,
    ...`--headless --backend selftest --devices 2 --journal ${journal}`.split(' '),
  ]);
  const { devices } = await program.message(({ type }) => type === 'snapshot');
  const devIds = devices.map(({ devId }: { devId: number }) => devId);
  const pid = program.child.pid as number;
  const ofAll = number % 4 === 3;
  await setTimeout(PRACTISED_MS);
  const engine = await vi.waitUntil(() => engineOf(pid).find(Boolean), { timeout: 10_000, interval: 10 });
  const end = failAtRandom(
    ofAll ? OF_ALL : (OF_ENGINE[number % OF_ENGINE.length] as number),
    ofAll ? all(pid) : [engine],
  );
  try {
    for (let at = 0; at < COMMANDS; at++) program.say(JSON.stringify(command(at + number, devIds)));
    await program.message(({ id }) => id === `${COMMANDS - 1 + number}`).catch(() => undefined);
  } finally {
    ends.failed += end();
  }
  program.say('{"cmd":"respond","all":true,"code":"invalid","id":"last"}');
  program.say('{"cmd":"quit"}');
  program.hush();
  const code = await program.ended;
  const notices = program.all('notice').map(({ what }) => what);
  expect([number, notices.includes('unfinished')]).toEqual([number, killed]);
  killed = program.all('summary').length === 0;
  if (killed) {
    expect(NO_MEMORY).toContain(code);
    expect(program.stderr.all.join('\n')).not.toMatch(/a bug of iopftop/);
    ends.died++;
    return;
  }
  const summary = await program.summary();
  expect([number, code]).toEqual([number, 0]);
  for (const line of program.stderr.all) expect(line).toMatch(/^iopftop: \S/);
  check(program, summary);
  expect(journalEntries(journal).at(-1)).toMatchObject({ action: 'end' });
  ends.ordered++;
  ends.groups += summary.counters.groups;
}

it(`${ORDERED} runs of which allocations fail at random lose no group and end in order`, {
  timeout: MOST_ROUNDS * 12_000,
}, async () => {
  let rounds = 0;
  while (ends.ordered < ORDERED && rounds < MOST_ROUNDS) await round(rounds++);
  expect(ends.ordered).toBe(ORDERED);
  expect(ends.failed).toBeGreaterThan(rounds);
  tellFigure({
    topic: 'Allocation failures',
    what: 'runs of the whole program in which allocations failed at random',
    value: `${rounds}, ${thousands(ends.failed)} allocations: ${ends.ordered} ended in order with ${thousands(ends.groups)} groups, none lost; ${ends.died} ended by Node, out of memory`,
    repeat: 'npm run test:kernel -- test/lab-kernel/failslab.test.ts',
  });
});
