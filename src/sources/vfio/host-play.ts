// Devices of the host beside a play on them (none on a real host): what was done before the first fault is told, and what their
// PRI capability says stands with them.
import type { Grpid } from '../../uapi/ids.ts';
import type { Play } from '../owned/owned-target.ts';
import type { TargetAction } from '../target.ts';

export interface Told {
  /** To be said at the first tick. */
  readonly notices: readonly TargetAction[];
  /** What is to be said of a device now; null: nothing. */
  note(devId: number): string | null;
}

export class HostPlay implements Play {
  readonly #play: Play;
  readonly #told: Told;
  #notices: readonly TargetAction[];

  constructor(play: Play, told: Told) {
    this.#play = play;
    this.#told = told;
    this.#notices = told.notices;
  }

  get listens(): boolean {
    return this.#play.listens;
  }

  nextDueNs(): bigint | null {
    return this.#play.nextDueNs();
  }

  tick(nowNs: bigint): TargetAction[] {
    const notices = this.#notices;
    this.#notices = [];
    return [...notices, ...this.#play.tick(nowNs)];
  }

  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void {
    this.#play.answered(devId, pasid, grpid, code);
  }

  note(devId: number): string | null {
    const notes = [this.#play.note(devId), this.#told.note(devId)].filter((note) => note !== null);
    return notes.length > 0 ? notes.join('; ') : null;
  }

  hungSince(devId: number): bigint | null {
    return this.#play.hungSince(devId);
  }

  seesToMemory(devId: number): boolean {
    return this.#play.seesToMemory(devId);
  }
}
