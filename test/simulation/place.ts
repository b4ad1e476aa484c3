// Where a simulated run takes place: on the devices of the mock, or on those of a host, taken from their drivers.
import type { EngineOptions } from '../../src/engine/options.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { scenarioNames } from '../../src/scenario/load.ts';
import type { Random } from '../../src/scenario/random.ts';
import { loadScenario, type Scenario } from '../../src/scenario/scenario.ts';
import { SimPlay, sourcesOf } from '../../src/sources/mock/plays.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';
import type { FaultSource } from '../../src/sources/source.ts';
import { recoverAbandoned } from '../../src/sources/undo/recover.ts';
import { bindingOf, machine, OPTIONS, openOn, PLACE } from '../sources/vfio/host-fixture.ts';
import { RecordingKernel } from './recorder.ts';

export interface Place {
  readonly kernel: RecordingKernel;
  readonly source: FaultSource;
  readonly kind: EngineOptions['source'];
  /** What is wrong once it has ended, or was killed; null: nothing is. */
  left(killed: boolean): string | null;
}

const SCENARIOS = scenarioNames();
const loaded = new Map<string, Scenario>();
const scenarioOf = (name: string): Scenario => {
  const scenario = loaded.get(name) ?? loadScenario(name);
  loaded.set(name, scenario);
  return scenario;
};

/** Sets of devices of the machine that can fault: some with drivers of their own, the last two of one IOMMU group. */
const DEVICES = [
  ['0000:17:00.0'],
  ['0000:17:01.0', '0000:17:05.0'],
  ['0000:17:05.0', '0000:17:00.0', '0000:17:01.0'],
  ['0000:6e:00.1', '0000:6e:00.0'],
] as const;

/** The lowest descriptors that are free: more, by default, than a run ever has open. */
export function lowestFree(kernel: SimKernel, count = 12): string {
  const fds = Array.from({ length: count }, () => kernel.open('/dev/iommu', 2));
  for (const fd of fds) kernel.close(fd);
  return fds.join();
}

export function choosePlace(random: Random): Place {
  const scenario = scenarioOf(random.pick(SCENARIOS));
  const play = { scenario, seed: random.between(1, 1e6), rate: random.pick([0.5, 1, 5, 40]) };
  return random.unit() < 0.75 ? mock(play) : host(random, play);
}

interface Played {
  readonly scenario: Scenario;
  readonly seed: number;
  readonly rate: number;
}

function mock(play: Played): Place {
  const { scenario, seed, rate } = play;
  const kernel = new RecordingKernel(new VirtualClock());
  const free = lowestFree(kernel);
  const info = { kind: 'mock', mock: true, label: 'MOCK', scenario: scenario.name, seed } as const;
  return {
    kernel,
    source: new OwnedSource({
      kernel,
      info,
      devices: sourcesOf(scenario),
      play: (objects) => new SimPlay(kernel, objects, play),
    }),
    kind: { kind: 'mock', scenario: scenario.name, seed, rate, virtualTime: true, pauseAtMs: null },
    left: () => (lowestFree(kernel) === free ? null : 'descriptors are left open'),
  };
}

/** VFIO has the devices, so that none of them can have SVA bonds (openSimulated refuses such a scenario). */
const bondless = (play: Played): Played =>
  play.scenario.devices.some(({ sva }) => sva.length > 0) ? { ...play, scenario: scenarioOf('pasid-storm') } : play;

function host(random: Random, given: Played): Place {
  const play = bondless(given);
  const { machine: made } = machine();
  const before = bindingsOf(made);
  const kernel = new RecordingKernel(new VirtualClock(), made);
  const free = lowestFree(kernel);
  const options = {
    ...OPTIONS,
    devices: random.pick(DEVICES),
    bind: true,
    hwpt: random.pick(['paging', 'nested'] as const),
    pasids: random.pick([[], [3]]),
    mock: { scenario: play.scenario.name, seed: play.seed, rate: play.rate, virtualTime: true, pauseAtMs: null },
  };
  const source = openOn(kernel, options, { play: (objects) => new SimPlay(kernel, objects, play) });
  return {
    kernel,
    source,
    kind: options,
    left: (killed) => {
      if (lowestFree(kernel) !== free) return 'descriptors are left open';
      // What the next start does.
      if (killed) recoverAbandoned(new SimKernel({ machine: made }), PLACE);
      const after = bindingsOf(made);
      return after === before ? null : `the devices were ${before} and are ${after}`;
    },
  };
}

const bindingsOf = ({ files }: Machine): string =>
  DEVICES.flat()
    .map((address) => [address, ...bindingOf(files, address)].join(' '))
    .join(', ');
