// Interrupt isolation: iommufd refuses a device whose writes could raise other devices' interrupts (iommufd_device_bind,
// msi_device_has_isolated_msi).
import { ALLOW_UNSAFE, unsafeAllowed } from '../../host/interrupts.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
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
  if (unsafeAllowed(reading)) return pass('not isolated, but allowed anyway (iommufd.allow_unsafe_interrupts=1)');
  const off = platform.commandLine.interruptRemappingOff;
  const accept = fix(ALLOW_UNSAFE, "accepts that a device can raise other devices' interrupts");
  if (off) return fail(`the kernel's command line says ${off}`, fix(null, `remove ${off} from it and reboot`), accept);
  if (/\sPCI-MSI/.test(interrupts)) {
    const bios = fix(null, 'enable interrupt remapping (x2APIC) in the firmware setup (BIOS)');
    return fail('interrupt remapping is off: no IR-... in /proc/interrupts', bios, accept);
  }
  return unknown('/proc/interrupts does not show it; binding a device does', look('grep -i msi /proc/interrupts'));
}

export const INTERRUPTS: CheckGroup<HostGround> = {
  name: 'interrupts',
  checks: [
    check(
      'interrupts.isolated',
      'interrupts of devices are isolated',
      'otherwise the kernel refuses to bind a device (EPERM); only the bind is conclusive',
      isolation,
      {
        after: ['iommu.on'],
        unless: ({ platform }) =>
          platform.vendors.includes('selftest') ? 'iommufd does not require it of mock devices' : null,
      },
    ),
  ],
};
