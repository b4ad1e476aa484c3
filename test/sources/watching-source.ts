// A source that only watches, as a trace or a recording would: it can do nothing, has no queue, and tells of what came with
// times of its own.
import type { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import type { FaultSink, FaultSource, SourceDevice } from '../../src/sources/source.ts';
import type { DevId, Grpid } from '../../src/uapi/ids.ts';
import { iommuHwptPgfault, PgfaultFlag } from '../../src/uapi/iommufd.ts';

export interface Happening {
  /** Nanoseconds since the start. */
  readonly at: number;
  readonly devId: number;
  readonly pasid?: number;
  readonly grpid: number;
  /** A fault there; left out: the group has ended. */
  readonly addr?: bigint;
  readonly ended?: 'success' | 'invalid' | 'unknown';
}

export class WatchingSource implements FaultSource {
  readonly info = { kind: 'host', mock: false, label: 'only watching', scenario: null, seed: null } as const;
  readonly kernel: SimKernel;
  readonly queues = [];
  readonly watches = [];
  readonly lent = null;
  readonly devices: SourceDevice[] = [];
  readonly attachments = [];
  readonly hwpts = [];
  readonly handles = null;
  readonly answering = null;
  readonly attaching = null;
  readonly mapping = null;
  readonly triggering = null;
  readonly owner = null;
  readonly #startNs: bigint;
  #coming: readonly Happening[];
  /** How far behind what happens it is told: as a trace is read in pages. */
  readonly #lateNs: number;

  constructor(clock: VirtualClock, coming: readonly Happening[], lateNs = 0) {
    this.kernel = new SimKernel({ clock });
    this.#startNs = this.kernel.now();
    this.#coming = coming;
    this.#lateNs = lateNs;
  }

  #timeOf({ at }: Happening): bigint {
    return this.#startNs + BigInt(at);
  }

  nextDueNs(): bigint | null {
    const [next] = this.#coming;
    return next ? this.#timeOf(next) + BigInt(this.#lateNs) : null;
  }

  tick(): [] {
    return [];
  }

  read(into: FaultSink): void {
    const toldUpTo = this.kernel.now() - BigInt(this.#lateNs);
    const now = this.#coming.filter((one) => this.#timeOf(one) <= toldUpTo);
    this.#coming = this.#coming.slice(now.length);
    for (const one of now) this.#tell(into, one);
  }

  #tell(into: FaultSink, one: Happening): void {
    const { devId, pasid = -1, grpid, addr, ended } = one;
    if (ended) {
      into.ended(
        { devId, pasid, grpid },
        { how: ended, by: ended === 'unknown' ? 'nobody' : 'process' },
        this.#timeOf(one),
      );
      return;
    }
    if (!this.devices.some((device) => device.devId === devId)) {
      this.devices.push({ devId, name: `0000:17:0${devId}.0`, pasidCapable: pasid >= 0 });
    }
    const flags = PgfaultFlag.LAST_PAGE | (pasid < 0 ? 0 : PgfaultFlag.PASID_VALID);
    const fault = { flags, devId: devId as DevId, pasid: Math.max(0, pasid), grpid: grpid as Grpid };
    into.seen(iommuHwptPgfault.encode({ ...fault, perm: 1, addr: addr ?? 0n, length: 4096 }), this.#timeOf(one));
  }

  close(): [] {
    return [];
  }
}
