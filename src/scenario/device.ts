// A device that raises page faults and reacts to their answers.
import { tenths } from '../text/duration.ts';
import { PageResponse } from '../uapi/iommufd.ts';
import type { DeviceBehaviour, DeviceStats, DeviceWorld, PageAnswer, PageRequest } from './behaviour.ts';
import { GroupTable, type WaitingGroup } from './groups.ts';
import type { Random } from './random.ts';
import { type Job, WorkloadSource } from './source.ts';
import type { ScenarioDevice } from './types.ts';

interface Retry {
  readonly at: bigint;
  readonly job: Job;
}

const NOWHERE: DeviceWorld = { isMapped: () => false };

export class PagingDevice implements DeviceBehaviour {
  readonly spec: ScenarioDevice;
  readonly #random: Random;
  #groups = new GroupTable();
  #sources: WorkloadSource[] = [];
  #retries: Retry[] = [];
  #world = NOWHERE;
  /** Nothing new before this. */
  #pausedUntil = 0n;
  #hungSince: bigint | null = null;
  readonly #counts = { faults: 0, groups: 0, retries: 0, resolved: 0, givenUp: 0, timedOut: 0 };

  constructor(spec: ScenarioDevice, random: Random) {
    this.spec = spec;
    this.#random = random;
  }

  get stats(): DeviceStats {
    return { ...this.#counts, outstanding: this.#groups.outstanding, hungSince: this.#hungSince };
  }

  /** Since when it has been stuck because a group has no answer; null: it is not. */
  get hungSince(): bigint | null {
    return this.#hungSince;
  }

  /** When the first of its groups will have waited too long; undefined: none will. */
  get nextTimeout(): bigint | undefined {
    return this.#nextTimeout();
  }

  /** What the device would say about itself at `now`, in a few words; null: all is well. */
  note(now: bigint): string | null {
    if (this.#hungSince !== null) return `stuck for ${tenths(now - this.#hungSince)}, no answer`;
    if (this.#pausedUntil > now) return `gave up, restarts in ${tenths(this.#pausedUntil - now)}`;
    if (!this.#hasCredit) return `out of credits (${this.spec.credits})`;
    return null;
  }

  start(now: bigint, world: DeviceWorld): void {
    this.#world = world;
    this.#groups = new GroupTable();
    this.#retries = [];
    this.#pausedUntil = 0n;
    this.#hungSince = null;
    this.#sources = this.spec.workloads.map((workload) => new WorkloadSource(workload, this.#random, now));
  }

  get #hasCredit(): boolean {
    return this.#groups.outstanding < this.spec.credits;
  }

  nextDue(): bigint | undefined {
    let due = this.#nextTimeout();
    const consider = (at: bigint | undefined) => {
      if (at === undefined) return;
      const time = at > this.#pausedUntil ? at : this.#pausedUntil;
      if (due === undefined || time < due) due = time;
    };
    if (this.#hungSince !== null || !this.#hasCredit) return due;
    consider(this.#retries[0]?.at);
    for (const source of this.#sources) consider(source.nextAt);
    return due;
  }

  #nextTimeout(): bigint | undefined {
    const oldest = this.spec.timeout === null ? undefined : this.#groups.oldestPunctual();
    return oldest && oldest.since + (this.spec.timeout ?? 0n);
  }

  tick(now: bigint, emit: (request: PageRequest) => void): void {
    for (let due = this.#nextTimeout(); due !== undefined && due <= now; due = this.#nextTimeout()) this.#timeOut(now);
    while (this.#mayAsk(now)) {
      const retry = this.#retries[0];
      if (retry && retry.at <= now) {
        this.#retries.shift();
        this.#access(retry.job, now, emit);
        continue;
      }
      const source = this.#sources.find((s) => s.nextAt !== undefined && s.nextAt <= now);
      if (!source) return;
      this.#ask(source.take(now), now, emit);
    }
  }

  #mayAsk(now: bigint): boolean {
    return this.#hungSince === null && this.#hasCredit && this.#pausedUntil <= now;
  }

  /** The access after a SUCCESS: it works, or the pages that are not there are asked for again. */
  #access(job: Job, now: bigint, emit: (request: PageRequest) => void): void {
    const missing =
      this.spec.resolve === 'guest' ? [] : job.pages.filter((page) => !this.#world.isMapped(job.pasid, page));
    if (missing.length === 0) {
      this.#counts.resolved++;
      job.source.done(now);
      return;
    }
    this.#counts.retries++;
    this.#ask({ ...job, pages: missing }, now, emit);
  }

  #ask(job: Job, now: bigint, emit: (request: PageRequest) => void): void {
    const { pasid, perm, pages } = job;
    const grpid = this.#groups.add(job, now).grpid;
    this.#counts.groups++;
    this.#counts.faults += pages.length;
    pages.forEach((addr, i) => {
      emit({ pasid, grpid, perm, addr, last: i === pages.length - 1 });
    });
  }

  onResponse({ pasid, grpid, code, now }: PageAnswer): void {
    const group = this.#groups.answer(pasid, grpid);
    // An answer to a record of a group that was already refused or given up.
    if (!group || group.abandoned) return;
    if (this.#hungSince !== null && !this.#groups.anyLate()) this.#hungSince = null;
    if (code === PageResponse.SUCCESS) {
      this.#retries.push({ at: now + this.spec.retryDelay, job: group.job });
      return;
    }
    this.#counts.givenUp++;
    group.job.source.done(now);
    this.#pause(now);
  }

  #pause(now: bigint): void {
    this.#pausedUntil = now + this.spec.pause;
  }

  #timeOut(now: bigint): void {
    const group = this.#groups.oldestPunctual() as WaitingGroup;
    group.late = true;
    this.#counts.timedOut++;
    if (this.spec.onTimeout === 'hang') {
      this.#hungSince ??= now;
      return;
    }
    const dropped = this.spec.onTimeout === 'reset' ? this.#groups.abandonAll() : this.#groups.abandon(group);
    for (const g of dropped) g.job.source.done(now);
    if (this.spec.onTimeout === 'reset') {
      for (const { job } of this.#retries) job.source.done(now);
      this.#retries = [];
      this.#pause(now);
    }
  }
}
