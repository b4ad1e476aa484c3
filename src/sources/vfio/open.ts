// Devices of one's own (--device): of this host, or with --backend mock of the machine that sim plays.

import type { HostOptions } from '../options.ts';
import type { Target } from '../target.ts';
import { recoverAbandoned } from '../undo/recover.ts';
import { openUndoLog, ownUndoPlace } from '../undo/undo-log.ts';
import { openHostDevices } from './host-devices.ts';

/** Throws IommufdError, Refusal or ScenarioError with everything as it was before. */
export async function openHost(options: HostOptions, told: (text: string | null) => void = () => {}): Promise<Target> {
  if (options.mock !== null) return (await import('./simulated.ts')).openSimulated(options, options.mock, told);
  // Loaded only here: it is the one thing that is native.
  const { LinuxKernel } = await import('../../kernel/linux/linux.ts');
  const kernel = new LinuxKernel();
  const place = ownUndoPlace();
  const recovered = options.recover ? recoverAbandoned(kernel, place, told) : [];
  const info = { kind: 'host', mock: false, scenario: null, seed: null } as const;
  return openHostDevices({ kernel, info, undo: openUndoLog(kernel.files, place), recovered, told }, options);
}
