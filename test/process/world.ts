// A process that owns fault queues, over the simulated kernel: its fault objects are real ones of it, its descriptors,
// threads and signals are played. Both the owner's descriptors and ours are numbers of the one simulated kernel.
import type { Kernel } from '../../src/kernel/kernel.ts';
import { type Processes, Signal } from '../../src/kernel/processes.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { wake } from '../../src/kernel/wake.ts';
import { Errno } from '../../src/uapi/errno.ts';
import type { Fd } from '../../src/uapi/ids.ts';
import { Context } from '../contract/context.ts';
import { type Delivering, paging } from '../contract/fixture.ts';
import { MemoryFiles } from './memory-files.ts';

export const PID = 100;
export const OWN = 7;
const PGFAULT = 'anon_inode:[iommufd-pgfault]';

export interface Thread {
  tid: number;
  state: string;
  /** D: SIGSTOP does not stop it. */
  stuck?: boolean;
}

export class World {
  readonly clock = new VirtualClock();
  readonly sim = new SimKernel({ clock: this.clock });
  readonly files = new MemoryFiles();
  readonly processes = new PlayedProcesses(this);
  readonly owner = new Context(this.sim);
  readonly threads: Thread[] = [{ tid: PID, state: 'S' }];
  /** Open file behind each of the owner's numbers: a descriptor of the simulated kernel. */
  readonly descriptors = new Map<number, number>();
  readonly kernel: Kernel;
  /** Descriptors of ours that are open: what was duplicated and not closed. */
  readonly ours = new Set<number>();
  readonly undo: string[] = [];

  constructor() {
    const { sim, files, processes, ours } = this;
    const own: Partial<Record<keyof Kernel, unknown>> = {
      files,
      processes,
      close(fd: number) {
        ours.delete(fd);
        return sim.close(fd);
      },
    };
    this.kernel = new Proxy(sim as unknown as Kernel, {
      get(_, name: keyof Kernel) {
        if (name in own) return own[name];
        const value = sim[name] as unknown;
        return typeof value === 'function' ? value.bind(sim) : value;
      },
    });
    this.#describe();
  }

  #describe(): void {
    const proc = `/proc/${PID}`;
    const stat = ({ tid, state }: Thread): string =>
      `${tid} (qemu (1)) ${state} 1 1 1 0 -1 4194304 ${'0 '.repeat(12)}88 0`;
    this.files.texts.set(`${proc}/stat`, () => stat(this.threads[0] as Thread));
    this.files.texts.set(
      `${proc}/status`,
      () =>
        `Name:\tqemu (1)\nState:\t${this.threads[0]?.state} (x)\nThreads:\t${this.threads.length}\nUid:\t64\t64\t64\t64\n`,
    );
    this.files.texts.set(`${proc}/cmdline`, 'qemu\0-device\0vfio-pci\0');
    this.files.texts.set(`${proc}/wchan`, 'futex_do_wait');
    this.files.texts.set(`${proc}/syscall`, '202 0x1 0x2');
    this.files.texts.set(`${proc}/stack`, '[<0>] futex_do_wait+0x1/0x2\n[<0>] do_syscall_64+0x1/0x2\n');
    this.files.texts.set('/proc/sys/kernel/random/boot_id', 'b\n');
    this.files.links.set('/proc/self', String(OWN));
    this.files.texts.set('/proc/self/status', 'Name:\tnode\nUid:\t0\t0\t0\t0\nCapEff:\t000001ffffffffff\n');
    this.thread(this.threads[0] as Thread);
  }

  thread(thread: Thread): void {
    if (!this.threads.includes(thread)) this.threads.push(thread);
    const line = (): string => `${thread.tid} (worker) ${thread.state} 1 1 1 0 -1 64 ${'0 '.repeat(12)}88 0`;
    this.files.texts.set(`/proc/${PID}/task/${thread.tid}/stat`, line);
    this.files.texts.set(`/proc/${PID}/task/${thread.tid}/wchan`, 'vfio_dma_wait');
  }

  /** The owner has this number open; `ours` is the simulated kernel's. */
  open(number: number, ours: number, link = PGFAULT): void {
    this.descriptors.set(number, ours);
    this.files.links.set(`/proc/${PID}/fd/${number}`, link);
  }

  closeNumber(number: number): void {
    this.descriptors.delete(number);
    this.files.links.delete(`/proc/${PID}/fd/${number}`);
  }

  /** A device of the owner and its fault queue, at this number. */
  queue(number: number): Delivering {
    const device = paging(this.owner);
    this.open(number, device.fd);
    return device;
  }

  fault(device: Delivering, count = 1): void {
    for (let i = 0; i < count; i++) this.owner.trigger({ dev: device.idev, grpid: i & 511, addr: BigInt(i) << 12n });
  }

  /** The process ends: its descriptors close, and the pidfd becomes readable. */
  end(): void {
    this.files.clear(`/proc/${PID}`);
    this.threads.splice(0);
    this.descriptors.clear();
    this.owner.end();
    this.processes.end();
  }

  readonly undoLog = {
    add: ({ kind }: { kind: string }): (() => void) => {
      this.undo.push(kind);
      return () => void this.undo.splice(this.undo.indexOf(kind), 1);
    },
  };
}

