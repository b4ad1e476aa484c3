// Faults that come at a steady rate without a device that raises them: the engine, its worker and the screen have all
// their work, and the simulated kernel (which cannot raise 100,000 per second) has none.
import { RECORD_WORDS, W } from '../../src/engine/ledger/records.ts';
import { RECORD_BYTES } from '../../src/iommufd/fault-queue.ts';
import { Poll, type PollFd } from '../../src/kernel/kernel.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';

const LAST_PAGE = 2;
const PAGES = 0x1_0000;
const COOKIES = 0x1_0000;
/** Faults that come first and are not answered, so that the screen has pending groups. */
const HELD = 500;

/** What the flood has handed out, and how many answers it got. */
export const flood = { given: 0, answered: 0 };

class FloodQueue {
  readonly id = 1;
  readonly fd: number;
  readonly #rate: number;
  readonly #devIds: readonly number[];
  readonly #now: () => bigint;
  #start: bigint | null = null;

  constructor(fd: number, rate: number, devIds: readonly number[], now: () => bigint) {
    this.fd = fd;
    this.#rate = rate;
    this.#devIds = devIds;
    this.#now = now;
  }

  /** Faults that are due and were not read yet. */
  get owed(): number {
    const since = this.#start === null ? 0 : Number(this.#now() - this.#start) / 1e9;
    return HELD + Math.floor(since * this.#rate) - flood.given;
  }

  /** From now on they come at the rate. */
  open(): void {
    this.#start ??= this.#now();
  }

  /** Groups of one fault, in turn from each device. */
  read(bytes: Uint8Array): number {
    const count = Math.min(this.owed, Math.floor(bytes.byteLength / RECORD_BYTES));
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, count * RECORD_WORDS).fill(0);
    for (let i = 0; i < count; i++) {
      const n = flood.given++;
      const page = Math.floor(n / this.#devIds.length) % PAGES;
      const at = i * RECORD_WORDS;
      words[at + W.flags] = LAST_PAGE;
      words[at + W.devId] = this.#devIds[n % this.#devIds.length] as number;
      words[at + W.grpid] = n & 511;
      words[at + W.perm] = 1 + (n & 1);
      words[at + W.addrLow] = (page << 12) >>> 0;
      words[at + W.cookie] = 1 + (n % COOKIES);
    }
    return count * RECORD_BYTES;
  }

  respond(_bytes: Uint8Array, count: number): number {
    flood.answered += count;
    return count;
  }

  readable(): boolean {
    return this.owed > 0;
  }

  invalidateAll(): void {}

  closeFd(): void {}
}

let queue: FloodQueue | undefined;

/** Starts the faults at their rate; until then there are only the first few. */
export const openFlood = (): void => queue?.open();

/** Makes the devices of the mock source that is opened next in this thread a flood of `perSecond` faults per second. */
export function prepareFlood(perSecond: number): void {
  const queues = Object.getOwnPropertyDescriptor(OwnedSource.prototype, 'queues')?.get as (
    this: OwnedSource,
  ) => { fd: number }[];
  Object.defineProperty(OwnedSource.prototype, 'queues', {
    get(this: OwnedSource) {
      const fd = queues.call(this)[0]?.fd as number;
      const devIds = this.devices.map(({ devId }) => devId);
      queue ??= new FloodQueue(fd, perSecond, devIds, () => this.kernel.now());
      return [queue];
    },
  });
  patchPoll(perSecond > 10_000 ? 1 : 10);
}

/** The queue is polled every `stepMs`, so that at high rates a hundred faults come at once. */
function patchPoll(stepMs: number): void {
  const poll = SimKernel.prototype.poll;
  SimKernel.prototype.poll = function (fds: PollFd[], timeoutMs: number): number {
    const waitMs = queue?.owed ? 0 : timeoutMs < 0 ? stepMs : Math.min(timeoutMs, stepMs);
    const ready = poll.call(this, fds, waitMs);
    const ours = fds.find(({ fd }) => fd === queue?.fd);
    if (!ours || !queue?.owed) return ready;
    const counted = ours.revents === 0 ? 1 : 0;
    ours.revents |= Poll.IN;
    return ready + counted;
  };
}
