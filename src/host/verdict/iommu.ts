// Whether the IOMMU and the device can do page requests, and whether the driver of the IOMMU gives them to iommufd
// (iommu_report_device_fault). Function names are those of Linux 7.2.
import type { PciCapabilities } from '../config-space.ts';
import type { DeviceInfo } from '../device-info.ts';
import type { IntelAbilities } from '../iommu-kinds.ts';
import { cannot, type Finding, needs, note, unknown } from './finding.ts';

export function iommuFindings(device: DeviceInfo): Finding[] {
  if (device.unread.some(({ why }) => why.startsWith('it reads as ones'))) {
    return [cannot('gone', 'it does not answer: its configuration space reads as ones')];
  }
  if (device.iommu === null) return [withoutIommu(device)];
  switch (device.iommu.kind) {
    case 'intel':
      return intel(device, device.iommu.intel);
    case 'amd':
      return [AMD];
    case 'smmuv3':
      return smmuv3(device);
    case 'selftest':
      return [];
    case 'other':
      return [
        cannot(
          'iommu-driver',
          `the driver of its IOMMU (${device.iommu.driver ?? device.iommu.name}) reports no page faults`,
        ),
      ];
  }
}

function withoutIommu({ bus, group }: DeviceInfo): Finding {
  if (bus === 'mdev')
    return cannot('emulated', 'an mdev without an IOMMU of its own: the driver of its parent does its DMA');
  if (group !== null) return cannot('no-iommu', 'no IOMMU is behind its group');
  return needs(
    'no-group',
    'it is in no IOMMU group: there is no IOMMU, it is off (in the firmware: VT-d, AMD-Vi, SMMU; for the kernel: intel_iommu=on,sm_on), or it does not cover the device; a virtual machine needs one from its host',
  );
}

/**
 * ppr_is_valid() and iommu_call_iopf_notifier() drop requests without a PASID, and its paging domains have no set_dev_pasid:
 * what is left is SVA, which the kernel answers by itself.
 */
const AMD = cannot(
  'amd',
  'the AMD IOMMU driver takes page requests with a PASID only, and attaches PASIDs for SVA only: none of them reaches iommufd',
);

/** arm_smmu_handle_event() reports stalls, no page requests; arm_smmu_enable_iopf() lets the others attach all the same. */
function smmuv3({ canStall, bus }: DeviceInfo): Finding[] {
  if (canStall) {
    return [
      note('stall', 'it stalls: a fault is a stalled transaction; needs CONFIG_ARM_SMMU_V3_SVA and one stream id'),
    ];
  }
  if (canStall === null) {
    return [
      unknown(
        'stall-unknown',
        'whether it can be stalled is in a table of the firmware (IORT) that sysfs does not show',
      ),
    ];
  }
  const why = bus === 'pci' ? 'PCI devices cannot be stalled, but for a few of HiSilicon' : 'it has no dma-can-stall';
  return [
    cannot(
      'no-stall',
      `the SMMUv3 driver reports stalled transactions only, not PRI: ${why}; it attaches, and nothing comes`,
    ),
  ];
}

/** intel_iommu_probe_device() and iommu_enable_pci_pri(). */
function intel(device: DeviceInfo, abilities: IntelAbilities | null): Finding[] {
  const findings = abilities
    ? intelAbilities(abilities)
    : [unknown('iommu-unread', 'what its IOMMU can do could not be read')];
  if (device.pci === null)
    findings.push(cannot('not-pci', 'behind an Intel IOMMU only PCI devices can make page requests'));
  else if (device.function?.kind === 'virtual') findings.push(virtualFunction(device));
  else if (device.capabilities) findings.push(...intelDevice(device.capabilities));
  else
    findings.push(
      unknown('capabilities-unread', 'its ATS, PASID and PRI capabilities could not be read: that needs root'),
    );
  return findings;
}

function intelAbilities({ pageRequests, pageRequestDrain, deviceTlb, scalableMode }: IntelAbilities): Finding[] {
  const missing = [
    ...(pageRequests ? [] : ['page requests (PRS)']),
    ...(pageRequestDrain ? [] : ['draining them (PDS)']),
    ...(deviceTlb ? [] : ['device TLBs (DT)']),
    ...(scalableMode ? [] : ['scalable mode (SMTS)']),
  ];
  return missing.length === 0 ? [] : [cannot('iommu-ability', `its IOMMU lacks ${missing.join(', ')}`)];
}

/** iommufd_hwpt_compatible_device() refuses a VF whose PF has PRI (EINVAL), intel_iommu_enable_iopf() all others (ENODEV). */
function virtualFunction({ function: of }: DeviceInfo): Finding {
  const shared = of?.sharedCapabilities;
  const pf = of?.physicalFunction ?? '?';
  if (!shared) return cannot('vf', `a VF of ${pf}: iommufd gives VFs no faults`);
  return shared.pri
    ? cannot(
        'vf',
        `a VF of ${pf}, with which it shares PRI: iommufd gives VFs no faults, since a failure would stop all of them`,
      )
    : cannot('vf-no-pri', `a VF of ${pf}, which has no PRI`);
}

function intelDevice({ ats, pasid, pri }: PciCapabilities): Finding[] {
  if (ats === null || pri === null) {
    const lacks = [...(ats ? [] : ['ATS']), ...(pri ? [] : ['PRI'])].join(' and no ');
    return [cannot('no-pri', `it has no ${lacks}: it cannot make page requests`)];
  }
  if (pasid?.enabled && !pri.responsePasidRequired && !pri.enabled) {
    return [cannot('pri-pasid', 'PASIDs are on, and it takes no PASID in a response: the driver leaves its PRI off')];
  }
  const findings: Finding[] = [];
  if (!pri.enabled) {
    findings.push(
      note(
        'pri-off',
        'PRI is off: a kernel that turns it on at the start has no scalable mode (intel_iommu=sm_on), others do at the attach',
      ),
    );
  }
  if (pri.responseFailure)
    findings.push(note('pri-failed', 'it was told of a failure, and makes no page requests until PRI is reset'));
  if (pri.unexpectedGroupIndex)
    findings.push(note('pri-unexpected', 'it got a response to a group that it did not know'));
  return findings;
}
