// IOMMUFD_OBJ_FAULT and its file (iommufd/eventq.c).
import { Errno } from '../../uapi/errno.ts';
import { iommuHwptPageResponse, iommuHwptPgfault, PageResponse, type PageResponseCode } from '../../uapi/iommufd.ts';
import { Poll } from '../kernel.ts';
import { type AttachHandle, type IopfGroup, respond } from './iopf.ts';
import { LowestFree } from './lowest-free.ts';
import { IommufdObject } from './objects.ts';

const RECORD = iommuHwptPgfault.size;
const at = iommuHwptPgfault.offsetOf;
const RESPONSE = iommuHwptPageResponse.size;
const responseAt = iommuHwptPageResponse.offsetOf;
/** Delivered groups are cut off the front of the array only when there are this many of them. */
const COMPACT_AT = 4096;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** iommufd_compose_fault_message() for each record of a group. */
function compose(view: DataView, start: number, group: IopfGroup, cookie: number): void {
  let offset = start;
  for (const fault of group.faults) {
    view.setUint32(offset + at.flags, fault.flags, true);
    view.setUint32(offset + at.devId, group.handle.devId, true);
    view.setUint32(offset + at.pasid, fault.pasid, true);
    view.setUint32(offset + at.grpid, fault.grpid, true);
    view.setUint32(offset + at.perm, fault.perm, true);
    view.setUint32(offset + at.reserved, 0, true);
    view.setBigUint64(offset + at.addr, fault.addr, true);
    view.setUint32(offset + at.length, 0, true);
    view.setUint32(offset + at.cookie, cookie, true);
    offset += RECORD;
  }
}

export class IommufdFault extends IommufdObject {
  readonly type = 'fault';
  /** Groups that nobody has read yet, from `#head` on. */
  #deliver: IopfGroup[] = [];
  #head = 0;
  /** Groups that were read and not answered, by cookie. */
  readonly #response: (IopfGroup | undefined)[] = [];
  readonly #cookies = new LowestFree(1);
  #zeroBusy = true;

  /** iommufd_fault_iopf_handler() */
  enqueue(group: IopfGroup): void {
    this.#deliver.push(group);
  }

  get queued(): number {
    return this.#deliver.length - this.#head;
  }

  /** iommufd_eventq_fops_poll() */
  poll(): number {
    return this.queued > 0 ? Poll.OUT | Poll.IN | Poll.RDNORM : Poll.OUT;
  }

  /** iommufd_fault_fops_read() */
  read(bytes: Uint8Array, count: number): number {
    if (count % RECORD !== 0) return -Errno.ESPIPE;
    const view = viewOf(bytes);
    let done = 0;
    let error = 0;
    while (this.#head < this.#deliver.length) {
      const group = this.#deliver[this.#head] as IopfGroup;
      const size = group.faults.length * RECORD;
      if (size > count - done) {
        error = -Errno.EINVAL;
        break;
      }
      if (done + size > bytes.byteLength) {
        this.#copyPart(bytes.subarray(done), group);
        error = -Errno.EFAULT;
        break;
      }
      const cookie = this.#cookies.take();
      this.#response[cookie] = group;
      compose(view, done, group, cookie);
      this.#head++;
      done += size;
    }
    this.#compact();
    return done === 0 ? error : done;
  }

  /** copy_to_user() goes as far as it can; then the group is restored (iommufd_fault_deliver_restore). */
  #copyPart(room: Uint8Array, group: IopfGroup): void {
    const cookie = this.#cookies.take();
    const whole = new Uint8Array(group.faults.length * RECORD);
    compose(viewOf(whole), 0, group, cookie);
    this.#cookies.give(cookie);
    room.set(whole.subarray(0, room.byteLength));
  }

  /** iommufd_fault_fops_write() */
  write(bytes: Uint8Array, count: number): number {
    if (count % RESPONSE !== 0) return -Errno.ESPIPE;
    const view = viewOf(bytes);
    let done = 0;
    while (done < count) {
      if (done + RESPONSE > bytes.byteLength) return done === 0 ? -Errno.EFAULT : done;
      const code = view.getUint32(done + responseAt.code, true);
      if (code !== PageResponse.SUCCESS && code !== PageResponse.INVALID) break;
      const cookie = view.getUint32(done + responseAt.cookie, true);
      if (!this.#answer(cookie, code)) break;
      done += RESPONSE;
    }
    return done === 0 && count > 0 ? -Errno.EINVAL : done;
  }

  #answer(cookie: number, code: PageResponseCode): boolean {
    const group = this.#response[cookie];
    if (!group) {
      if (cookie === 0) this.#eraseZero();
      return false;
    }
    this.#response[cookie] = undefined;
    this.#cookies.give(cookie);
    respond(group, code);
    return true;
  }

  /**
   * xa_erase() of index 0: in an array with entries it takes away the one that keeps 0 busy (XA_FLAGS_ALLOC1), so that
   * 0 is a cookie like any other from then on.
   */
  #eraseZero(): void {
    if (!this.#zeroBusy || this.#cookies.inUse === 0) return;
    this.#zeroBusy = false;
    this.#cookies.startLower();
  }

  /** iommufd_auto_response_faults(): the queued groups of `handle` first, then the outstanding ones by cookie. */
  autoRespond(handle: AttachHandle): void {
    const queued = this.#deliver.slice(this.#head);
    const mine = queued.filter((group) => group.handle === handle);
    if (mine.length > 0) {
      this.#deliver = queued.filter((group) => group.handle !== handle);
      this.#head = 0;
      for (const group of mine) respond(group, PageResponse.INVALID);
    }
    this.#response.forEach((group, cookie) => {
      if (group?.handle === handle) this.#answer(cookie, PageResponse.INVALID);
    });
  }

  /** iommufd_fault_destroy() */
  destroy(): void {
    const queued = this.#deliver.slice(this.#head);
    this.#deliver = [];
    this.#head = 0;
    for (const group of queued) respond(group, PageResponse.INVALID);
    this.#response.forEach((group, cookie) => {
      if (group) this.#answer(cookie, PageResponse.INVALID);
    });
  }

  #compact(): void {
    if (this.#head === this.#deliver.length) {
      this.#deliver.length = 0;
      this.#head = 0;
    } else if (this.#head >= COMPACT_AT && this.#head * 2 > this.#deliver.length) {
      this.#deliver = this.#deliver.slice(this.#head);
      this.#head = 0;
    }
  }
}
