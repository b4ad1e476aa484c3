// What a session waits for: its wake-up, the queues, and what the target wants to hear of. Queues come and go with processes
// that hand theirs over.
import { Poll, type PollFd, type Wakeup } from '../kernel/kernel.ts';
import type { Target } from '../targets/target.ts';

export class PollSet {
  readonly #target: Target;
  readonly #wakeup: Wakeup;
  #fds: PollFd[] = [];
  #queues = 0;

  constructor(target: Target, wakeup: Wakeup) {
    this.#target = target;
    this.#wakeup = wakeup;
  }

  #renew(): void {
    const { queues, watches } = this.#target;
    const fds = [this.#wakeup.fd, ...queues.map((queue) => queue.fd), ...watches];
    this.#queues = queues.length;
    if (fds.length === this.#fds.length && fds.every((fd, i) => fd === this.#fds[i]?.fd)) return;
    this.#fds = fds.map((fd) => ({ fd, events: Poll.IN, revents: 0 }));
  }

  /** Returns how many descriptors were ready; a wake-up counts, since what it was for may change everything. */
  wait(timeoutMs: number): number {
    this.#renew();
    const ready = this.#target.kernel.poll(this.#fds, timeoutMs);
    if (ready < 0) throw new Error(`poll failed with errno ${-ready}`);
    if ((this.#fds[0] as PollFd).revents !== 0) this.#wakeup.clear();
    return ready;
  }

  /** Indices of the queues that the last wait found something in. */
  readyQueues(): number[] {
    const ready: number[] = [];
    for (let queue = 0; queue < this.#queues; queue++) {
      if ((this.#fds[queue + 1] as PollFd).revents !== 0) ready.push(queue);
    }
    return ready;
  }
}
