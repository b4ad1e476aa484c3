// All of a ledger as plain data: what a recording keeps from time to time, and what crosses between threads.
import type { Counters } from '../../protocol/messages.ts';
import type { Attachment } from '../../sources/source.ts';
import type { Author } from './ends.ts';
import type { GroupRule, PendingGroup } from './group.ts';
import type { HistoryData } from './history.ts';
import type { HotPage } from './hot-pages.ts';
import type { LatencyData } from './latency.ts';
import type { LossesData } from './losses.ts';
import type { PendingData } from './pending.ts';
import type { RateData } from './rate.ts';
import type { RefaultsData } from './refaults.ts';
import type { RequestersData } from './requesters.ts';
import type { TrendData } from './trend.ts';

/** Like the protocol's counters, plus the groups that others have ended. */
export type Totals = Omit<Counters, 'pending' | 'evicted' | 'dropped'> & { elsewhere: number };

export interface LedgerShape {
  /** Records in the history. */
  readonly records: number;
  /** A page that faults again after SUCCESS is remembered from this many times on. */
  readonly loopFrom: number;
  /** The devices belong to other processes, which may attach PASIDs without our knowledge. */
  readonly ofOthers: boolean;
}

/** All of it as data that structuredClone() takes. */
export interface LedgerData {
  shape: LedgerShape;
  totals: Totals;
  ends: Record<Author, number>;
  queueFaults: number[];
  history: HistoryData;
  pending: PendingData;
  pages: Uint32Array;
  hotPages: Map<string, HotPage>;
  refaults: RefaultsData;
  requesters: RequestersData;
  latency: LatencyData;
  rate: RateData;
  trend: TrendData;
  losses: LossesData;
}

export interface Plain {
  attachment(of: Attachment): Attachment;
  group(of: PendingGroup): PendingGroup;
}

/** Copies without foreign objects; what several groups share is shared by their copies. */
export function plain(): Plain {
  const attachment = once(plainAttachment);
  const rule = once(plainRule);
  const group = ({ through, rule: waits, broken, saved, ...rest }: PendingGroup): PendingGroup => ({
    ...rest,
    through: through && attachment(through),
    rule: waits && rule(waits),
    broken: broken && { rule: rule(broken.rule), error: broken.error },
    saved: saved?.slice() ?? null,
  });
  return { attachment, group };
}

/** The same object for the same object. */
function once<T extends object>(make: (of: T) => T): (of: T) => T {
  const made = new Map<T, T>();
  return (of) => {
    let one = made.get(of);
    if (!one) {
      one = make(of);
      made.set(of, one);
    }
    return one;
  };
}

const plainAttachment = ({ devId, pasid, hwpt, shared }: Attachment): Attachment => {
  const { id, kind, ioasId, faultId } = hwpt;
  return { devId, pasid, hwpt: { id, kind, ioasId, faultId }, ...(shared === undefined ? {} : { shared }) };
};

const plainRule = ({ name, index, when, then, afterMs, afterNs, enabled }: GroupRule): GroupRule => ({
  name,
  index,
  then,
  afterNs,
  ...(when === undefined ? {} : { when }),
  ...(afterMs === undefined ? {} : { afterMs }),
  ...(enabled === undefined ? {} : { enabled }),
});
