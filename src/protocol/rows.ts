// What snapshots and events are made of: rows, counters, alarms, statistics, entries of the journal.
import type { Answer, Cause, Handler, Hex, HwptKind, NoticeKind, Verdict } from './terms.ts';

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
  hwptId: number;
  hwptKind: HwptKind;
  ioasId: number;
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

/** A fault queue among the descriptors of another process. */
export interface OwnerQueueRow {
  /** Number in the owner's table. */
  fd: number;
  /** Other descriptors of the owner that are the same open file; [] also where that cannot be told. */
  others: number[];
  /** poll(2) says that groups wait in it, so that the owner has not read them; null: not known. */
  readable: boolean | null;
  /** For how long it has been readable at every look; null: it is not. */
  readableNs: number | null;
  /** How often it was looked at, and was readable. */
  looks: number;
  readableLooks: number;
  /** Index as a queue of ours (`queue`) once it is taken over; null: it is not. */
  queue: number | null;
}

/** A VFIO device among the descriptors of another process. */
export interface OwnerDeviceRow {
  fd: number;
  path: string;
  /** Name on its bus (0000:17:00.0); null: not known. */
  address: string | null;
}

/** The process whose queues they are (--pid), and what can be known of it. */
export interface OwnerRow {
  pid: number;
  comm: string;
  /** Arguments, '' where they cannot be read. */
  command: string;
  uid: number | null;
  /** Letter of /proc/PID/stat: R, S, D, T, t, Z, X; null: it has ended. */
  state: string | null;
  threads: number;
  /** Kernel function that it sleeps in, and the system call; null: not sleeping, or not permitted. */
  wchan: string | null;
  syscall: string | null;
  /** Kernel stack of the main thread, innermost first; null: not permitted. */
  stack: string[] | null;
  /** We have stopped it (SIGSTOP), and it stands still. */
  stopped: boolean;
  /** We have, and it goes on when iopftop ends; false where it was to stay stopped. */
  goesOnAtEnd: boolean;
  /** Its queues are read and answered by us. */
  taken: boolean;
  queues: OwnerQueueRow[];
  /** Its descriptors of /dev/iommu. */
  iommufds: number[];
  devices: OwnerDeviceRow[];
  /** What could not be read, and why. */
  unread: string[];
}

/** What a rescue did, or (dry run) would begin with. */
export interface RescueReport {
  pid: number;
  /** We stopped the owner; we let it go on. */
  stopped: boolean;
  resumed: boolean;
  code: Answer;
  queues: RescuedQueue[];
}

export interface RescuedQueue {
  /** Number in the owner's table, and ours. */
  fd: number;
  queue: number;
  /** Groups that waited in the queue: read and answered by us. */
  drained: number;
  /** Groups that had been read here before the rescue and were held: answered too. */
  held: number;
  /** Groups that the owner had read and never answered: answered now, though nobody here has seen them. */
  unseen: number;
  /** Every cookie from 1 to this one was tried. */
  scanned: number;
  /** Why it could not be done to the end; null: it was. */
  error: string | null;
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
  /** The rule that holds for it and what it will do (in a dry run: would do), in so long; null: the operator decides. */
  rule: { name: string; then: Verdict; dueNs: number } | null;
}

/** What an alarm watches: pending groups, age of the oldest, faults a second, a page that faults again after SUCCESS … */
export const ALARM_KINDS = ['hung', 'oldest', 'pending', 'refault', 'rate', 'dropped'] as const;
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
  action:
    | 'start'
    | 'answer'
    | 'auto-responded'
    | 'attached'
    | 'replaced'
    | 'detached'
    | 'policy'
    | 'alarm'
    | 'refused'
    | NoticeKind
    | 'end';
  cause?: Cause;
  rule?: string | null;
  code?: Answer;
  /** Group numbers as ranges: "1-1638,1640". */
  groups?: string;
  count?: number;
  devId?: number;
  pasid?: number | null;
  hwptId?: number | null;
  result?: string;
  [detail: string]: unknown;
}
