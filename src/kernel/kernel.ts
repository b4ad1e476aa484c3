// The Kernel port: the few system calls that everything above is built on. `linux/` makes them, `sim/` simulates them.
// Every call returns what the system call returns: a value of 0 or more, or the negative errno; those that return an
// object throw KernelRefusal instead. None throws for anything else that a kernel can refuse; none blocks but poll.
import { catching, Refusal, type Said } from '../text/refusal.ts';
import { errnoName } from '../uapi/errno.ts';
import { errnoMeaning } from '../uapi/errno-meaning.ts';
import type { Fd } from '../uapi/ids.ts';
import type { Files } from './files.ts';
import type { Processes } from './processes.ts';
import type { Sockets } from './sockets.ts';

/** poll(2) event bits. */
export const Poll = { IN: 0x1, OUT: 0x4, ERR: 0x8, HUP: 0x10, NVAL: 0x20, RDNORM: 0x40 } as const;

/** open(2) flags used here. */
export const Open = { RDONLY: 0, RDWR: 2, CLOEXEC: 0o2000000 } as const;

export interface PollFd {
  readonly fd: number;
  readonly events: number;
  /** Filled in by poll. */
  revents: number;
}

/** A system call that was refused: what was tried, on what, what the kernel said, and what to do about it. */
export abstract class CallRefused extends Refusal {
  readonly operation: string;
  /** As in the headers: above 0. */
  readonly errno: number;
  readonly target: string;

  constructor(operation: string, errno: number, target: string) {
    const { meaning, hint } = errnoMeaning(operation, errno);
    super('kernel', `${operation}${target ? ` (${target})` : ''}: ${errnoName(errno)}, ${meaning}`, hint);
    this.operation = operation;
    this.errno = errno;
    this.target = target;
  }

  get errnoName(): string {
    return errnoName(this.errno);
  }

  override said(): Said {
    return { ...super.said(), operation: this.operation, errno: this.errnoName };
  }
}

/** The refusal of a call of the port that does not return a number. */
export class KernelRefusal extends CallRefused {
  constructor(operation: string, errno: number) {
    super(operation, errno, '');
  }
}

/** What a call of the port returns, or the handler's result for its refusal. */
export const ifRefused = <T, R>(call: () => T, otherwise: (refusal: KernelRefusal) => R): T | R =>
  catching(KernelRefusal, call, otherwise);

/** The refusal of a call of the port; null: it was not refused. */
export const refusalOf = (call: () => void): KernelRefusal | null =>
  ifRefused(
    () => {
      call();
      return null;
    },
    (refusal) => refusal,
  );

/** Memory whose address can be passed to the kernel: what IOAS_MAP pins, or a pointer inside a struct refers to. */
export interface UserMemory {
  readonly address: bigint;
  readonly bytes: Uint8Array;
  free(): void;
}

/**
 * What another thread needs to wake a poll. On linux the number of an eventfd, which the threads of a process share;
 * in sim a shared cell. It can be posted to another thread unchanged.
 */
export type WakeHandle =
  | { readonly kind: 'eventfd'; readonly fd: number }
  | { readonly kind: 'shared'; readonly cell: SharedArrayBuffer };

/** The wake-up of one poller: `fd` goes into the poll set, `clear` is called when it was readable. */
export interface Wakeup {
  readonly fd: Fd;
  readonly handle: WakeHandle;
  clear(): void;
}

/** A write into an attribute that may block in the kernel for any time. After `go` it cannot be cancelled. */
export interface SlowWrite {
  /** PID of the writer, for /proc/PID/stack; null: not known. */
  readonly pid: number | null;
  /** Everything before the write is done; or it can never be done, and `result` says so. */
  isReady(): boolean;
  /** Lets it write, at once if it is ready. */
  go(): void;
  /** Instead of `go`: nothing is written. The end of our process before `go` does the same. */
  cancel(): void;
  /** 0 or the negative errno; null: it has not returned yet. */
  result(): number | null;
}

export interface Kernel {
  readonly name: 'linux' | 'sim';
  readonly files: Files;
  /** null: other processes cannot be accessed. */
  readonly processes: Processes | null;
  readonly sockets: Sockets | null;
  open(path: string, flags: number): number;
  close(fd: number): number;
  /**
   * Prepares a write (Files.write) that need not be waited for: the process can exit while it blocks. Any failure is its
   * result.
   */
  writeBeside(path: string, text: string): SlowWrite;
  /** `arg` is read and written in place, as the kernel does. Pointers inside it are `UserMemory` addresses. */
  ioctl(fd: number, request: number, arg: Uint8Array): number;
  /** Reads up to `count` (default: all of `bytes`) into the start of `bytes`. */
  read(fd: number, bytes: Uint8Array, count?: number): number;
  /** pread(2): fault descriptors refuse it with ESPIPE. */
  pread(fd: number, bytes: Uint8Array, count: number, position: number): number;
  /** Writes the first `count` (default: all) of `bytes`. */
  write(fd: number, bytes: Uint8Array, count?: number): number;
  pwrite(fd: number, bytes: Uint8Array, count: number, position: number): number;
  /** Fills in `revents` and returns how many are not 0. `timeoutMs` -1 waits for ever, 0 not at all. */
  poll(fds: PollFd[], timeoutMs: number): number;
  dup(fd: number): number;
  /** Anonymous, zeroed, page-aligned memory; `length` is rounded up to whole pages. Throws KernelRefusal when there is none. */
  memory(length: number): UserMemory;
  /** A new wake-up for a poller. Throws KernelRefusal, most likely EMFILE. */
  wakeup(): Wakeup;
  /** Monotonic time in nanoseconds; a simulated kernel's own. */
  now(): bigint;
}