class PlayedProcesses implements Processes {
  readonly #world: World;
  readonly signals: number[] = [];
  /** Without it, compareFiles is ENOSYS. */
  kcmp = true;
  /** Errno of every pidfd_getfd but the first so many. */
  refuse: { errno: number; after: number } | null = null;
  signalErrno = 0;
  openErrno = 0;
  /** How many descriptors were duplicated, ever. */
  duplicated = 0;
  readonly #files = new Map<number, number>();
  readonly #flags = new Map<number, number>();
  #end: (() => void)[] = [];

  constructor(world: World) {
    this.#world = world;
  }

  pidfdOpen(pid: number): number {
    if (this.openErrno) return -this.openErrno;
    if (pid !== PID) return -Errno.ESRCH;
    const wakeup = this.#world.sim.wakeup();
    this.#world.ours.add(wakeup.fd);
    this.#end.push(() => wake(wakeup.handle));
    return wakeup.fd;
  }

  end(): void {
    for (const end of this.#end.splice(0)) end();
  }

  pidfdGetfd(_pidfd: Fd, number: number): number {
    if (this.#world.threads.length === 0) return -Errno.ESRCH;
    const fd = this.#world.descriptors.get(number);
    if (fd === undefined) return -Errno.EBADF;
    if (this.refuse && this.refuse.after-- <= 0) return -this.refuse.errno;
    this.duplicated++;
    const copy = this.#world.sim.dup(fd);
    this.#world.ours.add(copy);
    this.#files.set(copy, fd);
    return copy;
  }

  sendSignal(_pidfd: Fd, signal: number): number {
    if (this.signalErrno) return -this.signalErrno;
    if (this.#world.threads.length === 0) return -Errno.ESRCH;
    this.signals.push(signal);
    for (const thread of this.#world.threads) {
      if (signal === Signal.STOP && !thread.stuck) thread.state = 'T';
      if (signal === Signal.CONT && thread.state === 'T') thread.state = 'S';
    }
    return 0;
  }

  compareFiles(a: Fd, b: Fd): number {
    if (!this.kcmp) return -Errno.ENOSYS;
    return this.#files.get(a) === this.#files.get(b) ? 0 : 1;
  }

  fileFlags(fd: Fd): number {
    const file = this.#files.get(fd);
    return file === undefined ? -Errno.EBADF : (this.#flags.get(file) ?? 2);
  }

  setFileFlags(fd: Fd, flags: number): number {
    this.#flags.set(this.#files.get(fd) as number, flags);
    return 0;
  }

  closeOnExec(): number {
    return 0;
  }
}
