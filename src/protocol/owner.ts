// Another process whose fault queues are looked at or taken over (--pid), and what became of them.
import { bool, define, described, int, list, object, orNull, type Static, text } from './schema-parts.ts';
import { answer, nanoseconds } from './terms.ts';

const ownerFd = described("number in the owner's table", int);
const waits = 'poll(2) says that groups wait in it, so that the owner has not read them; null: not known';

export const ownerQueueRow = define(
  'ownerQueueRow',
  object(
    {
      fd: ownerFd,
      others: described(
        'other descriptors of the owner that are the same open file; [] also where that is not known',
        list(int),
      ),
      readable: described(waits, orNull(bool)),
      readableNs: described('for how long it has been readable at every look; null: it is not', orNull(nanoseconds)),
      looks: described('how often it was looked at', int),
      readableLooks: described('how often it was readable then', int),
      queue: described('index as a queue of ours once it is taken over; null: it is not', orNull(int)),
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
      command: described("arguments, '' where they cannot be read", text),
      uid: orNull(int),
      state: described('letter of /proc/PID/stat: R, S, D, T, t, Z, X; null: it has ended', orNull(text)),
      threads: int,
      wchan: described(
        'kernel function that it sleeps in; null: it does not sleep, or this is not permitted',
        orNull(text),
      ),
      syscall: described('system call that it sleeps in; null as `wchan`', orNull(text)),
      stack: described('kernel stack of the main thread, innermost first; null: not permitted', orNull(list(text))),
      stopped: described('stopped by iopftop (SIGSTOP), and all its threads are', bool),
      goesOnAtEnd: described('iopftop has stopped it, and resumes it when it ends', bool),
      taken: described('its queues are read and answered here', bool),
      queues: list(ownerQueueRow.ref),
      iommufds: described('its descriptors of /dev/iommu', list(int)),
      devices: described('its VFIO devices', list(ownerDevice)),
      unread: described('what could not be read, and why', list(text)),
    },
    'The process whose queues they are (--pid).',
  ),
);
export type OwnerRow = Static<typeof ownerRow.schema>;

const rescuedQueue = object({
  fd: ownerFd,
  queue: described('index here', int),
  drained: described('groups that waited in the queue: read and answered', int),
  held: described('groups that had been read here before the rescue and were held: answered too', int),
  unseen: described(
    'groups that the owner had read and never answered: answered, though nobody here has seen them',
    int,
  ),
  scanned: described('every cookie from 1 to this one was tried', int),
  error: described('why it was not done to the end; null: it was', orNull(text)),
});
export type RescuedQueue = Static<typeof rescuedQueue>;

/** What a rescue did, or (dry run) would begin with. */
export const rescueReport = define(
  'rescueReport',
  object({
    pid: int,
    stopped: described('the owner was stopped for it', bool),
    resumed: described('and goes on', bool),
    ended: described('the owner ended meanwhile', bool),
    code: answer,
    queues: list(rescuedQueue),
  }),
);
export type RescueReport = Static<typeof rescueReport.schema>;
