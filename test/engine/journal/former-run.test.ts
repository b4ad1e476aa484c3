// What a journal says of the runs before: which have no end, what they had, and what is said of it.
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { type FormerRun, formerRuns } from '../../../src/engine/journal/former-run.ts';
import { unfinishedText } from '../../../src/engine/journal/former-words.ts';
import { oneLine } from '../../../src/text/one-line.ts';

const PROCESS = { pid: 77, startTime: 5, bootId: 'b', pidNamespace: 'pid:[1]' };
const line = (entry: object): string => `${JSON.stringify(entry)}\n`;
const START = { action: 'start', startedAt: 'S', queues: 'own', target: 'selftest' };
const start = (run: string, more: object = {}): string => line({ t: 0, run, ...START, ...more });
const at = (t: number, run: string, action: string, more: object = {}): string => line({ t, run, action, ...more });
const found = (journal: string) => formerRuns(journal).map(({ run, startedAt, lastT }) => [run, startedAt, lastT]);

describe('which runs have no end', () => {
  it.each<[string, string, unknown[]]>([
    ['none, where there is none', '', []],
    ['none, where it ended', start('a') + at(1, 'a', 'end'), []],
    ['one that was killed', start('a') + at(1, 'a', 'policy'), [['a', 'S', 1]]],
    ['its last whole entry', `${start('a')}${at(1, 'a', 'answer')}{"t":2,"run":"a","ac`, [['a', 'S', 1]]],
    [
      'one beside another that ended',
      start('a') + start('b') + at(1, 'a', 'answer') + at(2, 'b', 'end'),
      [['a', 'S', 1]],
    ],
    ['one that was silent while others ended', start('a') + start('b') + at(2, 'b', 'end'), [['a', 'S', 0]]],
    [
      'several, the newest first',
      start('a') + start('b') + at(3, 'b', 'answer'),
      [
        ['b', 'S', 3],
        ['a', 'S', 0],
      ],
    ],
    ['one whose start was rotated away', at(7, 'a', 'answer') + start('b') + at(1, 'b', 'end'), [['a', null, 7]]],
    ['one that said again what it had', at(7, 'a', 'running', { startedAt: 'S' }), [['a', 'S', 7]]],
    [
      'none that a later run told of',
      start('a') + start('b') + at(0, 'b', 'unfinished', { former: 'a', state: 'killed' }) + at(1, 'b', 'end'),
      [],
    ],
    [
      'one that was told of and went on',
      start('a') +
        start('b') +
        at(0, 'b', 'unfinished', { former: 'a', state: 'unknown' }) +
        at(9, 'a', 'answer') +
        at(1, 'b', 'end'),
      [['a', 'S', 9]],
    ],
    [
      'one that was still running when it was told of',
      start('a') + start('b') + at(0, 'b', 'unfinished', { former: 'a', state: 'running' }) + at(1, 'b', 'end'),
      [['a', 'S', 0]],
    ],
    [
      'an id that was used again: the later run',
      start('a') + at(1, 'a', 'end') + start('a') + at(2, 'a', 'answer'),
      [['a', 'S', 2]],
    ],
    [
      'an id that was used again: the earlier run',
      start('a') + at(1, 'a', 'answer') + start('a') + at(2, 'a', 'end'),
      [['a', 'S', 1]],
    ],
    [
      'an id that was used again: told of',
      start('a') + start('a') + at(0, 'a', 'unfinished', { former: 'a', state: 'unknown' }) + at(2, 'a', 'end'),
      [],
    ],
    ['an entry that other hands have spaced', '{ "t": 3, "run": "a", "action": "answer" }\n', [['a', null, 3]]],
    ['none, where it is no journal', 'a\nb\n\u0000\n{"type":"hello"}\n[1]\nnull\n', []],
  ])('%s', (_, journal, runs) => {
    expect(found(journal)).toEqual(runs);
  });

  const OLD = '{"t":0,"action":"start","startedAt":"S","target":"MOCK"}\n';
  it.each<[string, string, unknown[]]>([
    ['ended', `${OLD}{"t":1,"action":"end"}\n`, []],
    ['killed', `${OLD}{"t":1,"action":"policy"}\n`, [[null, 'S', 1]]],
    ['killed, as the last of two', `${OLD}{"t":1,"action":"end"}\n${OLD}`, [[null, 'S', 0]]],
    ['ended, as the last of two', `${OLD}${OLD}{"t":1,"action":"end"}\n`, []],
    ['without a start', '"policy"}\n{"t":9,"action":"policy"}\n', [[null, null, 9]]],
    [
      'told of',
      `${OLD}${start('b')}${at(0, 'b', 'unfinished', { former: null, state: 'unknown' })}${at(1, 'b', 'end')}`,
      [],
    ],
  ])('of an older version, whose entries have no id: %s', (_, journal, runs) => {
    expect(found(journal)).toEqual(runs);
  });

  it('as many as are kept, and how many more', () => {
    const many = Array.from({ length: 70 }, (_, i) => at(1, `r${i}`, 'answer')).join('');
    expect(formerRuns(many)).toHaveLength(64);
  });
});

