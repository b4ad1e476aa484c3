// struct iommufd_group: the devices of one IOMMU group that are bound in one iommufd follow one attachment (iommufd/device.c).
import type { Hwpt } from './hwpt.ts';
import type { AttachHandle } from './iopf.ts';

/** struct iommufd_attach */
export interface GroupAttach<Device> {
  hwpt: Hwpt;
  /** One for the group, so that a fault of any of its devices names the one that it was made for. */
  handle: AttachHandle;
  /** device_array: those that were attached one by one. */
  readonly devices: Set<Device>;
}

export class IommufdGroup<Device> {
  /** Bound devices. */
  readonly devices = new Set<Device>();
  readonly attached = new Map<number, GroupAttach<Device>>();

  /** The core's call for each device; if one refuses, the others are undone (__iommu_group_set_domain_internal). */
  apply(call: (device: Device) => number, undo: (device: Device) => void): number {
    const done: Device[] = [];
    for (const device of this.devices) {
      const rc = call(device);
      if (rc !== 0) {
        for (const other of done.reverse()) undo(other);
        return rc;
      }
      done.push(device);
    }
    return 0;
  }
}
