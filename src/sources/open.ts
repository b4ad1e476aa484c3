// Opens the requested source.

import { VirtualClock } from '../kernel/sim/clock.ts';
import { SimKernel } from '../kernel/sim/sim.ts';
import { loadScenario } from '../scenario/scenario.ts';
import { linuxKernel } from './linux-kernel.ts';
import { SimPlay, sourcesOf, TriggerPlay, withoutBonds } from './mock/plays.ts';
import type { MockOptions, SelftestOptions, SourceOptions } from './options.ts';
import { type DeviceSource, mockSource } from './owned/device-source.ts';
import { OwnedSource } from './owned/owned-source.ts';
import type { FaultSource } from './source.ts';

/**
 * Throws IommufdError, Refusal or ScenarioError with nothing left open. `told` hears, then and later, of what the kernel does
 * not return from.
 */
export async function openSource(
  options: SourceOptions,
  told: (text: string | null) => void = () => {},
): Promise<FaultSource> {
  switch (options.kind) {
    case 'mock':
      return openMock(options);
    case 'selftest':
      return openSelftest(options);
    case 'host':
      return (await import('./vfio/open.ts')).openHost(options, told);
    case 'process':
      return (await import('./process/open.ts')).openProcess(options, told);
    case 'handed':
      return (await import('./handed/open.ts')).openHanded(options);
  }
}

/** The simulated kernel, with the devices of a scenario behind it. */
function openMock({ scenario: name, seed, rate, virtualTime }: MockOptions): FaultSource {
  const scenario = loadScenario(name);
  const kernel = new SimKernel(virtualTime ? { clock: new VirtualClock() } : {});
  const info = { kind: 'mock', mock: true, label: 'MOCK', scenario: scenario.name, seed } as const;
  const play = { scenario, seed, rate };
  return new OwnedSource({
    kernel,
    info,
    devices: sourcesOf(scenario),
    play: (objects) => new SimPlay(kernel, objects, play),
  });
}

/** Mock devices of a real kernel that has CONFIG_IOMMUFD_TEST. */
async function openSelftest(options: SelftestOptions): Promise<FaultSource> {
  const kernel = await linuxKernel();
  const { seed, rate } = options;
  if (options.scenario === null) {
    const info = { kind: 'selftest', mock: false, label: 'selftest', scenario: null, seed: null } as const;
    return new OwnedSource({ kernel, info, devices: plainDevices(options) });
  }
  const scenario = withoutBonds(loadScenario(options.scenario), 'selftest devices');
  const info = { kind: 'selftest', mock: false, label: 'selftest', scenario: scenario.name, seed } as const;
  const play = { scenario, seed, rate };
  return new OwnedSource({
    kernel,
    info,
    devices: sourcesOf(scenario),
    play: (objects) => new TriggerPlay(objects, play),
  });
}

const plainDevices = ({ devices, pasids, hwpt }: SelftestOptions): DeviceSource[] =>
  Array.from({ length: devices }, (_, i) => mockSource({ name: `mock${i}`, pasid: pasids.length > 0, hwpt, pasids }));
