// A device that is bound in an iommufd, by us or by the process that handed both over.
import type { Attachable } from '../../iommufd/attachable.ts';
import type { Attachment, SourceDevice, SourceHwpt } from '../source.ts';
import type { HwptOwner } from './hwpts.ts';

/** Stands for an unknown id; the kernel's begin at 1. */
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
  /** Why its faults may never arrive, as text; null: no known reason. */
  readonly doubt: string | null;
  /** Why it is attached without a fault object, as text; null: it is not. */
  cannotFault: string | null;
  /** What it was attached to when it was handed over; null: it is ours. */
  readonly before: SourceHwpt | null;
  /** Releases it from this attachment: ours is closed, another process's is restored. Throws what could not be undone. */
  letGo(attached: Attachment | undefined): void;
}
