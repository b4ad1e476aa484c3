// The user's devices (--device): of this host, or with --backend mock of the machine that sim plays.

import { linuxKernel } from '../linux-kernel.ts';
import type { HostOptions } from '../options.ts';
import type { FaultSource } from '../source.ts';
import { undoAtStart } from '../undo/at-start.ts';
import { openHostDevices } from './host-devices.ts';

/** Throws IommufdError, Refusal or ScenarioError with everything as it was before. */
export async function openHost(
  options: HostOptions,
  told: (text: string | null) => void = () => {},
): Promise<FaultSource> {
  if (options.mock !== null) return (await import('./simulated.ts')).openSimulated(options, options.mock, told);
  const kernel = await linuxKernel();
  const info = { kind: 'host', mock: false, scenario: null, seed: null } as const;
  return openHostDevices({ kernel, info, told, ...undoAtStart(kernel, options.recover, told) }, options);
}
