// What is known about a group beside its records, in a few lines.

import type { GroupDetail, PendingRow } from '../../../protocol/messages.ts';
import { duration } from '../../../text/duration.ts';
import { attachmentOf } from '../../model/doubts.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { timeText } from '../../model/times.ts';
import { plural } from '../../text/format.ts';
import { deviceName, sourceName } from '../../text/names.ts';
import { sanitise } from '../../text/sanitise.ts';
import type { Style } from '../../text/style.ts';
import { STATE_STYLE } from '../stream/rows.ts';

export interface Fact {
  text: string;
  style: Style;
}

const fact = (text: string, style: Style = 'plain'): Fact => ({ text, style });

/** What became of it, or how long it has waited. */
function outcome({ state, arrived, answer }: GroupDetail, nowNs: number): Fact {
  if (state === null) return fact('answered', 'dim');
  const style = STATE_STYLE[state];
  if (state === 'pending') return fact(`pending for ${duration(Math.max(0, nowNs - arrived * 1e9))}`, style);
  if (state === 'auto') return fact('the kernel answered INVALID', style);
  const code = state === 'success' ? 'SUCCESS' : 'INVALID';
  if (!answer) return fact(`answered ${code}`, style);
  const by = answer.rule === null ? answer.cause : `rule ${sanitise(answer.rule)}`;
  const after = answer.latencyNs === null ? '' : ` after ${duration(answer.latencyNs)}`;
  return fact(`answered ${code} by ${by}${after}`, style);
}

function mapping(row: PendingRow | undefined): Fact[] {
  if (!row || row.mapped === null) return [];
  return [
    row.mapped ? fact('its pages are mapped', 'good') : fact('no mapping known: SUCCESS would fault again', 'warn'),
  ];
}

/** A group that the frozen screen shows as pending, and whose detail was fetched when it no longer was. */
function sinceFreeze(state: UiState, { group, state: now }: GroupDetail): string {
  const still = state.frozen?.view.snapshot.pending.some((row) => row.group === group);
  return still && now !== 'pending' ? ', since the freeze' : '';
}

function ruleFact({ name, then, error }: NonNullable<PendingRow['rule']>): Fact {
  if (error) return fact(`held: rule ${sanitise(name)} cannot be evaluated: ${sanitise(error)}`, 'bad');
  return fact(`rule ${sanitise(name)}: ${then}`, 'accent');
}

/** Facts in order of weight; each is a piece that is left out when it does not fit. */
export function groupFacts(state: UiState, detail: GroupDetail, devId: number, pasid: number | null): Fact[] {
  const snapshot = shownView(state)!.snapshot;
  const attachment = attachmentOf(shownView(state)!, { devId, pasid });
  const row = snapshot.pending.find((r) => r.group === detail.group);
  const on = attachment
    ? `${attachment.hwptKind} HWPT ${attachment.hwptId}, IOAS ${attachment.ioasId}`
    : 'not attached now';
  const became = outcome(detail, snapshot.t * 1e9);
  const rule = row?.rule ? [ruleFact(row.rule)] : [];
  return [
    fact(sourceName(deviceName(snapshot.devices, devId), pasid), 'title'),
    { ...became, text: became.text + sinceFreeze(state, detail) },
    fact(`read ${timeText(state, detail.arrived)}`),
    fact(on),
    ...(detail.repeats ? [fact(`page seen ${plural(detail.repeats, 'time')} before`, 'warn')] : []),
    ...mapping(row),
    ...rule,
  ];
}
