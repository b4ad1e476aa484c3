// `drain N`: N faults are pending on the real kernel; times the session reading and answering them all by one rule. The
// history is small and soon full, as in a long run: its memory is reused, not paged in (which costs ten times as much in
// User-Mode Linux as on a machine).
import { Journal } from '../../src/engine/journal/journal.ts';
import { DEFAULT_ALARMS, type EngineOptions } from '../../src/engine/options.ts';
import { Session } from '../../src/engine/session.ts';
import { openSource } from '../../src/sources/open.ts';

export const engineOptions = (): EngineOptions => ({
  source: { kind: 'selftest', devices: 1, pasids: [], hwpt: 'paging', scenario: null, seed: 1, rate: 1 },
  rules: [{ then: 'success' }],
  onExit: 'hold',
  readOnly: false,
  dryRun: false,
  alarms: DEFAULT_ALARMS,
  history: 1_000_000,
  journal: null,
  events: false,
  until: { durationMs: null, groups: null, idleMs: null },
});

const HISTORY = 65_536;
const WAIT_NS = 2.5e9;
const WARM_UP = 2;
const TIMED = 3;

/** Nanoseconds of the first drain, and the median of three when the program is warm. */
export async function drain(count: number): Promise<{ first: number; ns: number }> {
  const options = { ...engineOptions(), history: HISTORY };
  const source = await openSource(options.source);
  const journal = new Journal(null);
  const session = new Session({ source, options, journal, emit: () => {}, version: 'bench', startedAt: '' });
  const devId = source.devices[0]?.devId;
  if (devId === undefined) throw new Error('the source has no device');
  const once = (): number => {
    for (let i = 0; i < count; i++) {
      source.triggering?.trigger({ devId, pasid: null, grpid: i & 511, perm: 1, addr: BigInt(i) << 12n });
    }
    const wanted = session.state.ledger.totals.success + count;
    const start = process.hrtime.bigint();
    while (session.state.ledger.totals.success < wanted) session.step(0);
    return Number(process.hrtime.bigint() - start);
  };
  // As in use: an engine is idle first, and the time is used.
  const until = session.state.nowNs() + WAIT_NS;
  while (session.state.nowNs() < until) session.step(until);
  const first = once();
  for (let i = 1; i < WARM_UP; i++) once();
  const timed = Array.from({ length: TIMED }, once).sort((a, b) => a - b);
  const times = { first, ns: timed[TIMED >> 1] as number };
  session.close();
  return times;
}
