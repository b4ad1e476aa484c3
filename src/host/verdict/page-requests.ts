// Whether a device behind VT-d can make page requests now: its ATS and PRI, and what the kernel decided about them.
// Function names are those of Linux 7.2.
import { capabilityStates } from '../capability-states.ts';
import type { PciCapabilities, PriCapability } from '../config-space.ts';
import type { DeviceInfo } from '../device-info.ts';
import { cannot, type Finding, needs, note, unknown } from './finding.ts';

/** `able`: the IOMMU takes page requests; otherwise the state of PRI means nothing. */
export function pageRequester(device: DeviceInfo, { pasid, pri }: PciCapabilities, able: boolean): Finding[] {
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
    const text = `cannot tell whether it has ATS and PRI: ${states?.pri.why ?? states?.ats.why}`;
    return [unknown('capabilities-unknown', 'PRI? cannot tell', text, `iopftop doctor ${device.address}`)];
  }
  if (pasid?.enabled && !pri.responsePasidRequired && !pri.enabled) {
    const text = 'PASIDs are on, but it takes no PASID in a response: the IOMMU driver leaves its PRI off';
    return [cannot('pri-pasid', 'PRI without PASID', text)];
  }
  return [
    ...(pri.enabled || !able ? [] : [priOff(device, pasid?.enabled === true)]),
    ...credits(pri, device),
    ...trouble(pri, device.resettable === true),
  ];
}

/** If the kernel does not use its ATS, the driver does not turn on PRI (iommu_enable_pci_pri()), and ATTACH is ENODEV. */
function noAts({ kernelAts }: DeviceInfo): Finding | null {
  if (kernelAts === null) return null;
  const { id, why } = kernelAts;
  const text = `the kernel does not use its ATS, and so not its PRI: ${why}; ATTACH is refused (ENODEV)`;
  return id === 'noats'
    ? needs(id, 'no pci=noats', `${text}; remove noats from pci=... and reboot`)
    : cannot(id, 'ATS off by the kernel', text);
}

/** pci_enable_pri() allots the device's capacity, and enables PRI even if that is 0. */
function credits({ enabled, capacity, allocation }: PriCapability, { path, resettable }: DeviceInfo): Finding[] {
  if (capacity === 0) {
    const text = 'it can have no page request outstanding (its capacity is 0): it attaches, but no fault ever arrives';
    return [cannot('pri-no-credits', 'PRI without credits', text)];
  }
  if (!enabled || allocation > 0) return [];
  const text = `it may have no page request outstanding (0 of ${capacity} are allotted): no fault ever arrives`;
  // pci_restore_pri_state() allots them again.
  return [
    resettable
      ? needs('pri-no-credits', 'PRI credits', `${text}; a reset allots them again`, `echo 1 > ${path}/reset`)
      : cannot('pri-no-credits', 'PRI without credits', `${text}, and the kernel cannot reset it alone`),
  ];
}

/** PRI depends on scalable mode, as PASIDs do; only they show whether that is in use. When it is turned on: priTime(). */
function priOff({ address, iommu, priTime, capabilities }: DeviceInfo, pasidsOn: boolean): Finding {
  const wanted = iommu?.intel?.scalableModeWanted ?? null;
  const ats = capabilities?.ats ?? null;
  const how = 'boot the kernel with intel_iommu=on,sm_on';
  if (wanted === false) {
    return needs('scalable-mode', 'scalable mode', `PRI is off, as scalable mode is (intel_iommu=sm_off): ${how}`);
  }
  if (wanted === null && !pasidsOn) {
    const text = `PRI is off, and nothing shows that scalable mode is on: ${how}; a trial attach shows whether it is`;
    return unknown('scalable-mode-unknown', 'scalable mode?', text, `iopftop doctor ${address}`);
  }
  // iommu_enable_pci_ats() requires pci_ats_page_aligned() whenever it is called.
  const unaligned = ats !== null && !ats.enabled && !ats.pageAligned;
  if (unaligned && priTime !== null) {
    const text =
      'ATS is off, and its requests are not page aligned, without which the kernel turns on neither ATS nor PRI: ATTACH is refused (ENODEV)';
    return cannot('ats-unaligned', 'ATS off by the kernel', text);
  }
  switch (priTime) {
    case 'probe': {
      const text =
        'PRI is off: the kernel left it off when it found the device, and never turns it on later; ATTACH is refused (ENODEV). dmesg of that time may say why: firmware (ATSR, SATC), an untrusted port, or requests that were outstanding';
      return cannot('pri-off', 'PRI off by the kernel', text);
    }
    case 'attach': {
      const text = 'PRI is off now; the kernel turns it on at the attach, or refuses that (ENODEV)';
      return note('pri-off', 'PRI is off', text);
    }
    case null: {
      const text =
        'PRI is off; whether this kernel turns it on at the attach (older ones do) or refuses that (ENODEV) cannot be known from here; a trial attach shows it';
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
      ? [note('pri-unexpected', 'odd response', 'it got a response to a group it did not know')]
      : []),
  ];
}

/** The same for the others in its group, which have PRI. */
export function groupPriOff({ group, priTime, kernelAts }: DeviceInfo): Finding[] {
  const off = (group?.members ?? []).filter(({ pageRequestsOn }) => pageRequestsOn === false);
  // pci=noats is reported for the device itself.
  if (off.length === 0 || priTime === 'attach' || kernelAts !== null) return [];
  const whose = `PRI of ${off.map(({ address }) => address).join(', ')}, of the same IOMMU group, is off`;
  if (priTime === 'probe') {
    const text = `${whose}, as the kernel left it: an HWPT is attached to the whole group, and one with a fault object is refused (ENODEV)`;
    return [cannot('group-pri-off', 'PRI of its group', text)];
  }
  const text = `${whose}; whether this kernel turns it on at the attach cannot be known from here; a trial attach shows it`;
  return [unknown('group-pri-off', 'PRI of its group?', text)];
}
