// The groups of one device that wait for an answer, by PASID and page request group index.
import type { Job } from './source.ts';

export interface WaitingGroup {
  readonly job: Job;
  readonly grpid: number;
  readonly since: bigint;
  /** It was not answered in time. */
  late: boolean;
  /** The device has abandoned it; its index stays taken until the answer comes. */
  abandoned: boolean;
}

/** The PRG index has nine bits. */
const INDEXES = 512;

export class GroupTable {
  /** In the order in which they were raised. */
  readonly #waiting = new Set<WaitingGroup>();
  readonly #byIndex = new Map<number, WaitingGroup[]>();
  #abandoned = 0;
  #last = -1;

  /** Groups that count against the device's credits. */
  get outstanding(): number {
    return this.#waiting.size - this.#abandoned;
  }

  add(job: Job, now: bigint): WaitingGroup {
    const grpid = this.#choose(job);
    const group = { job, grpid, since: now, late: false, abandoned: false };
    this.#waiting.add(group);
    const same = this.#byIndex.get(grpid);
    if (same) same.push(group);
    else this.#byIndex.set(grpid, [group]);
    return group;
  }

  #choose(job: Job): number {
    const policy = job.source.workload.grpid;
    if (policy === 'same') return 0;
    let index = policy === 'rotate' ? (this.#last + 1) % INDEXES : 0;
    for (let tried = 0; tried < INDEXES && this.#byIndex.has(index); tried++) index = (index + 1) % INDEXES;
    this.#last = index;
    return index;
  }

  /** Takes out the oldest group with that PASID and index. */
  answer(pasid: number, grpid: number): WaitingGroup | undefined {
    const same = this.#byIndex.get(grpid);
    const at = same?.findIndex((g) => g.job.pasid === pasid) ?? -1;
    const group = same?.[at];
    if (!same || !group) return undefined;
    same.splice(at, 1);
    if (same.length === 0) this.#byIndex.delete(grpid);
    this.#waiting.delete(group);
    if (group.abandoned) this.#abandoned--;
    return group;
  }

  /** The oldest group that is not late yet. */
  oldestPunctual(): WaitingGroup | undefined {
    for (const group of this.#waiting) if (!group.late) return group;
    return undefined;
  }

  /** Whether the device still waits for a group that is late. */
  anyLate(): boolean {
    for (const group of this.#waiting) if (group.late && !group.abandoned) return true;
    return false;
  }

  abandon(group: WaitingGroup): WaitingGroup[] {
    group.abandoned = true;
    this.#abandoned++;
    return [group];
  }

  abandonAll(): WaitingGroup[] {
    const all = [...this.#waiting].filter((group) => !group.abandoned);
    for (const group of all) {
      group.late = true;
      this.abandon(group);
    }
    return all;
  }
}
