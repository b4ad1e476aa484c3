// What is handed over: fault queues, and what belongs to them.
import type { DevId, FaultId, Fd, HwptId, IoasId } from '../../uapi/ids.ts';

/** `what`: the giver's name for it, for messages ("--fault-fd 5", "queues[0]"). */
export interface GivenQueue {
  readonly fd: Fd;
  /** In their iommufd; null: not told. */
  readonly faultId: FaultId | null;
  readonly what: string;
}

/** A VFIO device that is bound to their iommufd. */
export interface GivenDevice {
  readonly fd: Fd;
  /** null: it is not known which faults it raises, so nothing can be done with it. */
  readonly devId: DevId | null;
  readonly name: string | null;
  /** What it is attached to, if given. */
  readonly hwptId: HwptId | null;
  readonly ioasId: IoasId | null;
  readonly what: string;
}

export interface Given {
  readonly queues: readonly GivenQueue[];
  readonly iommufd: { readonly fd: Fd; readonly what: string } | null;
  readonly devices: readonly GivenDevice[];
}
