// Interrupt isolation: iommufd takes no device whose writes could raise interrupts that are not its own
// (iommufd_device_bind, msi_device_has_isolated_msi).
import { ALLOW_UNSAFE, unsafeAllowed } from '../../host/interrupts.ts';
import { type CheckGroup, check, fail, look, mend, type Observation, pass, unknown } from '../check.ts';
import type { HostGround } from './ground.ts';

/** The irqchips of interrupt remapping are called IR-…, those of a GIC with an ITS ITS-…. */
function isolated(interrupts: string): string | null {
  if (/\sIR-/.test(interrupts)) return 'interrupt remapping is on (/proc/interrupts: IR-...)';
  return /\sITS-/.test(interrupts) ? 'interrupts go through a GIC ITS (/proc/interrupts)' : null;
}

function isolation({ reading, platform }: HostGround): Observation {
  const interrupts = reading.text('/proc/interrupts', 'the interrupts') ?? '';
  const seen = isolated(interrupts);
  if (seen !== null) return pass(seen);
  if (unsafeAllowed(reading)) return pass('not isolated, and allowed all the same (iommufd.allow_unsafe_interrupts=1)');
  const off = platform.commandLine.interruptRemappingOff;
  const accept = mend(ALLOW_UNSAFE, 'accepts that a device can raise interrupts of others');
  if (off)
    return fail(`the kernel's command line says ${off}`, mend(null, `take ${off} out of it and boot again`), accept);
  if (/\sPCI-MSI/.test(interrupts)) {
    const bios = mend(null, 'switch interrupt remapping (x2APIC) on in the setup of the firmware (BIOS)');
    return fail('interrupt remapping is off: no IR-... in /proc/interrupts', bios, accept);
  }
  return unknown('/proc/interrupts does not tell; binding a device does', look('grep -i msi /proc/interrupts'));
}

export const INTERRUPTS: CheckGroup<HostGround> = {
  name: 'interrupts',
  checks: [
    check(
      'interrupts.isolated',
      'interrupts of devices are isolated',
      'else the kernel refuses to bind a device (EPERM); the bind says for sure',
      isolation,
      {
        after: ['iommu.on'],
        unless: ({ platform }) =>
          platform.vendors.includes('selftest') ? 'iommufd asks nothing of mock devices' : null,
      },
    ),
  ],
};
