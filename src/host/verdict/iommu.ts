// Whether the IOMMU and the device can do page requests, and whether the IOMMU driver passes them to iommufd
// (iommu_report_device_fault). Function names are those of Linux 7.2.
import type { PciCapabilities } from '../config-space.ts';
import type { DeviceInfo } from '../device-info.ts';
import type { IntelAbilities } from '../iommu-kinds.ts';
import { cannot, type Finding, needs, note, unknown } from './finding.ts';
import { groupPriOff, pageRequester } from './page-requests.ts';

/** Findings that make everything else irrelevant. */
export function hopeless({ gone, refusal }: DeviceInfo): Finding | null {
  if (refusal?.id === 'bridge') return refusal;
  return gone ? cannot('gone', 'gone', 'it does not answer: its configuration space reads as all ones') : null;
}

export function iommuFindings(device: DeviceInfo): Finding[] {
  const { iommu } = device;
  if (iommu === null) return withoutIommu(device);
  switch (iommu.kind) {
    case 'intel':
      return intel(device, iommu.intel);
    case 'amd':
      return [AMD];
    case 'smmuv3':
      return smmuv3(device);
    case 'selftest':
      return [];
    case 'other': {
      const text = `the driver of its IOMMU (${iommu.driver ?? iommu.name}) reports no page faults`;
      return [cannot('iommu-driver', 'IOMMU driver', text)];
    }
  }
}

function withoutIommu(device: DeviceInfo): Finding[] {
  if (device.bus === 'mdev') {
    return [cannot('emulated', 'an mdev', 'no IOMMU translates for it: it is emulated, and its parent does its DMA')];
  }
  if (device.group !== null) return [cannot('no-iommu', 'no IOMMU', 'no IOMMU is behind its group')];
  const text = 'it is in no IOMMU group: there is no IOMMU for it, or it is off; `iopftop doctor` says which';
  // A device that makes no page requests needs no IOMMU for them.
  const own = device.pci && !device.canStall ? intelDevice(device).filter(({ kind }) => kind === 'cannot') : [];
  return [...own, needs('no-group', 'an IOMMU', text, 'iopftop doctor')];
}

/**
 * ppr_is_valid() and iommu_call_iopf_notifier() drop requests without a PASID, and its paging domains have no
 * set_dev_pasid: only SVA is left, which the kernel answers itself.
 */
const AMD = cannot(
  'amd',
  'AMD driver',
  'the AMD IOMMU driver takes page requests with a PASID only, and attaches PASIDs for SVA only: none reaches iommufd',
);

/** arm_smmu_handle_event() reports stalls, no page requests; arm_smmu_enable_iopf() lets the others attach anyway. */
function smmuv3({ canStall, bus }: DeviceInfo): Finding[] {
  if (canStall) {
    const text = 'it stalls: its faults are stalled transactions; the kernel needs CONFIG_ARM_SMMU_V3_SVA for them';
    return [note('stall', 'stalls', text)];
  }
  if (canStall === null) {
    const text = 'whether it can stall is in a table of the firmware (IORT) that sysfs does not show';
    return [unknown('stall-unknown', 'can it stall?', text)];
  }
  const why = bus === 'pci' ? 'PCI devices cannot stall, except a few from HiSilicon' : 'it has no dma-can-stall';
  const text = `the SMMUv3 driver reports stalled transactions, not PRI: ${why}; it attaches, but no fault ever arrives`;
  return [cannot('no-stall', 'no stall', text)];
}

/** intel_iommu_probe_device() and iommu_enable_pci_pri(). */
function intel(device: DeviceInfo, abilities: IntelAbilities | null): Finding[] {
  const unit = intelUnit(abilities);
  const findings = [...unit, ...intelDevice(device, unit.length === 0)];
  return findings.some(({ kind }) => kind === 'cannot') ? findings : [...findings, ...intelGroup(device)];
}

