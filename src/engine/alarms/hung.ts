import type { EngineState } from '../state.ts';

/** For how long a simulated device has stood still; null: it does not, or does not say. */
export function hungNs(state: EngineState, devId: number, nowNs: number): number | null {
  const since = state.target.hungSince(devId);
  return since === null ? null : Math.max(0, nowNs - Number(since - state.startNs));
}
