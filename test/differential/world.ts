// What is known while a sequence is played: descriptors by slot, object ids by kind, attached PASIDs. Calls name things by
// what they are ("the newest device"), so that a sequence still means something when shrinking takes a call away.

/** `iopf` is an HWPT with a fault object, `parent` a nest parent; `hwpt` names those too. */
export type Kind = 'ioas' | 'stdev' | 'dev' | 'hwpt' | 'iopf' | 'parent' | 'fault';
export type FileKind = 'context' | 'fault' | 'vfio';

export interface Slot {
  readonly index: number;
  readonly kind: FileKind;
  /** The context that it belongs to; an unbound VFIO device has an empty one of its own. */
  context: ContextState;
  open: boolean;
}

/** A context's objects, oldest first. */
export interface ContextState {
  readonly live: Map<number, Kind>;
  /** All ids that there ever were. */
  readonly known: number[];
  readonly deviceOf: Map<number, number>;
  /** stdev → its attached PASIDs other than 0. */
  readonly pasids: Map<number, Set<number>>;
}

/**
 * In a reference: 0–49 the nth oldest of its kind, from 50 the nth newest, from 100 any id that there ever was, from 200 a
 * wrong one.
 */
export const NEWEST = 50;
export const ANY = 100;
export const WRONG = 200;
/** In place of a PASID: one that is attached. */
export const ATTACHED = -1;
const WRONG_IDS = [0, 0xffff_ffff, 77, 0x8000_0000];

/** One of a list that is oldest first. */
const choose = <T>(list: readonly T[], n: number): T | undefined =>
  n >= NEWEST && n < ANY ? list[list.length - 1 - ((n - NEWEST) % list.length)] : list[n % list.length];

const is = (has: Kind, wanted: Kind): boolean =>
  has === wanted || (wanted === 'hwpt' && (has === 'iopf' || has === 'parent'));

const emptyContext = (): ContextState => ({
  live: new Map(),
  known: [],
  deviceOf: new Map(),
  pasids: new Map(),
});

export class World {
  readonly slots: Slot[] = [];

  addContext(): Slot {
    return this.addSlot('context', emptyContext());
  }

  addVfio(): Slot {
    return this.addSlot('vfio', emptyContext());
  }

  addSlot(kind: FileKind, context: ContextState): Slot {
    const slot = { index: this.slots.length, kind, context, open: true };
    this.slots.push(slot);
    return slot;
  }

  /** An open descriptor of that kind; from ANY on, of whatever kind. */
  slot(kind: FileKind, n: number): Slot | undefined {
    const open = this.slots.filter((slot) => slot.open);
    const right = open.filter((slot) => slot.kind === kind);
    return choose(n < ANY ? right : open, n);
  }

  /** The object id that `ref` names in that context. */
  id(context: ContextState, kind: Kind, ref: number): number {
    if (ref >= WRONG) return WRONG_IDS[ref % WRONG_IDS.length] ?? 0;
    const right = [...context.live].filter(([, k]) => is(k, kind)).map(([id]) => id);
    if (ref < ANY && right.length > 0) return choose(right, ref) ?? 0;
    return choose(context.known, ref) ?? 1;
  }

  born(context: ContextState, kind: Kind, id: number): void {
    context.live.delete(id);
    context.live.set(id, kind);
    if (!context.known.includes(id)) context.known.push(id);
  }

  died(context: ContextState, id: number): void {
    context.live.delete(id);
    const device = context.deviceOf.get(id);
    if (device === undefined) return;
    context.live.delete(device);
    context.deviceOf.delete(id);
    context.pasids.delete(id);
  }

  /** A PASID as it is, or for ATTACHED the newest one attached to that stdev or its device (1 where there is none). */
  pasid(context: ContextState, id: number, pasid: number): number {
    if (pasid !== ATTACHED) return pasid;
    const stdev = [...context.deviceOf].find(([s, dev]) => s === id || dev === id)?.[0] ?? id;
    return [...(context.pasids.get(stdev) ?? [])].at(-1) ?? 1;
  }

  attachedPasids(context: ContextState): [stdev: number, pasid: number][] {
    return [...context.pasids].flatMap(([stdev, set]) => [...set].map((pasid): [number, number] => [stdev, pasid]));
  }
}
