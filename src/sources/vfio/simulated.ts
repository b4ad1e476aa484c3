// --backend mock --device: the machine that sim plays, and a scenario's devices behind those of the machine that were named.

import { VirtualClock } from '../../kernel/sim/clock.ts';
import { Machine } from '../../kernel/sim/machine/machine.ts';
import { SimKernel } from '../../kernel/sim/sim.ts';
import { loadScenario } from '../../scenario/scenario.ts';
import { SimPlay, withoutBonds } from '../mock/plays.ts';
import type { HostOptions, MockPlay } from '../options.ts';
import type { FaultSource } from '../source.ts';
import { UndoLog } from '../undo/undo-log.ts';
import { openHostDevices } from './host-devices.ts';

/** The machine ends with us and leaves nothing behind: any name will do. */
const WRITER = { pid: 1, startTime: 0, bootId: 'simulated' } as const;

/** Throws IommufdError, Refusal and ScenarioError. */
export function openSimulated(
  options: HostOptions,
  { scenario: name, seed, rate, virtualTime }: MockPlay,
  told: (text: string | null) => void,
): FaultSource {
  const scenario = withoutBonds(loadScenario(name), 'devices that VFIO has');
  const machine = new Machine();
  const kernel = new SimKernel({ machine, ...(virtualTime ? { clock: new VirtualClock() } : {}) });
  return openHostDevices(
    {
      kernel,
      info: { kind: 'mock', mock: true, scenario: scenario.name, seed },
      undo: new UndoLog(machine.files, WRITER, { directory: '/run/iopftop', uid: machine.spec.uid }),
      recovered: [],
      told,
      play: (objects) => new SimPlay(kernel, objects, { scenario, seed, rate }),
    },
    options,
  );
}
