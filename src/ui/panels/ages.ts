// What ages and ailments look like, the same in every panel.
import type { DeviceRow } from '../../protocol/messages.ts';
import { shownView, type UiState } from '../state/state.ts';
import type { Style } from '../text/theme.ts';

/** An age is worth a colour from here on. */
const OLD_NS = 1e9;
const VERY_OLD_NS = 10e9;

export function ageStyle(ns: number | null): Style {
  if (ns === null || ns < OLD_NS) return 'plain';
  return ns < VERY_OLD_NS ? 'warn' : 'bad';
}

/** Whether a simulated device has stopped for want of an answer. */
export const isHung = (device: DeviceRow): boolean => device.hungNs !== null;

/** Age of the oldest pending group of all; null: nothing is pending. */
export function oldestNs(state: UiState): number | null {
  const ages = (shownView(state)?.snapshot.devices ?? []).map((d) => d.oldestNs).filter((ns) => ns !== null);
  return ages.length ? Math.max(...ages) : null;
}
