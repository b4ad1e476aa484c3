// The devices that act by themselves: when each is due, what it raises, and the answers it gets.
import type { DeviceBehaviour, PageRequest } from '../../scenario/behaviour.ts';
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import type { SimClock } from './clock.ts';
import { HwptNested, HwptPaging } from './hwpt.ts';
import type { MockDev } from './mock-device.ts';

interface Seat {
  readonly dev: MockDev;
  readonly behaviour: DeviceBehaviour;
}

/** How often devices may act without time passing, before one of them is considered broken. */
const MAX_ROUNDS = 1000;

export class Bus {
  readonly #clock: SimClock;
  readonly #seats: Seat[] = [];

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  attach(dev: MockDev, behaviour: DeviceBehaviour): () => void {
    const seat = { dev, behaviour };
    this.#seats.push(seat);
    dev.listen((pasid, grpid, code) => behaviour.onResponse({ pasid, grpid, code, now: this.#clock.now() }));
    behaviour.start(this.#clock.now(), { isMapped: (pasid, addr) => isMapped(dev, pasid, addr) });
    return () => {
      this.#seats.splice(this.#seats.indexOf(seat), 1);
      dev.listen(undefined);
    };
  }

  /** The earliest time at which a device is due. */
  nextDue(): bigint | undefined {
    let next: bigint | undefined;
    for (const { behaviour } of this.#seats) {
      const due = behaviour.nextDue();
      if (due !== undefined && (next === undefined || due < next)) next = due;
    }
    return next;
  }

  /** Lets every device act that is due, in the order in which they were attached. */
  run(now: bigint): void {
    for (let round = 0; round < MAX_ROUNDS; round++) {
      let acted = false;
      for (const { dev, behaviour } of this.#seats) {
        const due = behaviour.nextDue();
        if (due === undefined || due > now) continue;
        acted = true;
        behaviour.tick(now, (request) => raise(dev, request));
      }
      if (!acted) return;
    }
    throw new Error('a simulated device is due again and again at the same time');
  }
}

function raise(dev: MockDev, { pasid, grpid, perm, addr, last }: PageRequest): void {
  const flags = (last ? PgfaultFlag.LAST_PAGE : 0) | (pasid !== 0 ? PgfaultFlag.PASID_VALID : 0);
  dev.report({ flags, pasid, grpid, perm, addr });
}

/** A nested HWPT translates through its parent; what the guest's own tables say is not simulated. */
function isMapped(dev: MockDev, pasid: number, addr: bigint): boolean {
  // handle_mm_fault() has put the page there before the answer was SUCCESS.
  if (dev.handles.get(pasid)?.domain.sva) return true;
  const onDevice = dev.handles.get(0)?.domain;
  const domain = dev.handles.get(pasid)?.domain ?? (onDevice?.nested ? onDevice : undefined);
  if (!(domain instanceof HwptPaging || domain instanceof HwptNested)) return false;
  return domain.paging.ioas.iopt.areaAt(addr) !== undefined;
}
