// Whether the IOMMU and the device can do page requests, and whether the driver of the IOMMU gives them to iommufd
// (iommu_report_device_fault). Function names are those of Linux 7.2.
import { capabilityStates } from '../capability-states.ts';
import type { PciCapabilities, PriCapability } from '../config-space.ts';
import type { DeviceInfo } from '../device-info.ts';
import type { IntelAbilities } from '../iommu-kinds.ts';
import { cannot, type Finding, needs, note, unknown } from './finding.ts';

/** What makes everything else not matter. */
export function hopeless({ gone, refusal }: DeviceInfo): Finding | null {
  if (refusal?.id === 'bridge') return refusal;
  return gone ? cannot('gone', 'gone', 'it does not answer: its configuration space reads as ones') : null;
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
  // What makes no page requests needs no IOMMU for them.
  const own = device.pci && !device.canStall ? intelDevice(device).filter(({ kind }) => kind === 'cannot') : [];
  return [...own, needs('no-group', 'an IOMMU', text, 'iopftop doctor')];
}

/**
 * ppr_is_valid() and iommu_call_iopf_notifier() drop requests without a PASID, and its paging domains have no set_dev_pasid:
 * what is left is SVA, which the kernel answers by itself.
 */
const AMD = cannot(
  'amd',
  'AMD driver',
  'the AMD IOMMU driver takes page requests with a PASID only, and attaches PASIDs for SVA only: none reaches iommufd',
);

/** arm_smmu_handle_event() reports stalls, no page requests; arm_smmu_enable_iopf() lets the others attach all the same. */
function smmuv3({ canStall, bus }: DeviceInfo): Finding[] {
  if (canStall) {
    const text = 'it stalls: its faults are stalled transactions; the kernel needs CONFIG_ARM_SMMU_V3_SVA for them';
    return [note('stall', 'stalls', text)];
  }
  if (canStall === null) {
    const text = 'whether it can stall is in a table of the firmware (IORT) that sysfs does not show';
    return [unknown('stall-unknown', 'can it stall?', text)];
  }
  const why = bus === 'pci' ? 'PCI devices cannot stall, but for a few of HiSilicon' : 'it has no dma-can-stall';
  const text = `the SMMUv3 driver reports stalled transactions, not PRI: ${why}; it attaches, and nothing ever comes`;
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
function intelGroup({ group, capabilities }: DeviceInfo): Finding[] {
  const members = group?.members ?? [];
  const lacking = members.filter(({ pageRequests }) => pageRequests === false).map(({ address }) => address);
  if (lacking.length > 0) {
    const text = `${lacking.join(', ')} of the same IOMMU group ${lacking.length === 1 ? 'makes' : 'make'} no page requests: an HWPT is attached to the whole group, and one with a fault object is refused (ENODEV)`;
    return [cannot('group-no-pri', 'PRI of its group', text)];
  }
  // Who cannot read the members' configuration space cannot read the device's own either, which is said.
  if (capabilities === null || members.every(({ pageRequests }) => pageRequests)) return [];
  return [
    unknown('group-unread', 'PRI of its group?', 'whether all others of its IOMMU group have PRI could not be read'),
  ];
}

function intelUnit(abilities: IntelAbilities | null): Finding[] {
  if (abilities === null) return [unknown('iommu-unread', 'its IOMMU', 'what its IOMMU can do could not be read')];
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
    return [cannot('not-pci', 'no PCI device', 'behind an Intel IOMMU only PCI devices can make page requests')];
  }
  if (of.kind === 'virtual') return [virtualFunction(of.physicalFunction ?? '?', of.sharedCapabilities)];
  if (capabilities) return pageRequester(device, capabilities, able);
  if (device.extendedSpace === 'out of reach') return [outOfReach()];
  const text = 'its ATS, PASID and PRI capabilities could not be read: that needs root';
  return [unknown('capabilities-unread', 'PRI? needs root', text, `iopftop devices ${address}`)];
}

