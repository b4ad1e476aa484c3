import { describe, expect, it, vi } from 'vitest';
import type { Summary } from '../../src/protocol/messages.ts';
import { farewell } from '../../src/ui/app/ending.ts';

const ended = (outstanding: Summary['outstanding'], reason = 'quit'): Summary =>
  ({ type: 'summary', reason, outstanding }) as unknown as Summary;
const expecting = (outstanding: Summary['outstanding'], holds: boolean): Summary => ({
  ...ended(outstanding),
  expectations: [{ expr: 'groups == 1', holds, values: { groups: 2 }, error: null }],
});
const none = { groups: 0, plan: 'hold', answered: 0 } as Summary['outstanding'];
const left = { groups: 3, plan: 'hold', answered: 0 } as Summary['outstanding'];

describe('the last line and the exit code', () => {
  it.each([
    ['nothing was outstanding', null, ended(none), null, 0],
    ['groups are left', null, ended(left), '3 groups left to the kernel, which answers INVALID', 3],
    ['they were answered', null, ended({ groups: 3, plan: 'success', answered: 3 }), '3 groups answered SUCCESS', 0],
    [
      'the kernel had answered some',
      null,
      ended({ groups: 3, plan: 'success', answered: 2, gone: 1 }),
      '2 groups answered SUCCESS; 1 group answered INVALID by the kernel before',
      0,
    ],
    [
      'some had no memory',
      null,
      ended({ groups: 3, plan: 'success', answered: 3, unmapped: 2 }),
      '3 groups answered SUCCESS; 2 of 3 had no memory mapped',
      0,
    ],
    [
      'some were answered',
      null,
      ended({ groups: 3, plan: 'invalid', answered: 2 }),
      '2 groups answered INVALID; 1 group left to the kernel, which answers INVALID',
      3,
    ],
    ['a signal ended it', 'SIGTERM', ended(left), '3 groups left to the kernel, which answers INVALID', 143],
    ['the line dropped', 'SIGHUP', ended(none), null, 129],
    ['the engine failed', null, ended(none, 'error'), null, 1],
    [
      'the engine failed, and groups were answered at the end',
      null,
      ended({ groups: 3, plan: 'success', answered: 3 }, 'error'),
      '3 groups answered SUCCESS',
      1,
    ],
    [
      'the engine failed, and groups are left',
      null,
      ended(left, 'error'),
      '3 groups left to the kernel, which answers INVALID',
      1,
    ],
    ['what was expected holds', null, expecting(none, true), null, 0],
    ['it does not', null, expecting(none, false), 'expected groups == 1: groups is 2', 4],
    [
      'nor is everything answered',
      null,
      expecting(left, false),
      '3 groups left to the kernel, which answers INVALID; expected groups == 1: groups is 2',
      4,
    ],
    ['it does not, after a signal', 'SIGINT', expecting(none, false), 'expected groups == 1: groups is 2', 130],
    [
      'it does not, and the engine failed',
      null,
      { ...expecting(none, false), reason: 'error' },
      'expected groups == 1: groups is 2',
      1,
    ],
  ] as const)('%s', (_, signal, summary, line, code) => {
    expect(farewell({ signal, summary, crash: null, broken: null })).toEqual({ line, code });
  });

  it('of a crash are one sentence, and 1', () => {
    vi.stubEnv('XDG_STATE_HOME', '/dev/null/no');
    vi.stubEnv('TMPDIR', '/dev/null/no');
    const { line, code } = farewell({ signal: 'SIGINT', summary: null, crash: new Error('a bug'), broken: null });
    vi.unstubAllEnvs();
    expect(line).toBe('crashed: a bug. The kernel answers outstanding groups INVALID; no report could be written');
    expect(code).toBe(1);
  });
});
