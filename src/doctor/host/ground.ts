// What the checks of the host use, read once.
import type { DeviceInfo } from '../../host/device-info.ts';
import { Reading } from '../../host/reading.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Credentials, credentials } from '../facts/credentials.ts';
import { type KernelConfig, kernelConfig } from '../facts/kernel-config.ts';
import { type Platform, platform } from '../facts/platform.ts';

export interface HostGround {
  readonly kernel: Kernel;
  readonly reading: Reading;
  /** As in `uname -r`; empty if it cannot be read. */
  readonly osrelease: string;
  /** null: it cannot be read. */
  readonly config: KernelConfig | null;
  readonly platform: Platform;
  readonly credentials: Credentials;
  /** Why nothing here needs vfio-pci; null: something may. */
  readonly vfioPciUnneeded: string | null;
}

function withoutVfioPci({ hasPci }: Platform, device: DeviceInfo | null): string | null {
  if (device?.vfio) return 'a VFIO driver has the device already';
  if (device && device.bus !== 'pci') return 'the device is not a PCI device';
  return hasPci ? null : 'this machine has no PCI devices';
}

/** `device`: the device asked about; null: none, or no such device. */
export function hostGround(kernel: Kernel, device: DeviceInfo | null): HostGround {
  const reading = new Reading(kernel.files);
  const osrelease = reading.text('/proc/sys/kernel/osrelease', "the kernel's version") ?? '';
  const machine = platform(reading);
  return {
    kernel,
    reading,
    osrelease,
    config: kernelConfig(reading, osrelease),
    platform: machine,
    credentials: credentials(reading),
    vfioPciUnneeded: withoutVfioPci(machine, device),
  };
}
