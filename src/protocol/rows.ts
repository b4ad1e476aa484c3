// What snapshots and events are made of: rows, counters, alarms, statistics, entries of the journal.
import type { Answer, Cause, Handler, Hex, HwptKind, JournalAction, Verdict } from './terms.ts';

/** What a group is known by. */
export interface GroupFields {
  group: number;
  queue: number;
  cookie: number;
  devId: number;
  device: string;
  pasid: number | null;
  grpid: number;
  faults: number;
  /** Address of the first and of the last record. */
  first: Hex;
  last: Hex;
  perm: string[];
}

export interface Counters {
  /** Records read. */
  faults: number;
  /** Groups read. */
  groups: number;
  pending: number;
  success: number;
  invalid: number;
  /** Groups of another process that were answered without having been seen here (rescue). */
  unseen: number;
  /** Groups the kernel answered itself: detach, replace, destroy, or found gone at an answer. */
  auto: number;
  /** Commands and answers that were refused. */
  refused: number;
  /** Groups with the device, PASID and page of one before (within the last 4,096 distinct pages). */
  repeated: number;
  /** Records evicted from the history. */
  evicted: number;
  /** Records a slow stream reader did not get. */
  dropped: number;
}

export interface Latency {
  count: number;
  p50Ns: number;
  p95Ns: number;
  p99Ns: number;
  maxNs: number;
}

export interface AttachmentRow {
  devId: number;
  pasid: number | null;
  /** null, with its kind and IOAS: an SVA bond, whose faults the kernel answers from the memory of a process (`handler` is kernel). */
  hwptId: number | null;
  hwptKind: HwptKind | null;
  ioasId: number | null;
  /** The fault object, null where the HWPT has none. */
  faultId: number | null;
  handler: Handler;
  pending: number;
  oldestNs: number | null;
  /** Faults a second over the last second, and in all, that came through this attachment. */
  rate: number;
  faults: number;
}

export interface DeviceRow {
  devId: number;
  name: string;
  pasidCapable: boolean;
  /** Number of its IOMMU group where other devices here are of it too: a replace or detach of one is one of all. */
  group?: number;
  attachments: AttachmentRow[];
  pending: number;
  /** Age of the oldest pending group. */
  oldestNs: number | null;
  /** Faults a second, over the last second. */
  rate: number;
  faults: number;
  /** Age of the newest fault, null before the first. */
  quietNs: number | null;
  /** For how long a simulated device has stopped for want of an answer; null on real ones, which do not say. */
  hungNs: number | null;
  /** What a simulated device says of itself ("waits for an answer since 3.2 s"); null on real ones. */
  note: string | null;
}

export interface QueueRow {
  /** Index used as `queue` everywhere. */
  queue: number;
  faultId: number;
  fd: number;
  /** poll(2) says that groups wait in it. */
  readable: boolean;
  pending: number;
  faults: number;
  /** It is read no more: whoever handed it over took it back, or has ended. Its `fd` is then -1. */
  closed: boolean;
}

export interface HwptRow {
  hwptId: number;
  kind: HwptKind;
  ioasId: number;
  faultId: number | null;
  /** Attachments that use it. */
  users: number;
}

export interface PendingRow extends GroupFields {
  /** Since read(). */
  ageNs: number;
  /** How often this device, PASID and page was seen before. */
  repeats: number;
  /**
   * Whether memory is known to be mapped at all of its pages: null where the page tables are not ours (nested), or the
   * memory was not mapped by us.
   */
  mapped: boolean | null;
  /**
   * The rule that holds for it and what it will do (in a dry run: would do), in so long; null: the operator decides. `error`: its
   * condition cannot be evaluated for this group, and that is why it is held.
   */
  rule: { name: string; then: Verdict; dueNs: number; error?: string } | null;
}

/** How often the condition of a rule could not be evaluated; the last time, why and for which group. Such groups are held. */
export interface BrokenRule {
  count: number;
  error: string;
  group: number;
}

/** What an alarm watches: a rule that cannot be evaluated, pending groups, age of the oldest, faults a second, a page that faults again after SUCCESS … */
export const ALARM_KINDS = ['hung', 'broken', 'oldest', 'pending', 'refault', 'rate', 'dropped'] as const;
export type AlarmKind = (typeof ALARM_KINDS)[number];

export interface Alarm {
  kind: AlarmKind;
  level: 'warning' | 'critical';
  /** Groups, nanoseconds, faults a second or records, as `threshold`. */
  value: number;
  threshold: number;
  /** Seconds since the start. */
  since: number;
  /** Where it is of one device. */
  devId: number | null;
  pasid: number | null;
  /** In words. */
  text: string;
}

/** One entry a second, the newest last; at most 300. */
export interface Trend {
  /** Seconds since the start of the newest entry's end. */
  t: number;
  /** Faults read in each second. */
  faults: number[];
  /** Groups answered in each second, by us or by the kernel. */
  answered: number[];
  /** Pending groups at the end of each second. */
  pending: number[];
}

export interface Statistics {
  /** Read-to-answer times: answers that took at most `toNs` and more than the bucket before; from 1 µs in steps 1-2-5. */
  latency: { toNs: number; count: number }[];
  /**
   * The pages that faulted most, most first, at most 50. A group counts for the page of its first fault. `faults` and
   * `repeats` are exact while there are few pages; a page that others crowd out for a while has had at least so many.
   */
  pages: { devId: number; device: string; pasid: number | null; page: Hex; faults: number; repeats: number }[];
  /** By device and PASID since the start, most faults first, at most 200. `read` to `priv` count faults. */
  sources: {
    devId: number;
    device: string;
    pasid: number | null;
    groups: number;
    faults: number;
    repeated: number;
    read: number;
    write: number;
    exec: number;
    priv: number;
  }[];
  /** Groups of the sources that are not listed. */
  otherGroups: number;
  trend: Trend;
}

/** One line of the journal. */
export interface JournalEntry {
  /** Seconds since the engine started; the first entry has the wall clock. */
  t: number;
  /** Which run wrote it: several may write to one file, and a rotation may have taken its first entry away. */
  run?: string;
  action: JournalAction;
  /** `start`: it was so from the start. */
  cause?: Cause | 'start';
  rule?: string | null;
  code?: Answer;
  /** Memory was mapped at the groups' pages first, for this answer; left out where not. */
  mapped?: true;
  /** Group numbers as ranges: "1-1638,1640". */
  groups?: string;
  count?: number;
  devId?: number;
  pasid?: number | null;
  hwptId?: number | null;
  result?: string;
  [detail: string]: unknown;
}
