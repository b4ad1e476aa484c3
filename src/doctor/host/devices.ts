// The devices of the host, and whether one of them can fault.
import { listDevices } from '../../host/find.ts';
import { type Readiness, verdictOf } from '../../host/verdict.ts';
import { type CheckGroup, check, fail, look, mend, type Observation, pass, unknown } from '../check.ts';
import type { HostGround } from './ground.ts';

/** One device and what `iopftop devices` says of it. */
export interface ReadyDevice {
  readonly address: string;
  /** As pci.ids has it; null: it is not there, or no PCI device. */
  readonly name: string | null;
  readonly driver: string | null;
  readonly outcome: Readiness;
  /** What stands in the way first; null: nothing. */
  readonly why: string | null;
}

export interface DevicesGround extends HostGround {
  readonly devices: readonly ReadyDevice[];
}

export function devicesGround(host: HostGround): DevicesGround {
  const devices = listDevices(host.kernel.files).map((device): ReadyDevice => {
    const { outcome, findings } = verdictOf(device);
    return {
      address: device.address,
      name: device.pci?.device.name ?? null,
      driver: device.driver,
      outcome,
      why: findings.find(({ kind }) => kind === outcome)?.text ?? null,
    };
  });
  return { ...host, devices };
}

function ready({ devices }: DevicesGround): Observation {
  const of = (outcome: Readiness) =>
    devices.filter((device) => device.outcome === outcome).map(({ address }) => address);
  const [able, needing, unclear] = [of('ready'), of('needs'), of('unknown')];
  if (able.length > 0) return pass(`${able.length} of ${devices.length}: ${able.join(', ')}`);
  const seen = `none of ${devices.length}`;
  if (needing[0]) {
    return fail(`${seen}; ${needing.length} could: ${needing.join(', ')}`, mend(`iopftop doctor ${needing[0]}`));
  }
  if (unclear[0]) {
    const note = 'root sees more';
    return unknown(`${seen} for sure; of ${unclear.length} it is not known`, look('sudo iopftop devices', note));
  }
  return fail(seen, look('iopftop devices'));
}

export const DEVICES: CheckGroup<DevicesGround> = {
  name: 'devices',
  checks: [
    check('devices.ready', 'a device that can fault', 'without one there is nothing to look at', ready, {
      after: ['iommu.on'],
    }),
  ],
};
