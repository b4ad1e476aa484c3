// What a kernel's refusal says about a device, if it is about the device and not about us.
import { IommufdError } from '../../iommufd/error.ts';
import { noMockDevice } from '../../protocol/abilities.ts';
import { Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import type { SourceDevice } from '../source.ts';

/** Refusals of a HWPT with a fault object, and of the attach to it, that another device would not have met. */
const FAULTLESS: Record<string, readonly number[]> = {
  IOMMU_HWPT_ALLOC: [Errno.EOPNOTSUPP],
  VFIO_DEVICE_ATTACH_IOMMUFD_PT: [Errno.ENODEV, Errno.EINVAL, Errno.EOPNOTSUPP],
};

/** Why a device cannot be attached to a HWPT with a fault object, if the error says so; else null. */
export const cannotFaultBy = (error: unknown): string | null =>
  error instanceof IommufdError && FAULTLESS[error.operation]?.includes(error.errno) ? error.message : null;

/** `why`: what the kernel said. */
export function cannotFault(
  { name, doubt, hwpt }: { readonly name: string; readonly doubt: string | null; readonly hwpt: 'paging' | 'nested' },
  why: string,
): Refusal {
  const nested = hwpt === 'nested' ? '; --hwpt paging may work where nested does not' : '';
  const hint = `--without-faults attaches it anyway, without a fault object${nested}`;
  return new Refusal('refused', `${name} cannot fault: ${why}`, doubt === null ? hint : `${doubt}; ${hint}`);
}

/** Throws Refusal for one that is attached without a fault object. */
export function checkCanFault({ name, cannotFault: why, doubt }: SourceDevice): void {
  if (why != null) throw new Refusal('refused', `${name} cannot fault: ${doubt ?? why}`);
}

/** ENOTTY: no selftest driver; EINVAL and ENOENT: not one of its devices (iommufd_test_trigger_iopf). */
const NO_TRIGGER: readonly number[] = [Errno.ENOTTY, Errno.EINVAL, Errno.ENOENT];

/** A refusal that a device of the host cannot be made to fault, if the error says so; else null. */
export function cannotTrigger(error: unknown, name: string): Refusal | null {
  if (!(error instanceof IommufdError) || !NO_TRIGGER.includes(error.errno)) return null;
  const { message, hint } = noMockDevice(name);
  return new Refusal('refused', message, hint);
}
