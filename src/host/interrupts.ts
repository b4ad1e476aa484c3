// Whether iommufd would refuse a device because the interrupts that it can raise are not isolated (iommufd_device_bind(),
// iommu_group_has_isolated_msi()), as far as files show it.
import { CommandLine } from './command-line.ts';
import type { IommuInfo } from './iommu-kinds.ts';
import type { Reading } from './reading.ts';

export const UNSAFE_INTERRUPTS = '/sys/module/iommufd/parameters/allow_unsafe_interrupts';
export const ALLOW_UNSAFE = `echo Y | sudo tee ${UNSAFE_INTERRUPTS}`;

/** ecap_ir_support() */
const REMAPS_INTERRUPTS = 1n << 3n;

/** VT-d units may differ: that one of them remaps interrupts says nothing about another. null: its capabilities are unknown. */
export const remapsInterrupts = (iommu: IommuInfo | null): boolean | null =>
  iommu?.intel ? (BigInt(iommu.intel.ecap) & REMAPS_INTERRUPTS) !== 0n : null;

export const unsafeAllowed = (reading: Reading): boolean =>
  reading.text(UNSAFE_INTERRUPTS, 'allow_unsafe_interrupts') === 'Y';

/** Why BIND would fail with EPERM, and what to do; null: no sign that it would. */
export function unsafeInterrupts(reading: Reading, iommu: IommuInfo | null): { text: string; hint: string } | null {
  if (iommu === null || !['intel', 'amd'].includes(iommu.kind) || unsafeAllowed(reading)) return null;
  const off = CommandLine.read(reading).interruptRemappingOff;
  const why =
    remapsInterrupts(iommu) === false
      ? `${iommu.name} does not remap interrupts`
      : off === null
        ? null
        : `the kernel's command line says ${off}`;
  if (why === null) return null;
  const text = `its interrupts are not isolated (${why}), and the kernel refuses that (EPERM)`;
  return { text, hint: `run \`${ALLOW_UNSAFE}\`, which accepts that it can raise other devices' interrupts` };
}
