// Where faults come from, however it was found or made: what it is, its devices and attachments, what to poll and read; and
// what can be done there, each an object that is there or null.
import type { FaultQueue } from '../iommufd/fault-queue.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Abilities, Handles, Hello, HwptKind, NoticeKind, OwnerRow } from '../protocol/messages.ts';
import type { Fd, Grpid } from '../uapi/ids.ts';

export interface SourceDevice {
  readonly devId: number;
  readonly name: string;
  readonly pasidCapable: boolean;
  /** Of its IOMMU group, whose devices follow one attachment; null or absent: it is alone, or that is not known. */
  readonly group?: number | null;
  /** Why it is attached without a fault object, and the same in doubt; null or absent: it is not. */
  readonly cannotFault?: string | null;
  readonly doubt?: string | null;
}

export interface SourceHwpt {
  readonly id: number;
  readonly kind: HwptKind;
  readonly ioasId: number;
  readonly faultId: number | null;
}

/** A device, or one PASID of it, and the HWPT it is attached to. */
export interface Attachment {
  readonly devId: number;
  /** null: the device itself. */
  readonly pasid: number | null;
  readonly hwpt: SourceHwpt;
  /** A detach may leave it attached to the kernel: another device of its IOMMU group, of which we do not know, is. */
  readonly shared?: boolean;
}

/** A PASID that has an SVA bond: the kernel answers its faults itself, from the memory of the process that it is bound to. */
export interface SvaBond {
  readonly devId: number;
  readonly pasid: number;
}

/** An existing HWPT (or an IOAS, for one that the kernel makes and that has no fault queue), or one to make. */
export type HwptChoice = number | 'new-paging' | 'new-nested';

export interface TriggerRequest {
  devId: number;
  pasid: number | null;
  grpid: number;
  /** PgfaultPerm bits. */
  perm: number;
  addr: bigint;
}

/** Something that a scenario does to an attachment at its time. */
export interface ScenarioAction {
  readonly action: 'detach' | 'replace';
  readonly devId: number;
  readonly pasid: number | null;
}

/** Something that happened at the source of the faults. */
export interface NoticeAction {
  readonly action: 'notice';
  readonly what: NoticeKind;
  readonly text: string;
  readonly pid?: number;
  readonly queue?: number;
  readonly device?: string;
}

/** What a tick brings about; executed, counted and reported by the engine. */
export type SourceAction =
  | ScenarioAction
  | NoticeAction
  /** The process that handed the queue over takes it back or has ended: settle what is outstanding in it, then `closeQueue`. */
  | { readonly action: 'close-queue'; readonly queue: number; readonly text: string }
  /** There is nothing left to watch. */
  | { readonly action: 'end'; readonly reason: 'owner-ended'; readonly text: string };

/** Faults are answered here: by writing into the queues. */
export interface Answering {
  /** Notified of every answer: devices that are played beside a real kernel. null: nobody is. */
  readonly listener: AnswerListener | null;
}

export interface AnswerListener {
  /** A group of the device was answered, by us or (code INVALID) by the kernel. */
  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void;
}

/** The attachments of devices and PASIDs can be changed. Each throws IommufdError and Refusal. */
export interface Attaching {
  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment;
  /**
   * One step for the device: what was outstanding on the old attachment is answered INVALID by the kernel. Attachments of
   * other devices of its IOMMU group change with it, as they do when it is detached: `attachments` has new ones.
   */
  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: SourceHwpt };
  detach(devId: number, pasid: number | null): SourceHwpt;
}

/** Memory can be put behind faulting addresses. */
export interface Mapping {
  /**
   * Maps fresh memory at the pages in the IOAS of the attachment; pages that are mapped already are left alone. Throws
   * IommufdError and Refusal.
   */
  map(devId: number, pasid: number | null, pages: readonly bigint[]): void;
  /**
   * Is there memory behind all of the pages in the IOAS of the attachment? null where it is not known: a nested HWPT, whose
   * stage-1 table is the guest's, a played device whose guest sees to it (`resolve = "guest"`), or nothing attached. Where it
   * is false, SUCCESS makes the device fault again.
   */
  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null;
}

/** Devices can be made to fault. */
export interface Triggering {
  /** Throws IommufdError and Refusal. */
  trigger(request: TriggerRequest): void;
}

