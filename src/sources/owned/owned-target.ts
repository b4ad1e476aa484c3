import type { Kernel } from '../../kernel/kernel.ts';
import type { Handles, Hello } from '../../protocol/messages.ts';
import type { Grpid } from '../../uapi/ids.ts';
import type { IovaRange } from '../options.ts';
import type { HwptChoice, SvaBond, Target, TargetAction, TriggerRequest } from '../target.ts';
import { bondRefusal } from './attachment-refusals.ts';
import type { Sources } from './device-source.ts';
import { OwnedObjects } from './owned.ts';

/** What makes devices fault, beyond what the operator triggers. Device numbers are those of the target. */
export interface Play {
  readonly listens: boolean;
  nextDueNs(): bigint | null;
  tick(nowNs: bigint): TargetAction[];
  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void;
  note(devId: number): string | null;
  hungSince(devId: number): bigint | null;
  /** The play sees to the memory of this device itself: after SUCCESS the page is there, whatever we have mapped. */
  seesToMemory(devId: number): boolean;
  /** Those that the play has made. */
  readonly bonds?: readonly SvaBond[];
}

/** No play: devices fault by themselves, or are triggered. */
export const NOTHING: Play = {
  listens: false,
  nextDueNs: () => null,
  tick: () => [],
  answered() {},
  note: () => null,
  hungSince: () => null,
  seesToMemory: () => false,
};

/** Objects of our own, and a play on them. */
export class OwnedTarget implements Target {
  readonly info: Hello['target'];
  readonly #objects: OwnedObjects;
  readonly #play: Play;

  /** Makes the objects, then asks for the play on them. Throws IommufdError with nothing left behind. */
  constructor(
    kernel: Kernel,
    info: Hello['target'],
    sources: Sources,
    play: (objects: OwnedObjects) => Play = () => NOTHING,
    ranges: readonly IovaRange[] = [],
  ) {
    this.#objects = new OwnedObjects(kernel, sources, ranges);
    this.info = { ...info, triggers: this.#objects.canTrigger };
    try {
      this.#play = play(this.#objects);
    } catch (error) {
      this.#objects.close();
      throw error;
    }
  }

  get kernel(): Kernel {
    return this.#objects.kernel;
  }

  get queues() {
    return [this.#objects.queue];
  }

  readonly watches = [];
  readonly borrowed = false;
  readonly process = null;

  get handles(): Handles | null {
    return this.#objects.handles;
  }

  /** Nothing faults here but what is attached here. */
  seen(): void {}

  closeQueue(): void {}

  get devices() {
    return this.#objects.devices;
  }

  get attachments() {
    return this.#objects.attachments;
  }

  get bonds(): readonly SvaBond[] {
    return this.#play.bonds ?? [];
  }

  #refuseBond(what: string, devId: number, pasid: number | null): void {
    const bond = this.bonds.find((b) => b.devId === devId && b.pasid === pasid);
    if (bond) throw bondRefusal(what, this.#objects.device(devId), bond.pasid);
  }

  get hwpts() {
    return this.#objects.hwpts;
  }

  attach(devId: number, pasid: number | null, choice: HwptChoice) {
    this.#refuseBond('attach', devId, pasid);
    return this.#objects.attach(devId, pasid, choice);
  }

  replace(devId: number, pasid: number | null, choice: HwptChoice) {
    this.#refuseBond('replace', devId, pasid);
    return this.#objects.replace(devId, pasid, choice);
  }

  detach(devId: number, pasid: number | null) {
    this.#refuseBond('detach', devId, pasid);
    return this.#objects.detach(devId, pasid);
  }

  trigger(request: TriggerRequest): void {
    this.#objects.trigger(request);
  }

  map(devId: number, pasid: number | null, pages: readonly bigint[]): void {
    this.#objects.map(devId, pasid, pages);
  }

  isMapped(devId: number, pasid: number | null, pages: readonly bigint[]): boolean | null {
    const known = this.#objects.areMapped(devId, pasid, pages);
    return known === false && this.#play.seesToMemory(devId) ? null : known;
  }

  nextDueNs(): bigint | null {
    return this.#play.nextDueNs();
  }

  tick(nowNs: bigint): TargetAction[] {
    return this.#play.tick(nowNs);
  }

  get listens(): boolean {
    return this.#play.listens;
  }

  answered(devId: number, pasid: number | null, grpid: Grpid, code: number): void {
    this.#play.answered(devId, pasid, grpid, code);
  }

  note(devId: number): string | null {
    return this.#play.note(devId);
  }

  hungSince(devId: number): bigint | null {
    return this.#play.hungSince(devId);
  }

  close(): Error[] {
    return this.#objects.close();
  }
}
