import type { DevId, HwptId, IoasId } from '../uapi/ids.ts';

export interface Trigger {
  pasid?: number;
  grpid: number;
  /** PgfaultPerm bits. */
  perm: number;
  addr: bigint;
}

/** A device that is bound in an iommufd, however that came about. Each method throws IommufdError. */
export interface Attachable {
  readonly devId: DevId;
  /**
   * A PASID of the device, or (`pasid` null) the device itself. Returns the HWPT attached, which for an IOAS is an automatic
   * one.
   */
  attach(pasid: number | null, ptId: HwptId | IoasId): HwptId;
  /** In one step. Of the device itself also where nothing but an IOAS, or nothing at all, was attached since it was made. */
  replace(pasid: number | null, ptId: HwptId | IoasId): HwptId;
  detach(pasid: number | null): void;
  /**
   * Makes it fault (TRIGGER_IOPF). Returns also when nobody handles the fault: the device got INVALID. ENOTTY: the kernel
   * has no selftest driver; EINVAL: the device is none of it.
   */
  trigger(trigger: Trigger): void;
  /** Detaches the device and gives it up; its PASIDs have to be detached before. */
  release(): void;
}
