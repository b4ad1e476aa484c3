// What is known about the groups that an operator has chosen for an action, before the action.

import type { GroupChoice, GroupChoiceReport, GroupChoiceSource, WindowRequest } from '../../protocol/messages.ts';
import { hex } from '../../text/hex.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { addrAt, RECORD_WORDS } from '../ledger/records.ts';
import { oldestAge } from '../ledger/waiting.ts';
import type { EngineState } from '../state.ts';
import { isMapped } from './map.ts';

/** Sources that are listed. */
const MAX_SOURCES = 100;
/** Groups whose pages are looked up: a view must not delay an answer. */
const MAX_LOOKED = 2_048;
/** Groups that are named with their address. */
const MAX_OLDEST = 5;
/** Numbers that are reported. */
const MAX_NUMBERS = 10_000;
/** This often before: no longer by chance. */
const OFTEN = 3;

type Chosen = { groups: readonly PendingGroup[]; gone: number[] };

function chosen(state: EngineState, { groups, devId, pasid }: GroupChoice): Chosen {
  if (!groups) {
    const matches = (g: PendingGroup) =>
      (devId === undefined || g.devId === devId) && (pasid === undefined || g.pasid === pasid);
    return { groups: state.ledger.pending.where(matches), gone: [] };
  }
  const found: PendingGroup[] = [];
  const gone: number[] = [];
  for (const number of groups) {
    const group = state.ledger.pending.get(number);
    if (group) found.push(group);
    else gone.push(number);
  }
  return { groups: found, gone };
}

/** One pass over the groups; the pages of the oldest are looked up. */
export function choiceReport(
  state: EngineState,
  choice: NonNullable<WindowRequest['chosen']>,
  nowNs: number,
): GroupChoiceReport {
  const { groups, gone } = chosen(state, choice);
  const sources = new Map<number, GroupChoiceSource>();
  const most = choice.pages === false ? 0 : MAX_LOOKED;
  const seen = { looked: 0, unmapped: 0, unknown: 0, again: 0, mostRepeats: 0 };
  for (const group of groups) {
    const source = sourceOf(state, sources, group);
    source.groups++;
    if (seen.looked >= most) continue;
    look(state, group, source, seen);
  }
  return {
    id: choice.id,
    pending: groups.length,
    gone,
    numbers: choice.numbers && groups.length <= MAX_NUMBERS ? groups.map(({ group }) => group) : null,
    oldestNs: oldestAge(groups, nowNs),
    sources: [...sources.values()].sort((a, b) => b.groups - a.groups).slice(0, MAX_SOURCES),
    oldest: most ? groups.slice(0, MAX_OLDEST).map((group) => named(state, group)) : [],
    ...seen,
  };
}

type Seen = Pick<GroupChoiceReport, 'looked' | 'unmapped' | 'unknown' | 'again' | 'mostRepeats'>;

function look(state: EngineState, group: PendingGroup, source: GroupChoiceSource, seen: Seen): void {
  const { repeats } = group;
  const mapped = isMapped(state, group);
  seen.looked++;
  if (mapped === null) seen.unknown++;
  if (mapped === false) {
    seen.unmapped++;
    source.unmapped++;
  }
  if (repeats) seen.again++;
  if (repeats >= OFTEN) source.repeated++;
  seen.mostRepeats = Math.max(seen.mostRepeats, repeats);
  source.repeats = Math.max(source.repeats, repeats);
}

function named(state: EngineState, group: PendingGroup): GroupChoiceReport['oldest'][number] {
  const { words, from } = state.ledger.records(group);
  const pasid = pasidOrNull(group.pasid);
  const first = hex(addrAt(words, from * RECORD_WORDS));
  return { group: group.group, device: state.deviceName(group.devId), pasid, first };
}

function sourceOf(
  state: EngineState,
  sources: Map<number, GroupChoiceSource>,
  { devId, pasid }: PendingGroup,
): GroupChoiceSource {
  // A PASID has 20 bits, and NO_PASID is not one.
  const key = devId * 2 ** 21 + pasid;
  let source = sources.get(key);
  if (!source) {
    const device = state.deviceName(devId);
    source = { devId, device, pasid: pasidOrNull(pasid), groups: 0, unmapped: 0, repeated: 0, repeats: 0 };
    sources.set(key, source);
  }
  return source;
}
