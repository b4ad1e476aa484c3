// What is known about a device's ATS, PASID and PRI. "Absent", "off by the kernel", "not read" and "unknown" are four
// different states.
import type { PciCapabilities } from './config-space.ts';
import type { DeviceInfo } from './device-info.ts';

/**
 * on, off: as its register says; kernel-off: the kernel has decided not to use it, whatever its register says; absent: the
 * device lacks it; unread: this user may not read it, or reading failed; unknown: what was read does not say.
 */
export const CAPABILITY_STATES = ['on', 'off', 'kernel-off', 'absent', 'unread', 'unknown'] as const;
export type CapabilityState = (typeof CAPABILITY_STATES)[number];

export interface KnownCapability {
  readonly state: CapabilityState;
  /** Of kernel-off and unknown: why, in words; else null. */
  readonly why: string | null;
}

export type CapabilityStates = Readonly<Record<keyof PciCapabilities, KnownCapability>>;

type Asked = Pick<DeviceInfo, 'capabilities' | 'extendedSpace' | 'kernelAts' | 'priTime' | 'iommu'>;

const plain = (state: CapabilityState, why: string | null = null): KnownCapability => ({ state, why });

/** What the registers say. */
function found({ capabilities, extendedSpace }: Asked, name: keyof PciCapabilities): KnownCapability {
  const capability = capabilities?.[name] ?? null;
  if (capability !== null) return plain(capability.enabled ? 'on' : 'off');
  switch (extendedSpace) {
    case 'read':
      return plain('absent');
    case 'broken':
      return plain('unknown', 'the list of its capabilities breaks off');
    case 'out of reach':
      return plain('unknown', 'the kernel does not reach its extended configuration space');
    case 'gone':
      return plain('unknown', 'it does not answer');
    default:
      return plain('unread');
  }
}

/** iommu_enable_pci_pri() leaves it off. */
function priDecision({ capabilities, iommu, priTime }: Asked): string | null {
  const { pasid = null, pri = null } = capabilities ?? {};
  if (pri === null || pri.enabled || iommu?.kind !== 'intel') return null;
  if (pasid?.enabled && !pri.responsePasidRequired) return 'PASIDs are on, but it takes no PASID in a response';
  if (iommu.intel?.scalableModeWanted === false) return 'intel_iommu=sm_off';
  return priTime === 'probe' ? 'it was left off when the kernel found the device' : null;
}

/** null: not a PCI device. */
export function capabilityStates(device: Asked & Pick<DeviceInfo, 'pci'>): CapabilityStates | null {
  if (device.pci === null) return null;
  const known = (name: keyof PciCapabilities, decision: string | null): KnownCapability => {
    const seen = found(device, name);
    return decision !== null && (seen.state === 'on' || seen.state === 'off') ? plain('kernel-off', decision) : seen;
  };
  // Page requests come with ATS.
  const ats = device.kernelAts?.why ?? null;
  return { ats: known('ats', ats), pasid: known('pasid', null), pri: known('pri', ats ?? priDecision(device)) };
}
