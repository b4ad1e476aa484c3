// Ends that nobody wants: what is left is a usable terminal, a journal of whole lines, and a word about what happened.
import { appendFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Journal } from '../../src/engine/journal/journal.ts';
import { iopftop, ROOT } from '../helpers/bin.ts';
import { tellFigure } from '../helpers/figures.ts';
import { journalEntries } from '../helpers/journal.ts';
import { entryProblem, messageProblem } from '../helpers/schema.ts';
import { OBEYED } from '../security/evil.ts';

const directory = mkdtempSync(join(tmpdir(), 'iopftop-crashes-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const at = (name: string): string => join(directory, name);

const run = (journal: string, ...more: string[]): string[] => ['--headless', '--journal', journal, ...more];

describe('a run that is killed', () => {
  const KILLED_AFTER = [1, 40, 4_000];

  it.each(KILLED_AFTER)('after %i bytes of output leaves whole lines, and the next one says so', async (bytes) => {
    const journal = at(`killed-${bytes}`);
    const args = run(journal, '--rate', '20', '--answer', 'success');
    const kill = (text: string, child: { kill(signal: 'SIGKILL'): boolean }) => {
      if (text.length >= bytes) child.kill('SIGKILL');
    };
    await iopftop(args, { onStdout: kill });
    const former = journalEntries(journal);
    expect(former[0]).toMatchObject({ action: 'start' });
    expect(former.at(-1)).not.toMatchObject({ action: 'end' });

    const next = await iopftop(run(journal, '--virtual-time', '--count', '3'));
    const said = next.lines.filter(({ type, what }) => type === 'notice' && what === 'unfinished');
    expect(said).toMatchObject([
      {
        text: expect.stringMatching(
          /^run [0-9a-f]{8} was killed: its devices were simulated, and ended with it; this journal has no end/,
        ),
        former: {
          run: former[0].run,
          state: 'killed',
          startedAt: former[0].startedAt,
          queues: 'simulated',
          rescue: [],
        },
      },
    ]);
    expect(journalEntries(journal)).toContainEqual(expect.objectContaining({ action: 'unfinished' }));

    expect(next.lines.map(messageProblem).filter((problem) => problem !== null)).toEqual([]);
    expect(
      journalEntries(journal)
        .map(entryProblem)
        .filter((problem) => problem !== null),
    ).toEqual([]);

    const third = await iopftop(run(journal, '--virtual-time', '--count', '3'));
    expect(third.lines.filter(({ type }) => type === 'notice')).toEqual([]);
    expect(journalEntries(journal).at(-1)).toMatchObject({ action: 'end' });
  });

  it('in the middle of a line is continued on one of its own', async () => {
    const journal = at('torn');
    writeFileSync(journal, '{"t":0,"action":"start","startedAt":"2020-01-01T00:00:00.000Z"}\n{"t":3.5,"action":"pol');
    const { lines } = await iopftop(run(journal, '--virtual-time', '--count', '3'));
    expect(lines.find(({ type }) => type === 'notice')).toMatchObject({ what: 'unfinished' });
    const text = readFileSync(journal, 'utf8').split('\n');
    expect(text[1]).toBe('{"t":3.5,"action":"pol');
    expect(JSON.parse(text[2] as string)).toMatchObject({ action: 'start' });
  });
});

describe('a journal', () => {
  it('whose disk is full at any byte continues at the start of a line when there is room', () => {
    const entry = { t: 1, action: 'policy', count: 3 } as const;
    const line = `${JSON.stringify(entry)}\n`;
    for (let room = 0; room <= line.length; room++) {
      let text = '';
      let left = room;
      const journal = new Journal('x', () => ({
        torn: false,
        before: { runs: [], more: 0, partly: null },
        append(bytes, from) {
          if (left < 1) throw Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
          const count = Math.min(left, bytes.length - from);
          text += Buffer.from(bytes.subarray(from, from + count)).toString();
          left -= count;
          return count;
        },
        close() {},
      }));
      journal.write(entry);
      left = Number.POSITIVE_INFINITY;
      journal.write(entry);
      journal.close();
      expect([room, text.endsWith(`\n${line}`) || text === line || text === line + line]).toEqual([room, true]);
      expect(journal.lost).toBe(room < line.length ? 1 : 0);
    }
    tellFigure({
      topic: 'Crashes and signals',
      what: 'places in a journal’s line at which the disk was full',
      value: `${line.length}, each continued with a whole line`,
      repeat: 'npm test -- test/crashes',
    });
  });

  it('is continued where it is torn, whoever tore it', () => {
    const path = at('by-hand');
    for (const torn of ['', 'x', '{"t"', 'whole\n']) {
      writeFileSync(path, torn);
      const journal = new Journal(path);
      journal.write({ t: 0, action: 'policy' });
      journal.close();
      appendFileSync(path, '');
      const lines = readFileSync(path, 'utf8').split('\n');
      expect(JSON.parse(lines.at(-2) as string)).toMatchObject({ action: 'policy' });
    }
  });
});

/** The environment in which the program throws there, and reports into `state`. */
const throwing = (where: string, state: string): NodeJS.ProcessEnv => ({
  ...process.env,
  XDG_CONFIG_HOME: '/nonexistent',
  XDG_STATE_HOME: state,
  IOPFTOP_TEST_THROW: where,
  NODE_OPTIONS: `--import=${ROOT}test/crashes/throw.mjs`,
});

describe('the engine', () => {
  const run = (where: string, state: string, ...args: string[]) => {
    const env = throwing(where, state);
    return iopftop(['--headless', '--virtual-time', ...args], { env, onStdout: () => {} });
  };

  it('in which a bug strikes says so, sums up, and has answered what was outstanding', async () => {
    const journal = at('engine-bug');
    const { code, lines } = await run('worker', at('state-engine'), '--journal', journal, '--on-exit', 'invalid');
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({ type: 'summary', reason: 'error' });
    const { groups, answered } = lines.at(-1).outstanding;
    expect(answered).toBe(groups);
    expect(lines.filter(({ kind }) => kind === 'bug')).toMatchObject([
      { message: expect.stringContaining('thrown by a test') },
    ]);
    expect(journalEntries(journal).at(-1)).toMatchObject({ action: 'end', reason: 'error' });
  });

  it('whose thread ends without a word is no orderly end', async () => {
    const { code, lines } = await run('exit', at('state-exit'));
    expect(code).toBe(1);
    expect(lines.at(-1)).toMatchObject({
      type: 'error',
      message: 'the engine failed: its thread ended early (exit code 0)',
    });
  });
});

describe('an exception that nobody catches', () => {
  it.each(['timer', 'rejection', 'message'])(
    'thrown in the front end (%s): one sentence, a report, exit code 1',
    async (where) => {
      const state = at(`state-${where}`);
      const env = throwing(where, state);
      const { code, stderr } = await iopftop(['--headless'], { env, onStdout: () => {} });
      expect(code).toBe(1);
      expect(stderr).toMatch(/^iopftop: crashed: thrown by a test<U\+001B>\[2J\. The kernel answers INVALID/m);
      expect(stderr).not.toMatch(/^ {4}at /m);
      const [report = ''] = readdirSync(join(state, 'iopftop'));
      expect(stderr).toContain(report);
      const path = join(state, 'iopftop', report);
      expect(statSync(path).mode & 0o777).toBe(0o600);
      const text = readFileSync(path, 'utf8');
      expect(text).toMatch(/^iopftop .*\nError: thrown by a test/);
      expect(text).not.toMatch(OBEYED);
    },
  );
});
