// The engine's own worker for the benchmarks of the screen: bundled as the worker.js that the program starts. The
// environment says what else it does, and names the file for its counts, which is written when the session has closed.
import { writeFileSync } from 'node:fs';
import { Session } from '../../src/engine/session.ts';
import type { Counters } from '../../src/protocol/messages.ts';
import { flood, openFlood, prepareFlood } from './flood.ts';

export interface ScreenReport {
  /** Faults that the flood has handed out, and its answers. */
  given: number;
  answered: number;
  views: number;
  /** Of the views: those whose counters do not add up. */
  wrong: number;
  counters: Counters;
  /** Session time at the end, seconds. */
  t: number;
  /** Resident memory in bytes, the lowest (after a collection, that is) of each BENCH_STEP seconds of session time. */
  rss: number[];
}

const { BENCH_REPORT = '', BENCH_FLOOD, BENCH_STEP = 'Infinity' } = process.env;
const rss: number[] = [];
let views = 0;
let wrong = 0;
let open = false;

const addUp = ({ groups, pending, success, invalid, auto }: Counters): boolean =>
  groups === pending + success + invalid + auto;

function noteMemory(step: number): void {
  // --expose-gc
  if (rss[step] === undefined) (globalThis as { gc?: () => void }).gc?.();
  rss[step] = Math.min(rss[step] ?? Number.POSITIVE_INFINITY, process.memoryUsage.rss());
}

const { view, close } = Session.prototype;
Session.prototype.view = function (window) {
  const made = view.call(this, window);
  views++;
  if (BENCH_FLOOD && !open && made.snapshot.counters.faults > 0) {
    // Those that came before stay pending.
    open = true;
    this.state.setRules([{ then: 'success' }]);
    openFlood();
  }
  if (!addUp(made.snapshot.counters)) wrong++;
  noteMemory(Math.floor(made.snapshot.t / Number(BENCH_STEP)));
  return made;
};
Session.prototype.close = function () {
  const t = this.state.t();
  const summary = close.call(this);
  const report: ScreenReport = { ...flood, views, wrong, counters: summary.counters, t, rss };
  if (BENCH_REPORT) writeFileSync(BENCH_REPORT, JSON.stringify(report));
  return summary;
};
if (BENCH_FLOOD) prepareFlood(Number(BENCH_FLOOD));

await import('../../src/engine/thread/worker.ts');
