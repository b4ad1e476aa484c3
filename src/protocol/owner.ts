// Another process whose fault queues are looked at or taken over (--pid), and what became of them.
import type { Answer } from './terms.ts';

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
  /** It ended meanwhile. */
  ended: boolean;
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
