// What an engine works on: fault queues, devices and what they are attached to, however they were found or made.

import type { FaultQueue } from '../iommufd/fault-queue.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Handles, Hello, HwptKind, NoticeKind, OwnerRow } from '../protocol/messages.ts';
import type { Fd, Grpid } from '../uapi/ids.ts';

export interface TargetDevice {
  readonly devId: number;
  readonly name: string;
  readonly pasidCapable: boolean;
  /** Of its IOMMU group, whose devices follow one attachment; null or absent: it is alone, or that is not known. */
  readonly group?: number | null;
}

export interface TargetHwpt {
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
  readonly hwpt: TargetHwpt;
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

/** Something that happened to where the faults come from. */
export interface NoticeAction {
  readonly action: 'notice';
  readonly what: NoticeKind;
  readonly text: string;
  readonly pid?: number;
  readonly queue?: number;
  readonly device?: string;
}

/** What a tick brings about; carried out, counted and told by the engine. */
export type TargetAction =
  | ScenarioAction
  | NoticeAction
  /** Whoever handed the queue over takes it back or has ended: settle what is outstanding in it, then `closeQueue`. */
  | { readonly action: 'close-queue'; readonly queue: number; readonly text: string }
  /** There is nothing left to look at. */
  | { readonly action: 'end'; readonly reason: 'owner-ended'; readonly text: string };

/** The other process (--pid): looking at it, and what can be done to it. Each throws IommufdError and Refusal. */
export interface ProcessControl {
  readonly pid: number;
  /** What is known of it now. */
  report(nowNs: bigint): OwnerRow;
  /**
   * Its queues join `queues`, those that have not yet; all of them or none. Returns their indices, and the owner's descriptor
   * of each.
   */
  take(): { queue: number; fd: number }[];
  /** Closes our descriptors of these queues: from then on the owner alone reads them. */
  giveBack(queues: readonly number[]): void;
  /**
   * SIGSTOP, and waits until every thread stands still. Returns whether it is we who stopped it: false where it stood still
   * already, by us or by others.
   */
  stop(): boolean;
  /** SIGCONT where we have stopped it. */
  resume(): void;
  /** What we have stopped stays so when we close, or die. `resume` is still possible. */
  leaveStopped(): void;
  /** We have stopped it. */
  readonly stopped: boolean;
  /** We have stopped it, and let it go on when we close. */
  readonly goesOnAtEnd: boolean;
  readonly ended: boolean;
}

/** All methods throw IommufdError for what the kernel refuses and Refusal for what the target does. */
export interface Target {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  /** Grows at its end; a queue that is closed keeps its place. */
  readonly queues: readonly FaultQueue[];
  /** Descriptors besides the queues whose readiness calls for a `tick`. */
  readonly watches: readonly Fd[];
  /**
   * Whether the queues are not ours: closing our descriptors answers nothing, so that what we have read has to be answered
   * before we leave.
   */
  readonly borrowed: boolean;
  readonly process: ProcessControl | null;
  readonly handles: Handles | null;
  readonly devices: readonly TargetDevice[];
  readonly attachments: readonly Attachment[];
  /** SVA bonds that are known: those of the simulated kernel. A real one tells nobody of them. */
  readonly bonds?: readonly SvaBond[];
  readonly hwpts: readonly TargetHwpt[];

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment;
  /**
   * One step for the device: what was outstanding on the old attachment is answered INVALID by the kernel. Attachments of
   * other devices of its IOMMU group change with it, as they do when it is detached: `attachments` has new ones.
   */
  replace(devId: number, pasid: number | null, choice: HwptChoice): { attachment: Attachment; old: TargetHwpt };
  detach(devId: number, pasid: number | null): TargetHwpt;
  trigger(request: TriggerRequest): void;
  /** Maps fresh memory at the pages in the IOAS of the attachment; pages that are mapped already are left alone. */
  map(devId: number, pasid: number | null, pages: readonly bigint[]): void;

  /**
   * Is there memory behind all of the pages in the IOAS of the attachment? null where it is not known: a nested HWPT, whose
   * stage-1 table is the guest's, a played device whose guest sees to it (`resolve = "guest"`), or nothing attached. Where it
   * is false, SUCCESS makes the device fault again.
   */
  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null;

  /** When the scenario wants `tick` next, in kernel time; null: it does not. */
  nextDueNs(): bigint | null;
  /** Lets the scenario act; the actions it returns are carried out, counted and told by the engine. */
  tick(nowNs: bigint): TargetAction[];
  /** Whether it wants to hear of answers. */
  readonly listens: boolean;
  /** A fault of a device came that was not known: its name, from now on, is in `devices`. */
  seen(devId: number): void;
  /** Closes our descriptor of a queue that `close-queue` was about. */
  closeQueue(queue: number): void;
  /** A group of the device was answered, by us or (code INVALID) by the kernel. */
  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void;
  /** What a simulated device says of itself, null where it has nothing to say. */
  note(devId: number): string | null;
  /** Since when a simulated device has stood still for want of an answer, in kernel time; null: it does not, or does not say. */
  hungSince(devId: number): bigint | null;

  /** Undoes all, in the order that the kernel wants; returns what failed. */
  close(): Error[];
  /** What is to be told after that, besides what failed. */
  parting?(): readonly NoticeAction[];
}