describe('what it had', () => {
  const only = (journal: string): FormerRun => formerRuns(journal)[0] as FormerRun;

  it('is what its entries say last', () => {
    const journal =
      start('a', { queues: 'process', target: 'PID 9 qemu', owner: { pid: 9, startTime: 4 }, process: PROCESS }) +
      at(1, 'a', 'taken', { pid: 9, queue: 0 }) +
      at(1, 'a', 'taken', { pid: 9, queue: 1 }) +
      at(2, 'a', 'stopped', { pid: 9 }) +
      at(3, 'a', 'queue-closed', { pid: 9, queue: 0 });
    const had = { process: PROCESS, queues: 'process', owner: { pid: 9, startTime: 4 }, taken: true, stopped: true };
    expect(only(journal)).toMatchObject(had);
    const back = at(4, 'a', 'continued', { pid: 9 }) + at(4, 'a', 'queue-closed', { pid: 9, queue: 1 });
    expect(only(journal + back)).toMatchObject({ ...had, taken: false, stopped: false });
  });

  it('is what it said again, once its start is gone', () => {
    const again = { startedAt: 'S', queues: 'process', owner: { pid: 9, startTime: 4 }, taken: [0], stopped: true };
    expect(only(at(5, 'a', 'running', again))).toMatchObject({ taken: true, stopped: true, owner: { pid: 9 } });
    const given = at(5, 'a', 'running', again) + at(6, 'a', 'queue-closed', { queue: 0 });
    expect(only(given)).toMatchObject({ taken: false });
  });

  it('are the devices that it has bound, and those who have handed queues over', () => {
    const bound = at(1, 'a', 'bound', { device: 'x' }) + at(1, 'a', 'bound', { device: 'y' });
    expect(only(start('a') + bound + at(2, 'a', 'restored', { device: 'x' })).bound).toEqual(['y']);
    const joined = at(1, 'a', 'connected', { pid: 3 }) + at(1, 'a', 'connected', { pid: 4 });
    expect(only(start('a') + joined + at(2, 'a', 'disconnected', { pid: 3 })).givers).toEqual([4]);
  });

  it.each([
    ['MOCK tour', 'simulated'],
    ['selftest', 'own'],
    ['PID 12 qemu', 'process'],
    ['handed over', 'handed'],
    ['listens at /run/x', 'handed'],
  ])('of an older version is known by its label: %s', (target, queues) => {
    expect(only(line({ t: 0, action: 'start', startedAt: 'S', target })).queues).toBe(queues);
  });

  it('is never what cannot be: whoever can write the file can write anything', () => {
    const journal = line({
      t: 0,
      run: 'a',
      action: 'start',
      startedAt: 7,
      owner: 'x',
      process: { pid: -1 },
      bound: 3,
      queues: 'none',
    });
    expect(only(journal)).toMatchObject({ startedAt: null, owner: null, process: null, bound: [], queues: null });
    // What shows it makes it visible.
    expect(oneLine(only(line({ t: 0, run: '\u001b[2J\nx', action: 'start' })).run!)).toBe('<U+001B>[2J x');
  });
});

