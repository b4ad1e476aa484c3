import { EventEmitter } from 'node:events';
import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { runOnce } from '../../src/headless/once.ts';
import { snapshotText } from '../../src/headless/table.ts';
import type { PendingRow, Snapshot } from '../../src/protocol/messages.ts';
import { COUNTERS, FakeClient, PENDING_ROW, SlowOutput } from './fake-client.ts';

const snapshotOf = (pending: PendingRow[]): Snapshot => ({
  type: 'snapshot',
  t: 1,
  devices: [],
  queues: [],
  hwpts: [],
  pending,
  pendingFirst: 0,
  counters: COUNTERS,
  latency: { count: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, maxNs: 0 },
  rate: 0,
  rules: [],
  alarms: [],
  owner: null,
  journal: { path: null, entries: 0, error: null },
});

describe('--once', () => {
  it.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('takes its snapshot at %s, says what ended it, and exits with %i', async (signal, expected) => {
    const client = new FakeClient();
    const signals = new EventEmitter();
    const stdout = new SlowOutput();
    const code = runOnce(client, { afterMs: 1e9, json: true }, { stdout, stderr: new PassThrough(), signals });
    signals.emit(signal);
    client.say(snapshotOf([]));
    expect(await code).toBe(expected);
    expect(client.commands).toEqual([
      { cmd: 'snapshot', statistics: true },
      { cmd: 'quit', signal },
    ]);
    expect(JSON.parse(stdout.text)).toMatchObject({ type: 'snapshot' });
    expect(signals.listenerCount(signal)).toBe(0);
  });
});

describe('the table of pending groups', () => {
  it.each([
    [null, null, /- +-$/],
    [true, { name: 'a', then: 'success', dueNs: 0 }, /yes +a: success now$/],
    [false, { name: 'late', then: 'invalid', dueNs: 2.5e9 }, /no +late: invalid in 2\.5s$/],
    [false, { name: 'mine', then: 'hold', dueNs: 0 }, /no +mine: hold$/],
  ] as const)('says what is mapped and what the rule will do: %s %j', (mapped, rule, said) => {
    const line = snapshotText('MOCK', snapshotOf([{ ...PENDING_ROW, mapped, rule }]))
      .trimEnd()
      .split('\n')
      .at(-1);
    expect(line).toMatch(said);
  });
});
