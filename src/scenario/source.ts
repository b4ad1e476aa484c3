// What a workload asks for, and when.
import type { Random } from './random.ts';
import type { Workload } from './types.ts';

const SECOND = 1e9;
export const PAGE = 4096n;

/** Pages that are requested together. */
export interface Job {
  readonly source: WorkloadSource;
  readonly pasid: number;
  readonly perm: number;
  readonly pages: readonly bigint[];
}

/** One workload in progress. It asks again only when the device has taken its previous request. */
export class WorkloadSource {
  readonly workload: Workload;
  readonly #random: Random;
  #nextAt: bigint;
  /** Groups left of the current burst. */
  #left: number;
  /** stuck and refault: groups that are not done with. */
  #open = 0;
  #page = 0;

  constructor(workload: Workload, random: Random, now: bigint) {
    this.workload = workload;
    this.#random = random;
    this.#left = workload.count;
    this.#nextAt = now + workload.start + (workload.kind === 'stuck' || workload.kind === 'burst' ? 0n : this.#gap());
  }

  /** When it asks next; undefined: not before some group is done with. */
  get nextAt(): bigint | undefined {
    const { kind, count } = this.workload;
    return (kind === 'stuck' || kind === 'refault') && this.#open >= count ? undefined : this.#nextAt;
  }

  /** What is asked for at `now`. */
  take(now: bigint): Job {
    const { kind, every, count } = this.workload;
    this.#open++;
    const countsDown = kind === 'burst' || kind === 'stuck';
    if (!countsDown) this.#nextAt = now + this.#gap();
    else if (--this.#left === 0) {
      this.#left = count;
      // A stuck device restarts only when it was answered: see done().
      if (kind === 'burst') this.#nextAt = now + every;
    }
    return this.#job();
  }

  /** The job came to its end, one way or the other. */
  done(now: bigint): void {
    this.#open--;
    if (this.workload.kind === 'stuck') this.#nextAt = now + this.workload.every;
  }

  /** At least a nanosecond, so that time passes. */
  #gap(): bigint {
    return BigInt(Math.max(1, Math.round(this.#random.wait(SECOND / this.workload.rate))));
  }

  #job(): Job {
    const { kind, pages, groupPages, base, perms, pasids } = this.workload;
    const size = Math.min(pages, this.#random.between(groupPages[0], groupPages[1]));
    // A storm jumps about; the others run through their pages in order.
    const first = kind === 'pasid-storm' ? this.#random.between(0, pages - 1) : this.#page;
    this.#page = (this.#page + size) % pages;
    return {
      source: this,
      pasid: this.#random.pick(pasids),
      perm: this.#random.pick(perms),
      pages: Array.from({ length: size }, (_, i) => base + BigInt((first + i) % pages) * PAGE),
    };
  }
}