/** pci_cfg_space_size(): what the kernel does not reach it cannot use either. */
const outOfReach = (): Finding =>
  cannot(
    'no-extended-space',
    'extended config space',
    'the kernel reaches the first 256 bytes of its configuration space only, and ATS and PRI are beyond: it cannot use them, whether the device has them or not. PCI Express needs ECAM for it: an MCFG table of the firmware (dmesg: ECAM, MMCONFIG), no pci=nommconf on the command line, in a virtual machine a type with PCIe (q35)',
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

/** `able`: the IOMMU takes page requests; else whether PRI is on says nothing. */
function pageRequester(device: DeviceInfo, { pasid, pri }: PciCapabilities, able: boolean): Finding[] {
  const states = capabilityStates(device);
  const lacks = [
    ...(states?.ats.state === 'absent' ? ['no ATS'] : []),
    ...(states?.pri.state === 'absent' ? ['no PRI'] : []),
  ];
  if (lacks.length > 0) {
    return [cannot('no-pri', lacks.join(', '), `it has ${lacks.join(' and ')}: it cannot make page requests`)];
  }
  const decided = noAts(device);
  if (decided) return [decided];
  if (states?.ats.state === 'unknown' || pri === null) {
    const text = `whether it has ATS and PRI cannot be told: ${states?.pri.why ?? states?.ats.why}`;
    return [unknown('capabilities-unknown', 'PRI? cannot tell', text, `iopftop doctor ${device.address}`)];
  }
  if (pasid?.enabled && !pri.responsePasidRequired && !pri.enabled) {
    const text = 'PASIDs are on, and it wants none in a response: the driver of the IOMMU leaves its PRI off';
    return [cannot('pri-pasid', 'PRI without PASID', text)];
  }
  return [
    ...(pri.enabled || !able ? [] : [priOff(device, pasid?.enabled === true)]),
    ...credits(pri, device),
    ...trouble(pri, device.resettable === true),
  ];
}

/** Without ATS that the kernel uses the driver turns on no PRI (iommu_enable_pci_pri()), and ATTACH is ENODEV. */
function noAts({ kernelAts }: DeviceInfo): Finding | null {
  if (kernelAts === null) return null;
  const { id, why } = kernelAts;
  const text = `the kernel uses no ATS of it, and so no PRI: ${why}; ATTACH is refused (ENODEV)`;
  return id === 'noats'
    ? needs(id, 'no pci=noats', `${text}; take noats out of pci=… and boot again`)
    : cannot(id, 'ATS off by the kernel', text);
}

/** pci_enable_pri() allots what the device can have, and enables PRI of one that can have none. */
function credits({ enabled, capacity, allocation }: PriCapability, { path, resettable }: DeviceInfo): Finding[] {
  if (capacity === 0) {
    const text = 'it can have no page request outstanding (its capacity is 0): it attaches, and nothing ever comes';
    return [cannot('pri-no-credits', 'PRI without credits', text)];
  }
  if (!enabled || allocation > 0) return [];
  const text = `it may have no page request outstanding (0 of ${capacity} are allotted): nothing ever comes`;
  // pci_restore_pri_state() allots them again.
  return [
    resettable
      ? needs('pri-no-credits', 'PRI credits', `${text}; a reset allots them again`, `echo 1 > ${path}/reset`)
      : cannot('pri-no-credits', 'PRI without credits', `${text}, and the kernel cannot reset it alone`),
  ];
}

/** PRI goes with scalable mode, as PASIDs do; whether that is in use shows by them only. When it is turned on: priTime(). */
function priOff({ address, iommu, priTime, capabilities }: DeviceInfo, pasidsOn: boolean): Finding {
  const wanted = iommu?.intel?.scalableModeWanted ?? null;
  const ats = capabilities?.ats ?? null;
  const how = 'boot the kernel with intel_iommu=on,sm_on';
  if (wanted === false) {
    return needs('scalable-mode', 'scalable mode', `PRI is off, as scalable mode is (intel_iommu=sm_off): ${how}`);
  }
  if (wanted === null && !pasidsOn) {
    const text = `PRI is off, and nothing shows that scalable mode is on: ${how}; a trial attach tells whether it is`;
    return unknown('scalable-mode-unknown', 'scalable mode?', text, `iopftop doctor ${address}`);
  }
  // iommu_enable_pci_ats() wants pci_ats_page_aligned(), whenever it is asked.
  const unaligned = ats !== null && !ats.enabled && !ats.pageAligned;
  if (unaligned && priTime !== null) {
    const text =
      'ATS is off, and its requests are not page aligned, without which the kernel turns on neither ATS nor PRI: ATTACH is refused (ENODEV)';
    return cannot('ats-unaligned', 'ATS off by the kernel', text);
  }
  switch (priTime) {
    case 'probe': {
      const text =
        'PRI is off: the kernel left it off when it found the device, and turns it on at no other time; ATTACH is refused (ENODEV). dmesg of that time may say why: firmware (ATSR, SATC), an untrusted port, or requests that were outstanding';
      return cannot('pri-off', 'PRI off by the kernel', text);
    }
    case 'attach': {
      const text = 'PRI is off now; the kernel turns it on at the attach, or refuses that (ENODEV)';
      return note('pri-off', 'PRI is off', text);
    }
    case null: {
      const text =
        'PRI is off; whether this kernel turns it on at the attach (older ones do) or refuses that (ENODEV) cannot be told from here; a trial attach tells';
      return unknown('pri-off-unknown', 'PRI off?', text, `iopftop doctor ${address}`);
    }
  }
}

/** vfio_pci_core_enable() resets what can be reset (pci_try_reset_function()). */
function trouble({ responseFailure, unexpectedGroupIndex }: PriCapability, resettable: boolean): Finding[] {
  const failed = 'one of its page requests was answered with a failure: it makes no more until it is reset';
  const reset = resettable
    ? note('pri-failed', 'PRI reset at open', `${failed}, as it is when VFIO opens it`)
    : cannot(
        'pri-stuck',
        'PRI failed, no reset',
        `${failed}, and the kernel cannot reset it alone: a power cycle does`,
      );
  return [
    ...(responseFailure ? [reset] : []),
    ...(unexpectedGroupIndex
      ? [note('pri-unexpected', 'odd response', 'it got a response to a group that it did not know')]
      : []),
  ];
}