describe('what is said of it', () => {
  const FORMER: FormerRun = {
    run: 'a1',
    startedAt: 'S',
    lastT: 2,
    process: PROCESS,
    queues: 'own',
    owner: null,
    taken: false,
    stopped: false,
    bound: [],
    givers: [],
    command: null,
  };
  const owner = { pid: 9, startTime: 4 };
  const said = (former: Partial<FormerRun>, state = 'gone', ofOwner = 'running') =>
    unfinishedText({ ...FORMER, ...former }, state as never, ofOwner as never);

  it.each<[string, string, RegExp]>([
    [
      'queues of its own',
      said({}),
      /^run a1 was killed: the kernel answered its outstanding groups INVALID; this journal has no end entry for it/,
    ],
    ['a command', said({ command: './driver' }), /INVALID, unless its command \(\.\/driver\) is still running/],
    [
      'bound devices',
      said({ bound: ['0000:01:00.0'] }),
      /INVALID; the next start with --device gives 0000:01:00.0 back/,
    ],
    [
      'taken queues',
      said({ queues: 'process', owner, taken: true }),
      /^`iopftop rescue --pid 9` answers the groups that run a1 \(killed\) had read from PID 9 and not answered; this journal has no end/,
    ],
    [
      'taken queues of a PID that cannot be seen',
      said({ queues: 'process', owner, taken: true }, 'gone', 'unknown'),
      /^`iopftop rescue --pid 9` answers the groups .* not answered, if PID 9 is still the same process/,
    ],
    [
      'taken queues of one that has ended',
      said({ queues: 'process', owner, taken: true }, 'gone', 'gone'),
      /PID 9, whose queues it had, has ended/,
    ],
    ['a process that it only looked at', said({ queues: 'process', owner }), /it had taken no queue of PID 9/],
    [
      'a process that it had stopped',
      said({ queues: 'process', owner, taken: true, stopped: true }),
      /it had stopped PID 9/,
    ],
    [
      'handed queues',
      said({ queues: 'handed', givers: [3] }),
      /^`iopftop rescue --pid 3` answers the groups that run a1 \(killed\) had read from PID 3 and not answered; so do the queues' owners/,
    ],
    [
      'inherited queues',
      said({ queues: 'handed' }),
      /^`iopftop rescue --pid OWNER` answers the groups that run a1 \(killed\) had read and not answered/,
    ],
    ['a simulation', said({ queues: 'simulated' }), /its devices were simulated/],
    [
      'nobody knows what',
      said({ queues: null, startedAt: null }),
      /it is not known what it had: .*still outstanding until/,
    ],
    ['another boot', said({}, 'other-boot'), /before this boot, or on another machine: it left nothing here/],
    [
      'a container',
      said({}, 'other-namespace'),
      /^run a1 was killed or is still running; if it was killed: .*another PID namespace/,
    ],
    ['one that runs', said({}, 'running'), /^run a1 is still running as PID 77 and also writes to this journal/],
    [
      'an older version',
      said({ run: null, process: null }, 'unknown'),
      /^the previous run was killed or is still running/,
    ],
  ])('%s', (_, text, words) => {
    expect(text).toMatch(words);
  });

  it('says INVALID of nothing that still waits', () => {
    for (const queues of ['process', 'handed'] as const) {
      for (const state of ['gone', 'unknown', 'other-namespace']) {
        expect(said({ queues, owner, taken: true }, state)).not.toContain('INVALID');
      }
    }
  });
});

it('what is no entry for certain is not parsed: a file may be full of it', () => {
  const parse = vi.spyOn(JSON, 'parse');
  onTestFinished(() => parse.mockRestore());
  expect(formerRuns('garbage\n{garbage\n[1]\n'.repeat(1_000))).toEqual([]);
  expect(parse).not.toHaveBeenCalled();
});
