// What an engine works on: fault queues, devices and what they are attached to, however they were found or made.
import type { FaultQueue } from '../iommufd/fault-queue.ts';
import type { Kernel } from '../kernel/kernel.ts';
import type { Hello, HwptKind } from '../protocol/messages.ts';

export interface TargetDevice {
  readonly devId: number;
  readonly name: string;
  readonly pasidCapable: boolean;
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

/** A request that makes no sense on this target: said to whoever asked, and nothing was changed. */
export class TargetRefusal extends Error {
  readonly kind: 'gone' | 'refused';
  readonly hint: string | null;

  constructor(kind: 'gone' | 'refused', message: string, hint: string | null = null) {
    super(message);
    this.name = 'TargetRefusal';
    this.kind = kind;
    this.hint = hint;
  }
}

/** All methods throw IommufdError for what the kernel refuses and TargetRefusal for what the target does. */
export interface Target {
  readonly info: Hello['target'];
  readonly kernel: Kernel;
  readonly queues: readonly FaultQueue[];
  readonly devices: readonly TargetDevice[];
  readonly attachments: readonly Attachment[];
  readonly hwpts: readonly TargetHwpt[];

  attach(devId: number, pasid: number | null, choice: HwptChoice): Attachment;
  /** One step for the device: what was outstanding on the old attachment is answered INVALID by the kernel. */
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
  tick(nowNs: bigint): ScenarioAction[];
  /** Whether it wants to hear of answers. */
  readonly listens: boolean;
  /** A group of the device was answered, by us or (code INVALID) by the kernel. */
  answered(devId: number, pasid: number | null, grpid: number, code: number): void;
  /** What a simulated device says of itself, null where it has nothing to say. */
  note(devId: number): string | null;
  /** Since when a simulated device has stood still for want of an answer, in kernel time; null: it does not, or does not say. */
  hungSince(devId: number): bigint | null;

  /** Undoes all, in the order that the kernel wants; returns what failed. */
  close(): Error[];
}
