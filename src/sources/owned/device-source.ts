// Where a device of ours comes from: made by the selftest driver, or opened by its VFIO character device.

import type { Attachable } from '../../iommufd/attachable.ts';
import type { Iommufd } from '../../iommufd/iommufd.ts';
import { MockDevice } from '../../iommufd/mock-device.ts';
import type { IoasId } from '../../uapi/ids.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';

export interface OpenedDevice {
  readonly attachable: Attachable;
  readonly pasidCapable: boolean;
  /** HwInfoType: whose nested HWPTs it takes. */
  readonly hwInfoType: number;
  /** Descriptor of the device, null: it has none. */
  readonly fd: number | null;
  /** Why it cannot be attached with a fault object, as text, if opening it has shown that; null: the attempt will show. */
  readonly cannotFault: string | null;
}

export interface DeviceSource {
  readonly name: string;
  readonly hwpt: 'paging' | 'nested';
  /** Of its IOMMU group: the devices of one follow one attachment. null: it is alone. */
  readonly group: number | null;
  /** Why its faults may never arrive, as text, as far as known without trying; null: no known reason. */
  readonly doubt: string | null;
  /** PASIDs to attach, each to the device's HWPT. */
  readonly pasids: readonly number[];
  /** Where the device cannot fault it is attached to the IOAS, without a fault object. */
  readonly withoutFaults: boolean;
  /** Throws IommufdError and Refusal with nothing left open. */
  open(iommufd: Iommufd, ioasId: IoasId): OpenedDevice;
}

export type Sources = readonly DeviceSource[] | (() => readonly DeviceSource[]);

export interface MockDeviceSpec {
  readonly name: string;
  readonly pasid: boolean;
  readonly hwpt: 'paging' | 'nested';
  readonly pasids: readonly number[];
}

/** A device of the selftest driver, made for the occasion. */
export const mockSource = ({ name, pasid, hwpt, pasids }: MockDeviceSpec): DeviceSource => ({
  name,
  hwpt,
  group: null,
  doubt: null,
  pasids,
  withoutFaults: false,
  open: (iommufd, ioasId) => ({
    attachable: MockDevice.create(iommufd, ioasId, pasid),
    pasidCapable: pasid,
    hwInfoType: HwInfoType.SELFTEST,
    fd: null,
    cannotFault: null,
  }),
});
