// What makes the devices of a source fault: the devices of a scenario, either inside the simulated kernel, or played with
// TRIGGER_IOPF on a real one.

import { check } from '../../iommufd/error.ts';
import type { SimKernel } from '../../kernel/sim/sim.ts';
import {
  EventSchedule,
  makeDevices,
  type PageRequest,
  type PagingDevice,
  type Scenario,
} from '../../scenario/scenario.ts';
import { Refusal } from '../../text/refusal.ts';
import type { DevId, Grpid } from '../../uapi/ids.ts';
import type { PageResponseCode } from '../../uapi/iommufd.ts';
import { LAB_PERM_PARTIAL } from '../../uapi/selftest.ts';
import type { IommufdObjects } from '../objects/objects.ts';
import { type DeviceSource, mockSource } from '../owned/device-source.ts';
import type { Play } from '../owned/owned-source.ts';
import type { AnswerListener, ScenarioAction } from '../source.ts';

export interface PlayOptions {
  scenario: Scenario;
  seed: number;
  rate: number;
}

/** Only a driver of the device binds an address space: neither the selftest driver nor VFIO does. */
export function withoutBonds(scenario: Scenario, what: string): Scenario {
  const bound = scenario.devices.find(({ sva }) => sva.length > 0);
  if (!bound) return scenario;
  throw new Refusal(
    'refused',
    `the scenario ${scenario.name} gives ${bound.name} SVA bonds, which ${what} cannot have`,
    'play it on the mock (without --backend selftest and --device), or use another scenario',
  );
}

export const sourcesOf = (scenario: Scenario): DeviceSource[] => scenario.devices.map(mockSource);

/** The scenario's side: its devices by number, and what it does to attachments. */
abstract class ScenarioPlay implements Play {
  protected readonly objects: IommufdObjects;
  readonly #options: PlayOptions;
  readonly #events: EventSchedule;
  protected readonly devices = new Map<number, PagingDevice>();
  /** By the scenario's name of a device: the source's name of it. */
  readonly #seats = new Map<string, number>();
  abstract readonly listener: AnswerListener | null;

  constructor(objects: IommufdObjects, options: PlayOptions) {
    this.objects = objects;
    this.#options = options;
    this.#events = new EventSchedule(options.scenario, objects.iommufd.kernel.now());
  }

  /** Puts the scenario's devices behind those of the source, in order; any left over on either side stay alone. */
  protected seatAll(seat: (devId: number, device: PagingDevice) => void): void {
    makeDevices(this.#options.scenario, this.#options).forEach((device, i) => {
      const devId = this.objects.devices[i]?.devId;
      if (devId === undefined) return;
      this.devices.set(devId, device);
      this.#seats.set(device.spec.name, devId);
      if (device.spec.resolve === 'guest') this.objects.guestMapped.add(devId);
      seat(devId, device);
    });
  }

  note(devId: number): string | null {
    return this.devices.get(devId)?.note(this.objects.iommufd.kernel.now()) ?? null;
  }

  hungSince(devId: number): bigint | null {
    return this.devices.get(devId)?.hungSince ?? null;
  }

  nextDueNs(): bigint | null {
    return this.#events.nextDue() ?? null;
  }

  tick(nowNs: bigint): ScenarioAction[] {
    return this.#events.take(nowNs).flatMap(({ action, device, pasid }) => {
      const devId = this.#seats.get(device);
      // The operator may have detached it already.
      if (devId === undefined || !this.objects.find(devId, pasid)) return [];
      return [{ action, devId, pasid }];
    });
  }
}

const earliest = (dues: readonly (bigint | undefined)[]): bigint | null =>
  dues.reduce<bigint | null>(
    (least, due) => (due !== undefined && (least === null || due < least) ? due : least),
    null,
  );

/** Devices inside the simulated kernel: they raise faults while it polls, and get the answers from it. */
export class SimPlay extends ScenarioPlay {
  readonly listener = null;

  constructor(kernel: SimKernel, objects: IommufdObjects, options: PlayOptions) {
    super(objects, options);
    this.seatAll((devId, device) => {
      kernel.attachBehaviour(devId as DevId, device);
      for (const pasid of device.spec.sva) {
        const target = `${device.spec.name} PASID ${pasid}`;
        check('iommu_sva_bind_device', target, kernel.bindSva(devId as DevId, pasid));
        objects.bonds.push({ devId, pasid });
      }
    });
  }

  /** A device that times out raises nothing that would end the engine's wait, so the engine must wake up to report it. */
  override nextDueNs(): bigint | null {
    return earliest([super.nextDueNs() ?? undefined, ...[...this.devices.values()].map((d) => d.nextTimeout)]);
  }
}

/** Devices played on a real kernel: faults are triggered when they are due, and the engine reports the answers. */
export class TriggerPlay extends ScenarioPlay implements AnswerListener {
  readonly listener = this;
  readonly #partials: boolean;

  constructor(objects: IommufdObjects, options: PlayOptions) {
    super(objects, options);
    const grouped = options.scenario.devices.some((d) => d.workloads.some((w) => w.groupPages[1] > 1));
    this.#partials = grouped && triggersPartials(objects);
    const world = { isMapped: (_pasid: number, addr: bigint) => objects.hasPage(addr) };
    this.seatAll((_devId, device) => device.start(objects.iommufd.kernel.now(), world));
  }

  override nextDueNs(): bigint | null {
    return earliest([super.nextDueNs() ?? undefined, ...[...this.devices.values()].map((d) => d.nextDue())]);
  }

  override tick(nowNs: bigint): ScenarioAction[] {
    for (const [devId, device] of this.devices) device.tick(nowNs, (request) => this.#raise(devId, request));
    return super.tick(nowNs);
  }

  /** A stock selftest kernel knows no partial faults: there a group is its last record. */
  #raise(devId: number, { pasid, grpid, perm, addr, last }: PageRequest): void {
    if (!last && !this.#partials) return;
    const bits = last ? perm : (perm | LAB_PERM_PARTIAL) >>> 0;
    this.objects.trigger({ devId, pasid: pasid === 0 ? null : pasid, grpid, perm: bits, addr });
  }

  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void {
    const now = this.objects.iommufd.kernel.now();
    this.devices.get(devId)?.onResponse({ pasid: pasid ?? 0, grpid, code: code as PageResponseCode, now });
  }
}

const PROBE_GRPID = 0x1ff;

/** Whether TRIGGER_IOPF can leave LAST_PAGE out (the lab's kernel), found by trying. The probe's group is answered INVALID. */
function triggersPartials(objects: IommufdObjects): boolean {
  const device = objects.devices[0];
  if (!device) return false;
  const probe = { devId: device.devId, pasid: null, grpid: PROBE_GRPID, addr: 0n };
  objects.trigger({ ...probe, perm: LAB_PERM_PARTIAL });
  const alone = objects.own.queue.readable();
  if (!alone) objects.trigger({ ...probe, perm: 0 });
  objects.own.queue.invalidateAll();
  return !alone;
}
