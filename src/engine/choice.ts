// What is known of the groups that an operator has chosen for an action, before it is done.
import type { GroupChoice, GroupChoiceReport, GroupChoiceSource, WindowRequest } from '../protocol/messages.ts';
import { isMapped } from './outlook.ts';
import type { PendingGroup } from './pending.ts';
import type { EngineState } from './state.ts';

/** Sources that are listed. */
const MAX_SOURCES = 100;
/** Groups whose pages are looked up: a view must not delay an answer. */
const MAX_LOOKED = 2_048;
/** Numbers that are told. */
const MAX_NUMBERS = 10_000;
/** So often before: not by chance any more. */
const OFTEN = 3;

type Chosen = { groups: readonly PendingGroup[]; gone: number[] };

function chosen(state: EngineState, { groups, devId, pasid }: GroupChoice): Chosen {
  if (!groups) {
    const matches = (g: PendingGroup) =>
      (devId === undefined || g.devId === devId) && (pasid === undefined || g.pasid === pasid);
    return { groups: state.pending.where(matches), gone: [] };
  }
  const found: PendingGroup[] = [];
  const gone: number[] = [];
  for (const number of groups) {
    const group = state.pending.get(number);
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
  let looked = 0;
  let oldest = Number.POSITIVE_INFINITY;
  for (const group of groups) {
    oldest = Math.min(oldest, group.arrivedNs);
    const source = sourceOf(state, sources, group);
    source.groups++;
    if (looked >= most) continue;
    looked++;
    if (isMapped(state, group) === false) source.unmapped++;
    if (group.repeats >= OFTEN) source.repeated++;
    source.repeats = Math.max(source.repeats, group.repeats);
  }
  return {
    id: choice.id,
    pending: groups.length,
    gone,
    numbers: choice.numbers && groups.length <= MAX_NUMBERS ? groups.map(({ group }) => group) : null,
    oldestNs: groups.length > 0 ? nowNs - oldest : null,
    sources: [...sources.values()].sort((a, b) => b.groups - a.groups).slice(0, MAX_SOURCES),
    looked,
  };
}

function sourceOf(
  state: EngineState,
  sources: Map<number, GroupChoiceSource>,
  { devId, pasid }: PendingGroup,
): GroupChoiceSource {
  // A PASID has 20 bits, and -1 is none.
  const key = devId * 2 ** 21 + pasid;
  let source = sources.get(key);
  if (!source) {
    const device = state.deviceName(devId);
    source = { devId, device, pasid: pasid < 0 ? null : pasid, groups: 0, unmapped: 0, repeated: 0, repeats: 0 };
    sources.set(key, source);
  }
  return source;
}
