import { expect, it } from 'vitest';
import { snapshotText } from '../../src/headless/table.ts';
import type { PendingRow, Snapshot } from '../../src/protocol/messages.ts';
import { PENDING_ROW } from './fake-client.ts';

/** More than can be passed as the arguments of one call. */
const MANY = 200_000;

it('lists as many groups as there are', () => {
  const pending = new Array<PendingRow>(MANY).fill(PENDING_ROW);
  const counters = { faults: MANY, groups: MANY, pending: MANY, success: 0, invalid: 0, auto: 0, refused: 0 };
  const latency = { count: 0, p50Ns: 0, p95Ns: 0, p99Ns: 0, maxNs: 0 };
  const snapshot = { t: 1, devices: [], queues: [], pending, counters, latency, alarms: [] } as unknown as Snapshot;
  expect(snapshotText('test', snapshot).match(/^ +1 {2}nic0 /gm)).toHaveLength(MANY);
});