/** The other process (--pid): its state, and what can be done to it. Each throws IommufdError and Refusal. */
export interface OwnerControl {
  readonly pid: number;
  /** What is known about it now. */
  report(nowNs: bigint): OwnerRow;
  /**
   * Its queues join `queues`, those that have not yet; all of them or none. Returns their indices, and the owner's descriptor
   * of each.
   */
  take(): { queue: number; fd: number }[];
  /** Closes our descriptors of these queues: from then on the owner alone reads them. */
  giveBack(queues: readonly number[]): void;
  /**
   * SIGSTOP, and waits until every thread is stopped. Returns whether this stopped it: false if it was already stopped, by us
   * or by others.
   */
  stop(): boolean;
  /** SIGCONT if we have stopped it. */
  resume(): void;
  /** What we have stopped stays so when we close, or die. `resume` is still possible. */
  leaveStopped(): void;
  /** We have stopped it. */
  readonly stopped: boolean;
  /** We have stopped it, and resume it when we close. */
  readonly goesOnAtEnd: boolean;
  readonly ended: boolean;
}

/**
 * The queues are not ours: closing our descriptors answers nothing, so what we have read must be answered before we
 * leave; and devices are known by their faults, unless the lender of the queues names them.
 */
export interface Lent {
  /** A fault of a device came that was not known: its name, from now on, is in `devices`. */
  seen(devId: number): void;
  /** Closes our descriptor of a queue that `close-queue` was about. */
  closeQueue(queue: number): void;
}

/** A group as its device calls it. */
export interface GroupName {
  readonly devId: number;
  /** -1: none. */
  readonly pasid: number;
  readonly grpid: number;
}

/** How a group ended that we have not answered, and who ended it; `unknown`: not known how. */
export interface EndElsewhere {
  readonly how: 'success' | 'invalid' | 'unknown';
  readonly by: 'kernel' | 'process' | 'nobody';
}

/** Takes what a source has received: a trace, a recording. Times are the kernel's, and rise. */
export interface FaultSink {
  /** Whole groups, as records of the kernel's form; all came at that time. At most READ_RECORDS of them. */
  seen(records: Uint8Array, atNs: bigint): void;
  /** It is outstanding no longer, and it was not we who answered it; one that is not outstanding is passed over. */
  ended(group: GroupName, end: EndElsewhere, atNs: bigint): void;
  /** So many records were lost before the source could see them. */
  lost(count: number, atNs: bigint): void;
}

/** Its methods throw IommufdError for what the kernel refuses and Refusal for what the source does. */
export interface FaultSource {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  /**
   * Those that have a descriptor here, read and answered through it. Grows at its end; a queue that is closed keeps its place.
   */
  readonly queues: readonly FaultQueue[];
  /** Descriptors besides the queues whose readiness calls for a `tick`. */
  readonly watches: readonly Fd[];
  /** null: they are ours, or there are none. */
  readonly lent: Lent | null;
  readonly devices: readonly SourceDevice[];
  readonly attachments: readonly Attachment[];
  /** The known SVA bonds: those of the simulated kernel. A real one does not report them. */
  readonly bonds?: readonly SvaBond[];
  readonly hwpts: readonly SourceHwpt[];
  /** What a program needs to use the devices (`iopftop exec`). */
  readonly handles: Handles | null;

  readonly answering: Answering | null;
  readonly attaching: Attaching | null;
  readonly mapping: Mapping | null;
  readonly triggering: Triggering | null;
  readonly owner: OwnerControl | null;

  /** When it wants `tick` next, in kernel time; null: it does not. */
  nextDueNs(): bigint | null;
  /** Where faults are not read from queues but told of: those since the last time. */
  read?(into: FaultSink): void;
  /** Lets it act; the actions it returns are carried out, counted and told by the engine. */
  tick(nowNs: bigint): SourceAction[];
  /** A note about a device, as it is now; null: none. */
  note?(devId: number): string | null;
  /**
   * Since when a simulated device has been stuck because a fault has no answer, in kernel time; null: it is not, or does not
   * say.
   */
  hungSince?(devId: number): bigint | null;

  /** Undoes all, in the order that the kernel needs; returns what failed. */
  close(): Error[];
  /** What to report after that, besides what failed. */
  parting?(): readonly NoticeAction[];
}

/** What `hello` says about it. */
export const abilitiesOf = (source: FaultSource): Abilities => ({
  answer: source.answering !== null,
  attach: source.attaching !== null,
  map: source.mapping !== null,
  trigger: source.triggering !== null,
  owner: source.owner !== null,
  hold: source.answering !== null && source.lent === null,
});
