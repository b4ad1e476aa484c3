// What alarms watch, measured: each function returns the current measures of its kind.

import { tenths } from '../../text/duration.ts';
import { hex } from '../../text/hex.ts';
import { nounOf } from '../../text/plural.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import type { LossPlace } from '../ledger/losses.ts';
import type { RefaultLoop } from '../ledger/refaults.ts';
import type { AlarmThresholds } from '../options.ts';
import type { EngineState } from '../state.ts';
import type { Measure } from './alarm-book.ts';

const count = (n: number, one: string, many?: string): string => `${n.toLocaleString('en-US')} ${nounOf(n, one, many)}`;

const pasidText = (pasid: number): string => (pasid < 0 ? '' : ` PASID ${pasid}`);

export function hung(state: EngineState, nowNs: number): Measure[] {
  return state.source.devices.flatMap(({ devId, name }): Measure[] => {
    const value = state.hungNs(devId, nowNs);
    if (value === null) return [];
    const since = value < 1e8 ? 'is stuck' : `has been stuck for ${tenths(value)}`;
    const text = `${name} ${since}: a fault was not answered in time`;
    return [{ kind: 'hung', value, threshold: 0, devId, pasid: null, text, atOnce: true }];
  });
}

/** Rules that could not be evaluated for a group, while they are in the list and enabled. */
export function broken({ rules }: EngineState): Measure[] {
  const list = rules.filter((rule) => rule.enabled && rule.broken);
  const [first] = list;
  if (!first?.broken) return [];
  const value = list.reduce((sum, rule) => sum + (rule.broken?.count ?? 0), 0);
  const others = list.length > 1 ? `; also ${count(list.length - 1, 'more rule')}` : '';
  const groups = count(first.broken.count, 'group');
  const text = `rule ${JSON.stringify(first.name)} cannot be evaluated for ${groups} (${first.broken.error}): held${others}`;
  return [{ kind: 'broken', value, threshold: 0, devId: null, pasid: null, text, atOnce: true }];
}

export function oldest(state: EngineState, { oldestMs }: AlarmThresholds, nowNs: number): Measure[] {
  const group = state.ledger.pending.oldest;
  if (oldestMs === null || !group) return [];
  const value = nowNs - group.arrivedNs;
  const { devId, pasid } = group;
  const who = `${state.deviceName(devId)}${pasidText(pasid)}`;
  const text = `${who} has waited ${tenths(value)} for an answer to group ${group.group}`;
  const threshold = oldestMs * 1e6;
  return [{ kind: 'oldest', value, threshold, devId, pasid: pasidOrNull(pasid), text, atOnce: false }];
}

export function pending(state: EngineState, { pending: threshold }: AlarmThresholds): Measure[] {
  const value = state.ledger.pending.size;
  if (threshold === null || value === 0) return [];
  const text = `${count(value, 'group')} pending`;
  return [{ kind: 'pending', value, threshold, devId: null, pasid: null, text, atOnce: false }];
}

export function rate(state: EngineState, { rate: threshold }: AlarmThresholds, nowNs: number): Measure[] {
  const value = state.ledger.rate.perSecond(nowNs);
  if (threshold === null || value === 0) return [];
  const text = `${count(value, 'fault')} in the last second`;
  return [{ kind: 'rate', value, threshold, devId: null, pasid: null, text, atOnce: false }];
}

/** One for each device and PASID: its page that faulted most often. */
export function refault(state: EngineState, { refault: threshold }: AlarmThresholds, nowNs: number): Measure[] {
  if (threshold === null) return [];
  const worst = new Map<string, { loop: RefaultLoop; pages: number }>();
  for (const loop of state.ledger.refaults.loops(nowNs)) {
    const key = `${loop.devId}/${loop.pasid}`;
    const known = worst.get(key);
    if (!known) worst.set(key, { loop, pages: 1 });
    else worst.set(key, { loop: loop.times > known.loop.times ? loop : known.loop, pages: known.pages + 1 });
  }
  return [...worst.values()].map(({ loop: { devId, pasid, page, times: value }, pages }): Measure => {
    const who = `${state.deviceName(devId)}${pasidText(pasid)}`;
    const others = pages > 1 ? `; also ${count(pages - 1, 'more page')}` : '';
    const text = `${who} refault loop: page ${hex(page)} faulted again after SUCCESS ${count(value, 'time')} in a row${others}`;
    return { kind: 'refault', value, threshold, devId, pasid: pasidOrNull(pasid), text, atOnce: false };
  });
}

/**
 * What was lost in the last minute: at the source, from the stream (faults, answers and messages), from the journal. What the
 * history evicts is not a loss: it was shown, answered and counted, and a bounded history is what the user asked for.
 */
export function dropped(
  { source, stream, journal }: Readonly<Record<LossPlace, number>>,
  { dropped: threshold }: AlarmThresholds,
): Measure[] {
  const value = source + stream + journal;
  if (threshold === null || value === 0) return [];
  const parts = [
    source > 0 ? `${count(source, 'record')} lost before they reached iopftop` : '',
    stream > 0 ? `${count(stream, 'stream record')} not delivered to a slow reader` : '',
    journal > 0 ? `${count(journal, 'journal entry', 'journal entries')} not written` : '',
  ].filter((part) => part !== '');
  const text = `${parts.join(', ')} in the last minute`;
  return [{ kind: 'dropped', value, threshold, devId: null, pasid: null, text, atOnce: false }];
}
