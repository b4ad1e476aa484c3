// IOMMUFD_OBJ_DEVICE: bind, attach, replace, detach, and the domains that are made by themselves for an IOAS
// (iommufd/device.c). PASID 0 is the device itself (IOMMU_NO_PASID).
import { Errno } from '../../uapi/errno.ts';
import { IommufdGroup } from './group.ts';
import { Hwpt, HwptPaging, Ioas } from './hwpt.ts';
import type { AttachHandle } from './iopf.ts';
import type { MockDev } from './mock-device.ts';
import { IommufdObject, type ObjectTable } from './objects.ts';

/** An errno, or the id that the kernel writes back into pt_id. */
export type AttachResult = { readonly rc: number; readonly ptId: number };

/** What do_attach() gave: the HWPT to put, none, or the negative errno. */
type HwptOrErrno = Hwpt | undefined | number;
type AttachFn = (device: IommufdDevice, pasid: number, hwpt: Hwpt) => HwptOrErrno;

export class IommufdDevice extends IommufdObject {
  readonly type = 'device';
  readonly dev: MockDev;
  readonly #objects: ObjectTable;
  readonly #igroup: IommufdGroup<IommufdDevice>;

  constructor(objects: ObjectTable, dev: MockDev) {
    super();
    this.#objects = objects;
    this.dev = dev;
    this.#igroup = this.#getGroup();
    this.#igroup.devices.add(this);
    // The group's attachment is its attachment too; the driver has accepted that for the group's other devices.
    for (const [pasid, { hwpt, handle }] of this.#igroup.attached) dev.attach(pasid, hwpt, handle);
  }

  /** iommufd_get_group() */
  #getGroup(): IommufdGroup<IommufdDevice> {
    const { group } = this.dev.driver;
    for (const object of group === undefined ? [] : this.#objects) {
      if (object instanceof IommufdDevice && object.dev.driver.group === group) return object.#igroup;
    }
    return new IommufdGroup();
  }

  /** iommufd_device_bind(): the device object, or the negative errno of what keeps `owner` from having the device. */
  static bindTo(objects: ObjectTable, dev: MockDev, owner: object): IommufdDevice | number {
    const rc = dev.driver.claim(owner);
    if (rc !== 0) return rc;
    const device = objects.alloc(new IommufdDevice(objects, dev));
    device.users++;
    objects.finalize(device);
    return device;
  }

  /** iommufd_device_unbind() */
  unbind(): void {
    this.#objects.putAndTryDestroy(this);
  }

  /** iommufd_device_destroy() */
  destroy(): void {
    for (const pasid of this.#igroup.attached.keys()) this.dev.detach(pasid);
    this.#igroup.devices.delete(this);
    this.dev.driver.release();
  }

  /** iommufd_device_attach() */
  attach(pasid: number, ptId: number): AttachResult {
    const result = this.#changePt(pasid, ptId, doAttach);
    if (result.rc === 0) this.users++;
    return result;
  }

  /** iommufd_device_replace() */
  replace(pasid: number, ptId: number): AttachResult {
    return this.#changePt(pasid, ptId, doReplace);
  }

  /** iommufd_device_detach() */
  detach(pasid: number): void {
    if (this.hwptDetach(pasid)) this.users--;
  }

  /** iommufd_device_change_pt() */
  #changePt(pasid: number, ptId: number, fn: AttachFn): AttachResult {
    const object = this.#objects.find(ptId);
    if (!object) return { rc: -Errno.ENOENT, ptId };
    let outcome: HwptOrErrno = -Errno.EINVAL;
    let outId = ptId;
    if (object instanceof Hwpt) {
      outcome = fn(this, pasid, object);
    } else if (object instanceof Ioas) {
      const auto = this.#autoDomain(pasid, object, fn);
      outcome = auto.outcome;
      outId = auto.id;
    }
    if (typeof outcome === 'number') return { rc: outcome, ptId };
    if (outcome) this.#put(outcome);
    return { rc: 0, ptId: outId };
  }

