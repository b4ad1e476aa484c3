// What would fail only once a device has left its driver, or has been reset, as far as files show beforehand: faults that it
// cannot raise, PASIDs that it cannot have, interrupts that are not isolated, memory that it cannot get.

import type { DeviceInfo } from '../../host/device-info.ts';
import { unsafeInterrupts } from '../../host/interrupts.ts';
import { devtmpfsRefusal } from '../../host/mounts.ts';
import { Reading } from '../../host/reading.ts';
import { type ReservedRegion, readReserved } from '../../host/reserved-regions.ts';
import type { Files } from '../../kernel/files.ts';
import { type Kernel, Open } from '../../kernel/kernel.ts';
import { hex } from '../../text/hex.ts';
import { Refusal } from '../../text/refusal.ts';
import { errnoName } from '../../uapi/errno.ts';
import { HwInfoType } from '../../uapi/iommufd.ts';
import { cannotFault } from '../objects/device-refusals.ts';
import { WITHOUT_VIOMMU } from '../objects/nested.ts';
import type { HostOptions, IovaRange } from '../options.ts';
import { doubtOf } from './choose.ts';

const refuse = (text: string, hint: string | null): never => {
  throw new Refusal('refused', text, hint);
};

/** iommufd attaches a group as a whole, with its first device: the others follow (OwnedObjects). */
const leads = (device: DeviceInfo, chosen: readonly DeviceInfo[]): boolean =>
  device.group === null || chosen.find(({ group }) => group?.id === device.group?.id) === device;

/** ATTACH to an HWPT with a fault object would be refused, or would have no effect. */
function checkFaults(device: DeviceInfo, { hwpt, withoutFaults }: HostOptions): void {
  if (withoutFaults) return;
  const why = doubtOf(device);
  if (why !== null) throw cannotFault({ name: device.address, doubt: null, hwpt }, why);
}

/** makeNestedHwpt(); nested_supported() of the driver of VT-d. */
function checkNested({ address, iommu }: DeviceInfo, { hwpt, withoutFaults }: HostOptions): void {
  if (hwpt !== 'nested' || !iommu) return;
  const type = { amd: HwInfoType.AMD, smmuv3: HwInfoType.ARM_SMMUV3, intel: null, selftest: null, other: null };
  const kind = type[iommu.kind];
  if (kind !== null) refuse(`no nested HWPT for ${address}: ${WITHOUT_VIOMMU[kind]}`, 'use a paging HWPT');
  if (iommu.intel?.nested === false && !withoutFaults)
    refuse(`no nested HWPT for ${address}: ${iommu.name} cannot nest`, 'use a paging HWPT');
}

/** dev_iommu_get_max_pasids(): the lesser of what the device and its IOMMU have, in bits; null: neither is known. */
function pasidBits({ function: of, capabilities, iommu }: DeviceInfo): number | null {
  const own = of?.kind === 'virtual' ? of.sharedCapabilities : capabilities;
  const unit = iommu?.intel?.pasidBits ?? iommu?.amd?.pasidBits;
  const known = [own?.pasid?.width, unit].filter((bits) => bits !== undefined);
  return known.length === 0 ? null : Math.min(...known);
}

/** iommu_attach_device_pasid(): EINVAL from max_pasids on. */
function checkPasids(device: DeviceInfo, { pasids }: HostOptions): void {
  if (pasids.length === 0) return;
  const { address, iommu } = device;
  // Its paging domains have no set_dev_pasid().
  if (iommu?.kind === 'amd')
    refuse(`${address} cannot have a PASID: the AMD IOMMU attaches PASIDs only for SVA`, 'remove --pasid');
  const bits = pasidBits(device);
  const beyond = bits === null ? undefined : pasids.find((pasid) => pasid >= 2 ** bits);
  if (bits === null || beyond === undefined) return;
  const most = bits === 0 ? 'no PASIDs' : `PASIDs of ${bits} bits, up to ${2 ** bits - 1}`;
  refuse(`${address} cannot have PASID ${beyond}: it and its IOMMU have ${most}`, 'choose a smaller --pasid');
}

/** iopt_table_enforce_dev_resv_regions(): EADDRINUSE. */
function checkRegions({ address }: DeviceInfo, regions: readonly ReservedRegion[], ranges: readonly IovaRange[]): void {
  for (const { start, last, type } of regions) {
    if (type === 'direct-relaxable') continue;
    const range = ranges.find(({ iova, length }) => iova <= last && iova + length - 1n >= start);
    if (!range) continue;
    const { iova, length } = range;
    refuse(
      `--iova ${hex(iova)}:${hex(length)} cannot be mapped for ${address}: ${hex(start)} to ${hex(last)} is reserved (${type})`,
      'choose a range outside of it',
    );
  }
}

/** Of devices that are going to be bound, and that others of their group are bound with. Throws Refusal. */
export function foresee(files: Files, chosen: readonly DeviceInfo[], options: HostOptions): void {
  const reading = new Reading(files);
  for (const device of chosen) {
    checkPasids(device, options);
    checkRegions(device, readReserved(reading, device.group?.id ?? null), options.ranges);
    if (!leads(device, chosen)) continue;
    checkFaults(device, options);
    checkNested(device, options);
  }
}

/** What can be known only once iommufd is there, which may have been loaded for that. Throws Refusal. */
export function foreseeLast(kernel: Kernel, chosen: readonly DeviceInfo[]): void {
  const reading = new Reading(kernel.files);
  for (const { address, iommu } of chosen) {
    const unsafe = unsafeInterrupts(reading, iommu);
    if (unsafe) refuse(`${address} cannot be bound to an iommufd: ${unsafe.text}`, unsafe.hint);
  }
  const elsewhere = devtmpfsRefusal(reading, '/dev/vfio/devices');
  if (elsewhere !== null) {
    const hint = 'bind the device to vfio-pci where its node appears, pass the node on, and remove --bind';
    refuse(`the character device would not be seen: ${elsewhere}`, hint);
  }
  checkDescriptors(kernel, chosen.length);
}

/** One that asks the kernel for nodes and drivers, besides those of the devices: a pipe each way, files that are read. */
const BESIDES = 8;

/** Checks that enough descriptors are free: they are opened, and closed again. */
function checkDescriptors(kernel: Kernel, devices: number): void {
  const taken: number[] = [];
  try {
    let fd = kernel.open('/dev/iommu', Open.RDWR | Open.CLOEXEC);
    while (fd >= 0 && taken.push(fd) < devices + BESIDES) fd = kernel.dup(fd);
    if (fd >= 0) return;
    refuse(`not enough file descriptors for ${devices} devices: ${errnoName(-fd)}`, 'raise `ulimit -n`');
  } finally {
    for (const fd of taken) kernel.close(fd);
  }
}
