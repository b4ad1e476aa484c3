// When something is due although no fault arrives, and how long poll() may wait until then.
import type { EngineState } from './state.ts';

/** Of the state and its source, in session time; Infinity: nothing. */
export function nextDueNs(state: EngineState): number {
  const scenario = state.source.nextDueNs();
  return Math.min(
    state.ledger.pending.nextDueNs,
    state.complaints.nextDueNs,
    state.health.nextDueNs(state.nowNs()),
    scenario === null ? Number.POSITIVE_INFINITY : Number(scenario - state.startNs),
  );
}

/** For poll(): rounded up, so that it is due then; -1: without a limit. */
export function timeoutMs(dueNs: number, nowNs: number): number {
  if (dueNs === Number.POSITIVE_INFINITY) return -1;
  return Math.min(2 ** 31 - 1, Math.max(0, Math.ceil((dueNs - nowNs) / 1e6)));
}
