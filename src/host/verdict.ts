// Can a device deliver faults to us, and if not, why not? Pure: it uses only what was read.
import type { DeviceInfo } from './device-info.ts';
import { bindingFindings } from './verdict/binding.ts';
import type { Finding } from './verdict/finding.ts';
import { hopeless, iommuFindings } from './verdict/iommu.ts';

export type { Finding };
export type Readiness = 'ready' | 'needs' | 'cannot' | 'unknown';

export interface DeviceVerdict {
  readonly outcome: Readiness;
  /** In the order in which they must be fixed. */
  readonly findings: readonly Finding[];
}

/** The worst obstacle comes first: an impossible device needs no preparation. */
const WORST = ['cannot', 'unknown', 'needs'] as const;

export function verdictOf(device: DeviceInfo): DeviceVerdict {
  const end = hopeless(device);
  const findings = end ? [end] : [...iommuFindings(device), ...bindingFindings(device)];
  const outcome = WORST.find((kind) => findings.some((finding) => finding.kind === kind)) ?? 'ready';
  return { outcome, findings };
}
