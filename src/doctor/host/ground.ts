// What the checks of the host look at: read once.
import { Reading } from '../../host/reading.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import { type Credentials, credentials } from '../facts/credentials.ts';
import { type KernelConfig, kernelConfig } from '../facts/kernel-config.ts';
import { type Platform, platform } from '../facts/platform.ts';

export interface HostGround {
  readonly kernel: Kernel;
  readonly reading: Reading;
  /** As `uname -r` says it; empty where it cannot be read. */
  readonly osrelease: string;
  /** null: it cannot be read. */
  readonly config: KernelConfig | null;
  readonly platform: Platform;
  readonly credentials: Credentials;
}

export function hostGround(kernel: Kernel): HostGround {
  const reading = new Reading(kernel.files);
  const osrelease = reading.text('/proc/sys/kernel/osrelease', "the kernel's version") ?? '';
  return {
    kernel,
    reading,
    osrelease,
    config: kernelConfig(reading, osrelease),
    platform: platform(reading),
    credentials: credentials(reading),
  };
}
