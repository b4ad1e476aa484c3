// When a run ends by itself (--duration, --count, --idle): in the engine's time, so that a simulated one ends at the same fault
// every time.
import type { Until } from './options.ts';

/** How far the run is. */
interface Reached {
  readonly nowNs: number;
  readonly groups: number;
  readonly lastFaultNs: number;
}

/** null: it continues. */
export function reached(until: Until, { nowNs, groups, lastFaultNs }: Reached): 'count' | 'duration' | 'idle' | null {
  if (until.groups !== null && groups >= until.groups) return 'count';
  if (nowNs >= durationEndNs(until)) return 'duration';
  return nowNs - lastFaultNs >= idleNs(until) ? 'idle' : null;
}

/** When it ends, in session time, if nothing arrives until then. */
export const untilDueNs = (until: Until, lastFaultNs: number): number =>
  Math.min(durationEndNs(until), lastFaultNs + idleNs(until));

const durationEndNs = ({ durationMs }: Until): number =>
  durationMs === null ? Number.POSITIVE_INFINITY : durationMs * 1e6;
const idleNs = ({ idleMs }: Until): number => (idleMs === null ? Number.POSITIVE_INFINITY : idleMs * 1e6);
