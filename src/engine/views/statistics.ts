// The statistics of a view or a snapshot; computed only on request.

import type { Statistics } from '../../protocol/messages.ts';
import { hex } from '../../text/hex.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { PgfaultPerm } from '../../uapi/perm.ts';
import { OTHER_PASIDS, type Requester } from '../ledger/requesters.ts';
import type { EngineState } from '../state.ts';

const PAGES = 50;
const SOURCES = 200;

type Sources = Pick<Statistics, 'sources' | 'otherGroups'>;

function sourceRow(state: EngineState, source: Requester): Statistics['sources'][number] {
  const { devId, pasid, groups, faults, repeated } = source;
  return {
    devId,
    device: state.deviceName(devId),
    pasid: pasidOrNull(pasid),
    groups,
    faults,
    repeated,
    read: source.withPerm(PgfaultPerm.READ),
    write: source.withPerm(PgfaultPerm.WRITE),
    exec: source.withPerm(PgfaultPerm.EXEC),
    priv: source.withPerm(PgfaultPerm.PRIV),
  };
}

function sourceRows(state: EngineState): Sources {
  const named = [...state.ledger.requesters.values()].filter((s) => s.pasid !== OTHER_PASIDS);
  named.sort((a, b) => b.faults - a.faults || a.devId - b.devId || a.pasid - b.pasid);
  const sources = named.slice(0, SOURCES).map((source) => sourceRow(state, source));
  const listed = sources.reduce((sum, { groups }) => sum + groups, 0);
  return { sources, otherGroups: state.ledger.totals.groups - listed };
}

function pageRows(state: EngineState): Statistics['pages'] {
  return state.ledger.hotPages.top(state.ledger.pages, PAGES).map(({ devId, pasid, page, groups, repeats }) => ({
    devId,
    device: state.deviceName(devId),
    pasid: pasidOrNull(pasid),
    page: hex(page),
    faults: groups,
    repeats,
  }));
}

export function statistics(state: EngineState, nowNs = state.nowNs()): Statistics {
  return {
    latency: state.ledger.latency.buckets(),
    pages: pageRows(state),
    ...sourceRows(state),
    trend: state.ledger.trend.read(nowNs),
  };
}