/**
 * A domain is attached to every device of the group, ports included (__iommu_group_set_domain_internal()), and
 * intel_iommu_enable_iopf() refuses it for each whose PRI is off.
 */
function intelGroup(device: DeviceInfo): Finding[] {
  const { group, capabilities } = device;
  const members = group?.members ?? [];
  const lacking = members.filter(({ pageRequests }) => pageRequests === false).map(({ address }) => address);
  if (lacking.length > 0) {
    const text = `${lacking.join(', ')} of the same IOMMU group ${lacking.length === 1 ? 'makes' : 'make'} no page requests: an HWPT is attached to the whole group, and one with a fault object is refused (ENODEV)`;
    return [cannot('group-no-pri', 'PRI of its group', text)];
  }
  // A user who cannot read the members' configuration space cannot read the device's own either, which is reported.
  if (capabilities === null) return [];
  if (members.every(({ pageRequests }) => pageRequests)) return groupPriOff(device);
  return [
    unknown('group-unread', 'PRI of its group?', 'whether all others of its IOMMU group have PRI could not be read'),
  ];
}

function intelUnit(abilities: IntelAbilities | null): Finding[] {
  if (abilities === null)
    return [unknown('iommu-unread', 'its IOMMU', 'the capabilities of its IOMMU could not be read')];
  const { pageRequests, pageRequestDrain, deviceTlb, scalableMode } = abilities;
  const missing = [
    ...(pageRequests ? [] : ['page requests (PRS)']),
    ...(pageRequestDrain ? [] : ['draining them (PDS)']),
    ...(deviceTlb ? [] : ['device TLBs (DT)']),
    ...(scalableMode ? [] : ['scalable mode (SMTS)']),
  ];
  if (missing.length === 0) return [];
  const brief = pageRequests ? 'its IOMMU' : 'IOMMU without PRS';
  return [cannot('iommu-ability', brief, `its IOMMU lacks ${missing.join(', ')}`)];
}

function intelDevice(device: DeviceInfo, able = true): Finding[] {
  const { address, pci, function: of, capabilities } = device;
  if (pci === null || of === null) {
    return [cannot('not-pci', 'not a PCI device', 'behind an Intel IOMMU only PCI devices can make page requests')];
  }
  if (of.kind === 'virtual') return [virtualFunction(of.physicalFunction ?? '?', of.sharedCapabilities)];
  if (capabilities) return pageRequester(device, capabilities, able);
  if (device.extendedSpace === 'out of reach') return [outOfReach()];
  const text = 'its ATS, PASID and PRI capabilities could not be read: that needs root';
  return [unknown('capabilities-unread', 'PRI? needs root', text, `iopftop devices ${address}`)];
}

/** pci_cfg_space_size(): the kernel cannot use what it does not reach. */
const outOfReach = (): Finding =>
  cannot(
    'no-extended-space',
    'extended config space',
    'the kernel reaches the first 256 bytes of its configuration space only, and ATS and PRI are beyond: it cannot use them, whether the device has them or not. PCI Express needs ECAM for that: an MCFG table from the firmware (dmesg: ECAM, MMCONFIG), no pci=nommconf on the command line, and in a virtual machine a machine type with PCIe (q35)',
  );

/** iommufd_hwpt_compatible_device() refuses a VF whose PF has PRI (EINVAL), intel_iommu_enable_iopf() all others (ENODEV). */
function virtualFunction(pf: string, shared: PciCapabilities | null): Finding {
  if (shared === null) return cannot('vf', 'a VF', `a VF of ${pf}: iommufd takes no faults of VFs`);
  return shared.pri
    ? cannot(
        'vf',
        'a VF',
        `a VF of ${pf}, whose PRI it shares: iommufd takes no faults of VFs, as one could stop them all`,
      )
    : cannot('vf-no-pri', 'a VF, no PRI', `a VF of ${pf}, which has no PRI`);
}
