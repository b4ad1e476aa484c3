// The interface of scenarios for the rest of the program.
import { PagingDevice } from './device.ts';
import { Random } from './random.ts';
import type { Scenario, Workload } from './types.ts';

export type { DeviceBehaviour, DeviceStats, DeviceWorld, PageAnswer, PageRequest } from './behaviour.ts';
export { DEFAULT_SCENARIO } from './default.ts';
export { PagingDevice } from './device.ts';
export { EventSchedule } from './events.ts';
export { listScenarios, loadScenario } from './load.ts';
export { parseScenario } from './parse.ts';
export { ScenarioError } from './table.ts';
export type { Scenario, ScenarioDevice, ScenarioEvent, Workload } from './types.ts';

/** A workload `rate` times as fast. */
function scale(workload: Workload, rate: number): Workload {
  return {
    ...workload,
    rate: workload.rate * rate,
    every: BigInt(Math.max(1, Math.round(Number(workload.every) / rate))),
  };
}

/**
 * One behaving device for each device of the scenario, in order. The same seed gives the same devices; each has its own
 * random numbers, so that one does not change what another does. `rate` multiplies how often they ask. Throws RangeError
 * if it is not above 0.
 */
export function makeDevices(scenario: Scenario, options: { seed: number; rate?: number }): PagingDevice[] {
  const { seed, rate = 1 } = options;
  if (!(rate > 0)) throw new RangeError(`rate must be above 0, got ${rate}`);
  return scenario.devices.map((spec, i) => {
    const scaled = { ...spec, workloads: spec.workloads.map((w) => scale(w, rate)) };
    return new PagingDevice(scaled, new Random(seed, i));
  });
}
