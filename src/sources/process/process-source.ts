// The fault queues of another process as a source. Watching steals nothing; what is taken over is borrowed: closing our
// descriptors answers nothing.

import type { Kernel } from '../../kernel/kernel.ts';
import { hasEnded, openProcessById } from '../../process/open-process.ts';
import type { Hello } from '../../protocol/messages.ts';
import { takenText } from '../../text/owner-risk.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import type { Fd } from '../../uapi/ids.ts';
import type { FaultSource, Lent, SourceAction, SourceDevice } from '../source.ts';
import type { Notice } from '../undo/recover.ts';
import type { UndoLog } from '../undo/undo-log.ts';
import { ProcessOwner } from './process-control.ts';
import type { ProcessQueue } from './process-queue.ts';

/** At most twice per second: each check duplicates descriptors. */
const LOOK_NS = 500_000_000n;

export interface ProcessSourceOptions {
  readonly pid: number;
  readonly take: boolean;
  /** Our own PID: we cannot be the owner. */
  readonly own: number;
  readonly undo: Pick<UndoLog, 'add'>;
  /** What was undone at the start. */
  readonly recovered: readonly Notice[];
}

export class ProcessSource implements FaultSource, Lent {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  readonly lent = this;
  readonly handles = null;
  readonly attachments = [];
  readonly hwpts = [];
  readonly answering = { listener: null };
  readonly attaching = null;
  /** IOAS_MAP through a descriptor of the owner would pin our memory, which ends with us (iopt_map_user_pages). */
  readonly mapping = null;
  readonly triggering = null;
  readonly owner: ProcessOwner;
  readonly devices: SourceDevice[] = [];
  readonly #pidfd: Fd;
  /** --take: also what it opens later. */
  readonly #takes: boolean;
  #actions: SourceAction[] = [];
  #nextLook: bigint | null;
  #over = false;

  /** Throws Refusal with nothing held. */
  constructor(kernel: Kernel, { pid, take, own, undo, recovered }: ProcessSourceOptions) {
    const { processes } = kernel;
    if (!processes) throw new Refusal('refused', 'the simulated kernel cannot access other processes');
    this.kernel = kernel;
    this.#takes = take;
    this.#actions.push(...recovered);
    this.#pidfd = openProcessById(kernel, processes, pid, own);
    this.owner = this.#open(() => new ProcessOwner(kernel, processes, pid, this.#pidfd, undo));
    try {
      if (take) this.#take();
      this.owner.look(kernel.now());
    } catch (error) {
      this.owner.close();
      throw error;
    }
    this.#nextLook = kernel.now() + LOOK_NS;
    this.info = { kind: 'process', mock: false, label: `PID ${pid} ${this.owner.comm}`, scenario: null, seed: null };
  }

  #open(call: () => ProcessOwner): ProcessOwner {
    try {
      return call();
    } catch (error) {
      this.kernel.close(this.#pidfd);
      throw error;
    }
  }

  #take(): void {
    const { pid } = this.owner;
    for (const { queue, fd } of this.owner.take()) {
      const text = takenText(queue, fd, pid);
      this.#actions.push({ action: 'notice', what: 'taken', text, pid, queue });
    }
  }

  /** What it has opened since. What cannot be taken stays with it, and that is reported. */
  #takeMore(): void {
    const { pid } = this.owner;
    try {
      this.#take();
    } catch (error) {
      if (!isExpected(error)) throw error;
      const text = `not taken over: ${error.message}${error.hint === null ? '' : `; ${error.hint}`}`;
      this.#actions.push({ action: 'notice', what: 'queue-opened', text, pid });
    }
  }

  get queues() {
    return this.owner.queues;
  }

  get watches(): readonly Fd[] {
    return this.#over ? [] : [this.#pidfd];
  }

  nextDueNs(): bigint | null {
    return this.#actions.length > 0 ? this.kernel.now() : this.#nextLook;
  }

  tick(nowNs: bigint): SourceAction[] {
    if (!this.#over) {
      if (hasEnded(this.kernel, this.#pidfd)) this.#end(nowNs);
      else if (this.#nextLook !== null && nowNs >= this.#nextLook) this.#look(nowNs);
    }
    return this.#actions.splice(0);
  }

  #look(nowNs: bigint): void {
    this.#nextLook = nowNs + LOOK_NS;
    const { opened, gone } = this.owner.look(nowNs);
    const { pid } = this.owner;
    for (const { fds } of opened) {
      const then = this.#takes ? '' : '; not taken over: use `take`';
      const text = `PID ${pid} has another fault queue, descriptor ${fds.join(', ')}${then}`;
      this.#actions.push({ action: 'notice', what: 'queue-opened', text, pid });
    }
    for (const queue of gone) this.#gone(queue);
    if (this.#takes && opened.length > 0) this.#takeMore();
  }

  #gone({ fds, taken }: ProcessQueue): void {
    const { pid } = this.owner;
    const text = `PID ${pid} closed its fault queue, descriptor ${fds.join(', ')}`;
    if (taken === null) this.#actions.push({ action: 'notice', what: 'queue-closed', text, pid });
    else this.#actions.push({ action: 'close-queue', queue: taken.queue, text });
  }

  /** Its descriptors are closed. Our duplicates keep its iommufd alive, and its devices attached, until we close them. */
  #end(nowNs: bigint): void {
    this.#over = true;
    this.#nextLook = null;
    const { pid } = this.owner;
    const text = `PID ${pid} has ended: the kernel answers INVALID to the groups left in its queues`;
    this.owner.look(nowNs);
    this.#actions.push({ action: 'notice', what: 'owner-ended', text, pid });
    for (const [queue, { closed }] of this.queues.entries()) {
      if (!closed)
        this.#actions.push({ action: 'close-queue', queue, text: `queue ${queue} closed: PID ${pid} has ended` });
    }
    this.#actions.push({ action: 'end', reason: 'owner-ended', text });
  }

  seen(devId: number): void {
    if (this.devices.some((device) => device.devId === devId)) return;
    this.devices.push({ devId, name: this.owner.deviceName ?? `device ${devId}`, pasidCapable: false });
  }

  closeQueue(queue: number): void {
    this.owner.giveBack([queue]);
  }

  close(): Error[] {
    this.#over = true;
    return this.owner.close();
  }
}
