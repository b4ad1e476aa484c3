// What can be done to another process: watching it, taking its queues over, stopping and resuming it.

import { FaultQueue } from '../../iommufd/fault-queue.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { Processes } from '../../kernel/processes.ts';
import { type Descriptors, findDescriptors, Unseen } from '../../process/descriptors.ts';
import { processIdentity } from '../../process/identity.ts';
import { descriptorsOf, ended, hasEnded } from '../../process/open-process.ts';
import { type OwnerFacts, ownerFacts } from '../../process/owner.ts';
import { ptraceObstacle } from '../../process/permission.ts';
import { awaitStop, continueProcess, type Stoppable, standsStill, stopProcess } from '../../process/stop.ts';
import type { OwnerRow } from '../../protocol/messages.ts';
import { asError, Refusal } from '../../text/refusal.ts';
import type { FaultId, Fd } from '../../uapi/ids.ts';
import type { OwnerControl } from '../source.ts';
import type { UndoLog } from '../undo/undo-log.ts';
import { type Looked, ProcessQueues } from './process-queues.ts';

const NONE: OwnerFacts = {
  comm: '?',
  command: '',
  uid: null,
  state: null,
  threads: 0,
  wchan: null,
  syscall: null,
  stack: null,
  unread: [],
};

export class ProcessOwner implements OwnerControl {
  readonly pid: number;
  /** Those that were taken over; one that was given back keeps its place. */
  readonly queues: FaultQueue[] = [];
  readonly #kernel: Kernel;
  readonly #owner: Stoppable;
  readonly #undo: Pick<UndoLog, 'add'>;
  readonly #table: ProcessQueues;
  #descriptors: Descriptors;
  #facts: OwnerFacts;
  #unread: string[] = [];
  /** Not null: we have stopped it. Takes the entry out of the undo log. */
  #undone: (() => void) | null = null;
  #left = false;

  /** Throws Refusal if it has no fault queue, or cannot be inspected. */
  constructor(kernel: Kernel, processes: Processes, pid: number, pidfd: Fd, undo: Pick<UndoLog, 'add'>) {
    this.pid = pid;
    this.#kernel = kernel;
    this.#owner = { kernel, processes, pid, pidfd };
    this.#undo = undo;
    this.#table = new ProcessQueues(kernel, processes, pid, pidfd);
    this.#descriptors = descriptorsOf(kernel, pid, pidfd);
    this.#facts = ownerFacts(kernel.files, pid) ?? NONE;
  }

  get comm(): string {
    return this.#facts.comm;
  }

  get stopped(): boolean {
    return this.#undone !== null;
  }

  get goesOnAtEnd(): boolean {
    return this.stopped && !this.#left;
  }

  get ended(): boolean {
    return hasEnded(this.#kernel, this.#owner.pidfd);
  }

  /** The name of the one device that it has; null: it has none, or several. */
  get deviceName(): string | null {
    const [only, another] = this.#descriptors.devices;
    return another ? null : (only?.address ?? null);
  }

  /** Reads its state again. Steals nothing and holds nothing. */
  look(nowNs: bigint): Looked {
    const { files } = this.#kernel;
    this.#facts = ownerFacts(files, this.pid) ?? { ...NONE, comm: this.comm };
    this.#unread = [];
    try {
      this.#descriptors = findDescriptors(files, this.pid);
    } catch (error) {
      if (!(error instanceof Unseen)) throw error;
      this.#unread.push(`descriptors: ${error.errno}`);
      return { opened: [], gone: [], refused: null };
    }
    const looked = this.#table.look(this.#descriptors.faultQueues, nowNs);
    if (looked.refused !== null) {
      const { why, hint } = ptraceObstacle(files, this.pid);
      const because = looked.refused === 'EPERM' ? `; ${why}; ${hint}` : '';
      this.#unread.push(`whether groups wait in its queues: ${looked.refused}${because}`);
    }
    return looked;
  }

  report(nowNs: bigint): OwnerRow {
    const { unread, ...facts } = this.#facts;
    const queues = this.#table.all.map((queue) => queue.row(nowNs));
    const { iommufds, devices } = this.#descriptors;
    return {
      pid: this.pid,
      ...facts,
      stopped: this.stopped,
      goesOnAtEnd: this.goesOnAtEnd,
      taken: queues.some(({ queue }) => queue !== null),
      queues,
      iommufds: [...iommufds],
      devices: devices.map((device) => ({ ...device })),
      unread: [...unread, ...this.#unread],
    };
  }

  take(): { queue: number; fd: number }[] {
    const { kernel, pidfd } = this.#owner;
    this.#descriptors = descriptorsOf(kernel, this.pid, pidfd);
    return this.#table.take(
      this.#descriptors.faultQueues,
      (fd) => this.queues.push(new FaultQueue(kernel, 0 as FaultId, fd)) - 1,
    );
  }

  giveBack(queues: readonly number[]): void {
    for (const queue of queues) {
      this.#table.released(queue);
      this.queues[queue]?.closeFd();
    }
  }

  stop(): boolean {
    if (this.stopped || standsStill(this.#owner)) return false;
    const identity = processIdentity(this.#kernel.files, this.pid);
    if (!identity) throw ended(this.pid);
    const undone = this.#undo.add({ kind: 'stopped', pid: this.pid, startTime: identity.startTime });
    try {
      stopProcess(this.#owner);
    } catch (error) {
      undone();
      throw error;
    }
    this.#undone = undone;
    this.#left = false;
    try {
      awaitStop(this.#owner);
    } catch (error) {
      this.resume();
      throw error;
    }
    return true;
  }

  /** If that is refused it stays stopped, and we must resume it. */
  resume(): void {
    const undone = this.#undone;
    if (!undone) return;
    try {
      continueProcess(this.#owner);
    } catch (error) {
      if (error instanceof Refusal && error.kind === 'gone') this.#goesOn(undone);
      throw error;
    }
    this.#goesOn(undone);
  }

  #goesOn(undone: () => void): void {
    this.#undone = null;
    if (!this.#left) undone();
  }

  leaveStopped(): void {
    const undone = this.#undone;
    if (!undone || this.#left) return;
    this.#left = true;
    undone();
  }

  /** Resumes it unless it must stay stopped, and closes what is ours. Returns what failed. */
  close(): Error[] {
    const failures: Error[] = [];
    const attempt = (call: () => void): void => {
      try {
        call();
      } catch (error) {
        failures.push(asError(error));
      }
    };
    if (this.goesOnAtEnd) attempt(() => this.resume());
    for (const [queue] of this.queues.entries()) attempt(() => this.giveBack([queue]));
    this.#kernel.close(this.#owner.pidfd);
    return failures;
  }
}
