// The trial: everything a run does with a device up to the attach, undone at once. Binding resets the device.
import { IommufdError } from '../../iommufd/error.ts';
import type { FaultQueue } from '../../iommufd/fault-queue.ts';
import { type Hwpt, Iommufd } from '../../iommufd/iommufd.ts';
import { Teardown } from '../../iommufd/teardown.ts';
import { VfioDevice } from '../../iommufd/vfio-device.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { IoasId } from '../../uapi/ids.ts';
import { HwCapability, HwInfoType } from '../../uapi/iommufd.ts';

/** Each step depends on those before it, and throws IommufdError. */
export class Trial {
  readonly #kernel: Kernel;
  readonly #undo = new Teardown();
  #iommufd!: Iommufd;
  #device!: VfioDevice;
  #ioas!: IoasId;
  #queue!: FaultQueue;
  #hwpt!: Hwpt;
  #detach: () => void = () => {};

  constructor(kernel: Kernel) {
    this.#kernel = kernel;
  }

  /** Opens an iommufd and the device, and binds the device to it. Returns the device id. */
  bind(path: string): number {
    const iommufd = Iommufd.open(this.#kernel);
    this.#undo.defer('close the iommufd', () => iommufd.close());
    const device = VfioDevice.open(iommufd, path);
    this.#undo.defer('unbind the device', () => device.release());
    this.#iommufd = iommufd;
    this.#device = device;
    return device.devId;
  }

  /** Whether the kernel says that it cannot use the device's ATS; older kernels say nothing about it. */
  atsRefused(): boolean {
    return (this.#iommufd.hwCapabilities(this.#device.devId) & HwCapability.PCI_ATS_NOT_SUPPORTED) !== 0n;
  }

  ioas(): number {
    const ioas = this.#iommufd.allocIoas();
    this.#undo.defer('destroy the IOAS', () => this.#iommufd.destroy(ioas, 'IOAS'));
    this.#ioas = ioas;
    return ioas;
  }

  faultObject(): number {
    const queue = this.#iommufd.allocFaultQueue();
    this.#undo.defer('destroy the fault object', () => this.#iommufd.destroy(queue.id, 'fault object'));
    this.#undo.defer('close the fault queue', () => queue.closeFd());
    this.#queue = queue;
    return queue.id;
  }

  pagingHwpt(): number {
    const { devId } = this.#device;
    const hwpt = this.#iommufd.allocPagingHwpt({ devId, ioasId: this.#ioas, faultId: this.#queue.id });
    this.#undo.defer('destroy the HWPT', () => this.#iommufd.destroy(hwpt.id, 'HWPT'));
    this.#hwpt = hwpt;
    return hwpt.id;
  }

  /**
   * A nested HWPT with the fault object, destroyed at once. null: the IOMMU takes them only through a virtual IOMMU, or
   * their layout for it is not known.
   */
  nestedHwpt(): number | null {
    const { devId } = this.#device;
    const { type } = this.#iommufd.hwInfo(devId);
    if (type !== HwInfoType.SELFTEST && type !== HwInfoType.INTEL_VTD) return null;
    const undo = new Teardown();
    try {
      const parent = this.#iommufd.allocNestParent(devId, this.#ioas);
      undo.defer('destroy the nest parent', () => this.#iommufd.destroy(parent.id, 'HWPT'));
      const request = { devId, ioasId: this.#ioas, faultId: this.#queue.id };
      const nested =
        type === HwInfoType.SELFTEST
          ? this.#iommufd.allocSelftestNestedHwpt(request, parent.id)
          : // Nothing is attached to it, so nobody walks the table.
            this.#iommufd.allocVtdNestedHwpt(request, parent.id, 0n);
      undo.defer('destroy the nested HWPT', () => this.#iommufd.destroy(nested.id, 'HWPT'));
      return nested.id;
    } finally {
      undo.run();
    }
  }

  attach(): void {
    this.#device.attach(null, this.#hwpt.id);
    this.#detach = this.#undo.defer('detach the device', () => this.#device.detach(null));
  }

  detach(): void {
    this.#detach();
  }

  /** Undoes what is left, in any case. Returns what failed. */
  end(): Error[] {
    return this.#undo.run().map((error) => (error instanceof IommufdError ? error : new Error(error.message)));
  }
}
