// A device that is bound in an iommufd, by us or by whoever handed both over.
import type { Attachable } from '../../iommufd/attachable.ts';
import type { Attachment, SourceDevice, SourceHwpt } from '../source.ts';
import type { HwptOwner } from './hwpts.ts';

/** The id of what was not told; the kernel's begin at 1. */
export const UNKNOWN = 0;

export interface BoundDevice extends SourceDevice, HwptOwner {
  /** That of `attachable`, shifted: device ids of several iommufds must not be mixed up. */
  readonly devId: number;
  readonly pasidCapable: boolean;
  readonly attachable: Attachable;
  /** null: it has no descriptor. */
  readonly fd: number | null;
  readonly group: number | null;
  /** Devices that we do not know may be in its IOMMU group. */
  readonly shared: boolean;
  /** Why its faults may never arrive, in words; null: nothing speaks against it. */
  readonly doubt: string | null;
  /** Why it is attached without a fault object, in words; null: it is not. */
  cannotFault: string | null;
  /** What it was attached to when it was handed over; null: it is ours. */
  readonly before: SourceHwpt | null;
  /** Gives it up, which is attached so: ours is released, another's is as it was before. Throws what stays undone. */
  letGo(attached: Attachment | undefined): void;
}
