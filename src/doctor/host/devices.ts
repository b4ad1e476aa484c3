// The devices of the host, and whether one of them can fault.
import { listDevices } from '../../host/find.ts';
import { type Readiness, verdictOf } from '../../host/verdict.ts';
import { type CheckGroup, check, fail, fix, look, type Observation, pass, unknown } from '../check.ts';
import type { HostGround } from './ground.ts';

/** One device and what `iopftop devices` says about it. */
export interface ReadyDevice {
  readonly address: string;
  /** The name in pci.ids; null: it has none, or it is not a PCI device. */
  readonly name: string | null;
  readonly driver: string | null;
  readonly outcome: Readiness;
  /** The first obstacle; null: none. */
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
    return fail(`${seen}; ${needing.length} could: ${needing.join(', ')}`, fix(`iopftop doctor ${needing[0]}`));
  }
  if (unclear[0]) {
    const note = 'root sees more';
    return unknown(`${seen} for sure; unknown for ${unclear.length}`, look('sudo iopftop devices', note));
  }
  return fail(seen, look('iopftop devices'));
}

export const DEVICES: CheckGroup<DevicesGround> = {
  name: 'devices',
  checks: [
    check('devices.ready', 'a device that can fault', 'without one there is nothing to watch', ready, {
      after: ['iommu.on'],
    }),
  ],
};
