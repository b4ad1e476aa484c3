// What ages and ailments look like, the same in every panel.

import type { DeviceRow } from '../../protocol/messages.ts';
import type { Style } from '../text/style.ts';
import { shownView, type UiState } from './state.ts';

/** Ages from here on have a colour. */
const OLD_NS = 1e9;
const VERY_OLD_NS = 10e9;

export function ageStyle(ns: number | null): Style {
  if (ns === null || ns < OLD_NS) return 'plain';
  return ns < VERY_OLD_NS ? 'warn' : 'bad';
}

/** Whether a simulated device has stopped because a fault has no answer. */
export const isHung = (device: DeviceRow): boolean => device.hungNs !== null;

/** The device that has the oldest pending group of all, the one that all panels and dialogs speak of; null: nothing is pending. */
export function oldestDevice(devices: readonly DeviceRow[]): (DeviceRow & { oldestNs: number }) | null {
  let oldest: (DeviceRow & { oldestNs: number }) | null = null;
  for (const { oldestNs, ...row } of devices)
    if (oldestNs !== null && oldestNs > (oldest?.oldestNs ?? -1)) oldest = { ...row, oldestNs };
  return oldest;
}

/** Age of that group. */
export const oldestNs = (state: UiState): number | null =>
  oldestDevice(shownView(state)?.snapshot.devices ?? [])?.oldestNs ?? null;
