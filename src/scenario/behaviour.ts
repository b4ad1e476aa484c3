// What a device that raises page requests looks like to the kernel (or target) that it sits behind. Nothing here knows
// which kernel that is: times come in, page requests go out.
import type { PageResponseCode } from '../uapi/iommufd.ts';

/** A page request as a device makes it. */
export interface PageRequest {
  /** 0: without a PASID. */
  readonly pasid: number;
  readonly grpid: number;
  /** PgfaultPerm bits. */
  readonly perm: number;
  readonly addr: bigint;
  /** LAST_PAGE: the group is complete. */
  readonly last: boolean;
}

/** The answer to a group. */
export interface PageAnswer {
  readonly pasid: number;
  readonly grpid: number;
  readonly code: PageResponseCode;
  readonly now: bigint;
}

/** What a device can find out by accessing memory. */
export interface DeviceWorld {
  /** Whether an access to `addr` with `pasid` (0: without) would succeed now. */
  isMapped(pasid: number, addr: bigint): boolean;
}

export interface DeviceStats {
  /** Page requests made, repeated ones included. */
  readonly faults: number;
  readonly groups: number;
  /** Groups that asked again for pages that were still missing after a SUCCESS. */
  readonly retries: number;
  /** Groups whose pages are there now. */
  readonly resolved: number;
  /** Jobs that failed with an INVALID. */
  readonly givenUp: number;
  /** Groups that were not answered in time. */
  readonly timedOut: number;
  /** Groups that wait for an answer. */
  readonly outstanding: number;
  /** Since when the device has been stuck because a group has no answer; null: it is not. */
  readonly hungSince: bigint | null;
}

/** A device's state machine. Times are nanoseconds of the clock of the kernel. */
export interface DeviceBehaviour {
  /** Called before anything else, and again if the device is put behind another kernel device: it restarts. */
  start(now: bigint, world: DeviceWorld): void;
  /** When it wants to act next; undefined: not by itself. */
  nextDue(): bigint | undefined;
  /** Acts if something is due at `now`; afterwards nextDue() is later than `now`. */
  tick(now: bigint, emit: (request: PageRequest) => void): void;
  /** May be called while emit() runs. Raises no faults itself. */
  onResponse(answer: PageAnswer): void;
}
