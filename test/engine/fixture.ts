import { Journal } from '../../src/engine/journal/journal.ts';
import { DEFAULT_ALARMS, type EngineOptions } from '../../src/engine/options.ts';
import { Session } from '../../src/engine/session.ts';
import type { Kernel } from '../../src/kernel/kernel.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import type { FromEngine, Rule } from '../../src/protocol/messages.ts';
import { type MockDeviceSpec, mockSource } from '../../src/sources/owned/device-source.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';
import type { FaultSource } from '../../src/sources/source.ts';

/** A run without rules, bounds or a journal's file, that tells what happens. */
export const PLAIN_RUN: Omit<EngineOptions, 'source' | 'rules'> = {
  onExit: 'hold',
  readOnly: false,
  dryRun: false,
  alarms: DEFAULT_ALARMS,
  history: 100_000,
  journal: null,
  events: true,
  until: { durationMs: null, groups: null, idleMs: null },
};

export const INFO = { kind: 'selftest', mock: false, label: 'test', scenario: null, seed: null } as const;

export interface Rig {
  clock: VirtualClock;
  kernel: Kernel;
  session: Session;
  /** All that was emitted, in order. */
  events: FromEngine[];
  /** Triggers `count` faults at consecutive pages of the first device and steps once. */
  fault(count?: number, pasid?: number | null, addr?: bigint): void;
  devId(index?: number): number;
}

export interface RigOptions extends Partial<Omit<EngineOptions, 'rules'>> {
  rules?: Rule[];
  devices?: Partial<MockDeviceSpec>[];
  kernel?: Kernel;
  /** In place of mock devices; it is closed with the session. */
  on?: FaultSource;
  /** Records that the stream's reader did not get so far. */
  dropped?: () => number;
}

/** A session over the simulated kernel and a clock that only waits move. */
export function rig({
  rules = [],
  devices = [{}],
  kernel: given,
  on: ready,
  dropped = () => 0,
  ...options
}: RigOptions = {}): Rig {
  const clock = new VirtualClock();
  const kernel = ready?.kernel ?? given ?? new SimKernel({ clock });
  const specs = devices.map(
    (d, i): MockDeviceSpec => ({ name: `mock${i}`, pasid: false, hwpt: 'paging', pasids: [], ...d }),
  );
  const events: FromEngine[] = [];
  const source: FaultSource = ready ?? new OwnedSource({ kernel, info: INFO, devices: specs.map(mockSource) });
  const session = new Session({
    source,
    journal: new Journal(options.journal ?? null),
    emit: (event) => events.push(event),
    dropped,
    version: '0.0.0',
    startedAt: '2000-01-01T00:00:00.000Z',
    options: {
      source: { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: true, pauseAtMs: null },
      rules,
      ...PLAIN_RUN,
      ...options,
    },
  });
  const devId = (index = 0) => (source.devices[index] as { devId: number }).devId;
  let grpid = 0;
  return {
    clock,
    kernel,
    session,
    events,
    devId,
    fault(count = 1, pasid = null, addr = 0x1000_0000n) {
      for (let i = 0; i < count; i++) {
        source.triggering?.trigger({ devId: devId(), pasid, grpid: grpid++, perm: 1, addr: addr + BigInt(i) * 4096n });
      }
      session.step(0);
    },
  };
}

export const ofType = <T extends FromEngine['type']>(events: FromEngine[], type: T) =>
  events.filter((e): e is Extract<FromEngine, { type: T }> => e.type === type);
