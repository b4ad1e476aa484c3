// What a session waits for: its wake-up, the queues, and descriptors of the source. Queues come and go with the processes
// that hand them over; those that rest are left out.
import { IommufdError } from '../../iommufd/error.ts';
import { Poll, type PollFd, type Wakeup } from '../../kernel/kernel.ts';
import type { FaultSource } from '../../sources/source.ts';
import { type QueueHealth, REST_NS } from './queue-health.ts';

/** poll(2) skips it. */
const NONE = -1;

export class PollSet {
  readonly #source: FaultSource;
  readonly #wakeup: Wakeup;
  readonly #health: QueueHealth;
  #fds: PollFd[] = [];
  #queues = 0;
  /** poll(2) itself failed: any queue may have something. */
  #blind = false;
  #onlyWoken = false;

  constructor(source: FaultSource, wakeup: Wakeup, health: QueueHealth) {
    this.#source = source;
    this.#wakeup = wakeup;
    this.#health = health;
  }

  #renew(nowNs: number): void {
    const { queues, watches } = this.#source;
    const awake = queues.map(({ fd }, queue) => (this.#health.rests(queue, nowNs) ? NONE : fd));
    const fds = [this.#wakeup.fd, ...awake, ...watches];
    this.#queues = queues.length;
    if (fds.length === this.#fds.length && fds.every((fd, i) => fd === this.#fds[i]?.fd)) return;
    this.#fds = fds.map((fd) => ({ fd, events: Poll.IN, revents: 0 }));
  }

  /**
   * Returns how many descriptors were ready; a wake-up counts, since its message may change everything. If poll(2) fails
   * (it allocates for more than a few descriptors, do_sys_poll), `failed` is called and it waits for the wake-up alone, no
   * longer than a queue rests; then every queue counts as ready.
   */
  wait(timeoutMs: number, nowNs: number, failed: (error: IommufdError) => void): number {
    this.#renew(nowNs);
    const ready = this.#source.kernel.poll(this.#fds, timeoutMs);
    this.#blind = ready < 0;
    if (ready < 0) {
      failed(new IommufdError('poll', -ready, ''));
      const most = REST_NS / 1e6;
      const [wakeup] = this.#fds as [PollFd];
      wakeup.revents = 0;
      this.#source.kernel.poll([wakeup], timeoutMs < 0 ? most : Math.min(most, timeoutMs));
    }
    const woken = this.#fds[0]!.revents !== 0;
    if (woken) this.#wakeup.clear();
    this.#onlyWoken = woken && ready === 1;
    return Math.abs(ready);
  }

  /** Indices of the queues that the last wait found something in. */
  readyQueues(): number[] {
    const ready: number[] = [];
    for (let queue = 0; queue < this.#queues; queue++) {
      const { fd, revents } = this.#fds[queue + 1]!;
      if (this.#blind ? fd !== NONE : revents !== 0) ready.push(queue);
    }
    return ready;
  }

  /** The last wait ended only because a message is there. */
  get onlyWoken(): boolean {
    return this.#onlyWoken;
  }

  /** The last wait learned nothing about the queues: an empty one means nothing. */
  get blind(): boolean {
    return this.#blind;
  }
}
