// Another process whose fault queues are watched or taken over (--pid), and what became of them.
import { bool, define, described, int, list, object, orNull, type Static, text } from './schema-parts.ts';
import { answer, nanoseconds } from './terms.ts';

const ownerFd = described("number in the owner's table", int);
const waits = 'poll(2) says that groups wait in it: the owner has not read them; null: not known';

export const ownerQueueRow = define(
  'ownerQueueRow',
  object(
    {
      fd: ownerFd,
      others: described('other descriptors of the owner for the same open file; [] also if not known', list(int)),
      readable: described(waits, orNull(bool)),
      readableNs: described(
        'how long it has been readable at every check; null: it is not readable',
        orNull(nanoseconds),
      ),
      looks: described('how often it was checked', int),
      readableLooks: described('how often it was readable then', int),
      queue: described('its index as one of our queues once taken over; null: not taken over', orNull(int)),
    },
    'A fault queue among the descriptors of another process.',
  ),
);
export type OwnerQueueRow = Static<typeof ownerQueueRow.schema>;

/** A VFIO device among the descriptors of another process. */
const ownerDevice = object({
  fd: ownerFd,
  path: text,
  address: described('name on its bus (0000:17:00.0); null: not known', orNull(text)),
});

export const ownerRow = define(
  'ownerRow',
  object(
    {
      pid: int,
      comm: text,
      command: described("arguments, '' if they cannot be read", text),
      uid: orNull(int),
      state: described('letter of /proc/PID/stat: R, S, D, T, t, Z, X; null: it has ended', orNull(text)),
      threads: int,
      wchan: described(
        'kernel function that it sleeps in; null: it does not sleep, or reading this is not permitted',
        orNull(text),
      ),
      syscall: described('system call that it sleeps in; null as for `wchan`', orNull(text)),
      stack: described('kernel stack of the main thread, innermost first; null: not permitted', orNull(list(text))),
      stopped: described('stopped by iopftop (SIGSTOP), with all its threads', bool),
      goesOnAtEnd: described('iopftop stopped it, and resumes it at exit', bool),
      taken: described('its queues are read and answered here', bool),
      queues: list(ownerQueueRow.ref),
      iommufds: described('its descriptors of /dev/iommu', list(int)),
      devices: described('its VFIO devices', list(ownerDevice)),
      unread: described('what could not be read, and why', list(text)),
    },
    'The process that owns the queues (--pid).',
  ),
);
export type OwnerRow = Static<typeof ownerRow.schema>;

const rescuedQueue = object({
  fd: ownerFd,
  queue: described('its index as one of our queues', int),
  drained: described('groups that waited in the queue: now read and answered', int),
  held: described('groups that had been read here before the rescue and were held: answered too', int),
  unseen: described(
    'groups that the owner had read and never answered: answered, although iopftop has never seen them',
    int,
  ),
  scanned: described('every cookie from 1 to this one was tried', int),
  error: described('why it was not completed; null: it was', orNull(text)),
});
export type RescuedQueue = Static<typeof rescuedQueue>;

/** What a rescue did, or (dry run) would begin with. */
export const rescueReport = define(
  'rescueReport',
  object({
    pid: int,
    stopped: described('the owner was stopped for it', bool),
    resumed: described('the owner was resumed afterwards', bool),
    ended: described('the owner ended meanwhile', bool),
    code: answer,
    queues: list(rescuedQueue),
  }),
);
export type RescueReport = Static<typeof rescueReport.schema>;