  /** iommufd_device_auto_get_domain() */
  #autoDomain(pasid: number, ioas: Ioas, fn: AttachFn): { outcome: HwptOrErrno; id: number } {
    for (const hwpt of ioas.hwpts) {
      if (!hwpt.autoDomain) continue;
      const outcome = fn(this, pasid, hwpt);
      // EINVAL: the domain does not suit the device, so try the next.
      if (outcome === -Errno.EINVAL) continue;
      return { outcome, id: hwpt.id };
    }
    return this.#newAutoDomain(pasid, ioas, fn);
  }

  /** iommufd_hwpt_paging_alloc() with immediate_attach for an attach, and attached afterwards for a replace. */
  #newAutoDomain(pasid: number, ioas: Ioas, fn: AttachFn): { outcome: HwptOrErrno; id: number } {
    const immediate = fn === doAttach;
    const geometry = this.dev.driver.allocPaging(0, undefined);
    if (typeof geometry === 'number') return { outcome: geometry, id: 0 };
    const hwpt = this.#objects.alloc(new HwptPaging(ioas, { driver: this.dev.driver.name, flags: 0, geometry }));
    const fail = (rc: number) => {
      this.#objects.abortAndDestroy(hwpt);
      return { outcome: rc, id: 0 };
    };
    if (immediate) {
      const rc = this.hwptAttach(hwpt, pasid);
      if (rc !== 0) return fail(rc);
    }
    const rc = hwpt.fill();
    if (rc !== 0) {
      if (immediate) this.hwptDetach(pasid);
      return fail(rc);
    }
    const outcome = immediate ? undefined : fn(this, pasid, hwpt);
    if (typeof outcome === 'number') return fail(outcome);
    hwpt.autoDomain = true;
    this.#objects.finalize(hwpt);
    return { outcome, id: hwpt.id };
  }

  /** iommufd_hw_pagetable_attach() */
  hwptAttach(hwpt: Hwpt, pasid: number): number {
    const attach = this.#igroup.attached.get(pasid);
    if (attach?.devices.has(this)) return -Errno.EBUSY;
    if (attach && attach.hwpt !== hwpt) return -Errno.EINVAL;
    const reserved = pasid === 0 ? this.#reserveIn(hwpt) : 0;
    if (reserved !== 0) return reserved;
    const rc = attach ? 0 : this.#attachGroup(hwpt, pasid);
    if (rc !== 0) {
      if (pasid === 0) hwpt.paging.ioas.iopt.unreserve(this.dev);
      return rc;
    }
    this.#igroup.attached.get(pasid)?.devices.add(this);
    hwpt.users++;
    return 0;
  }

  /** iommufd_hwpt_attach_device() */
  #attachGroup(hwpt: Hwpt, pasid: number): number {
    const handle: AttachHandle = { domain: hwpt, devId: this.id };
    const rc =
      this.#compatible(hwpt, pasid) ||
      this.#igroup.apply(
        ({ dev }) => dev.attach(pasid, hwpt, handle),
        ({ dev }) => dev.detach(pasid),
      );
    if (rc === 0) this.#igroup.attached.set(pasid, { hwpt, handle, devices: new Set() });
    return rc;
  }

  /** iommufd_hw_pagetable_detach(): whether something was attached. */
  hwptDetach(pasid: number): boolean {
    const attach = this.#igroup.attached.get(pasid);
    if (!attach?.devices.delete(this)) return false;
    const { hwpt, handle } = attach;
    if (attach.devices.size === 0) {
      for (const { dev } of this.#igroup.devices) dev.detach(pasid);
      hwpt.fault?.autoRespond(handle);
      this.#igroup.attached.delete(pasid);
    }
    if (pasid === 0) hwpt.paging.ioas.iopt.unreserve(this.dev);
    this.#put(hwpt);
    return true;
  }

  /** iommufd_device_do_replace(): the old HWPT, which the caller puts. */
  hwptReplace(hwpt: Hwpt, pasid: number): HwptOrErrno {
    const attach = this.#igroup.attached.get(pasid);
    if (!attach?.devices.has(this)) return -Errno.EINVAL;
    const { hwpt: old, devices } = attach;
    if (old === hwpt) return undefined;
    const moved = pasid === 0 && old.paging.ioas !== hwpt.paging.ioas ? [...devices] : [];
    const reserved = firstOf(moved, (device) => device.#reserveIn(hwpt));
    const rc = reserved || this.#replaceGroup(hwpt, pasid);
    for (const { dev } of moved) (rc === 0 ? old : hwpt).paging.ioas.iopt.unreserve(dev);
    if (rc !== 0) return rc;
    hwpt.users += devices.size;
    for (let others = devices.size - 1; others > 0; others--) this.#put(old);
    return old;
  }

  /** iommufd_hwpt_replace_device() */
  #replaceGroup(hwpt: Hwpt, pasid: number): number {
    const attach = this.#igroup.attached.get(pasid);
    if (!attach) return -Errno.EINVAL;
    const { hwpt: old, handle: oldHandle } = attach;
    const handle: AttachHandle = { domain: hwpt, devId: this.id };
    const rc =
      this.#compatible(hwpt, pasid) ||
      this.#igroup.apply(
        ({ dev }) => dev.replace(pasid, hwpt, handle),
        ({ dev }) => dev.replace(pasid, old, oldHandle),
      );
    if (rc !== 0) return rc;
    old.fault?.autoRespond(oldHandle);
    attach.hwpt = hwpt;
    attach.handle = handle;
    return 0;
  }

  /** iommufd_device_attach_reserved_iova() */
  #reserveIn(hwpt: Hwpt): number {
    return hwpt.paging.ioas.iopt.reserveFor(this.dev, this.dev.driver.reserved);
  }

  /** iommufd_hwpt_compatible_device(), iommufd_hwpt_pasid_compat() */
  #compatible(hwpt: Hwpt, pasid: number): number {
    return hwpt.fault && this.dev.driver.sharesPri ? -Errno.EINVAL : this.#pasidCompat(hwpt, pasid);
  }

  /** iommufd_hwpt_pasid_compat() */
  #pasidCompat(hwpt: Hwpt, pasid: number): number {
    if (pasid === 0) {
      const { attached } = this.#igroup;
      const others = attached.size - (attached.has(0) ? 1 : 0);
      return !hwpt.pasidCompat && others > 0 ? -Errno.EINVAL : 0;
    }
    if (!hwpt.pasidCompat) return -Errno.EINVAL;
    const onDevice = this.#igroup.attached.get(0);
    return onDevice && !onDevice.hwpt.pasidCompat ? -Errno.EINVAL : 0;
  }

  /** iommufd_hw_pagetable_put(): an auto domain goes with its last attachment. */
  #put(hwpt: Hwpt): void {
    if (hwpt instanceof HwptPaging && hwpt.autoDomain) this.#objects.putAndTryDestroy(hwpt);
    else hwpt.users--;
  }
}

const doAttach: AttachFn = (device, pasid, hwpt) => device.hwptAttach(hwpt, pasid) || undefined;
const doReplace: AttachFn = (device, pasid, hwpt) => device.hwptReplace(hwpt, pasid);

/** The first refusal, or 0. */
function firstOf(devices: readonly IommufdDevice[], call: (device: IommufdDevice) => number): number {
  for (const device of devices) {
    const rc = call(device);
    if (rc !== 0) return rc;
  }
  return 0;
}
