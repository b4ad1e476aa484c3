// One call as both kernels get it, and what came of it.

import type * as fc from 'fast-check';
import type { Kernel, UserMemory } from '../../src/kernel/kernel.ts';
import type { Ioctl } from '../../src/uapi/ioctl.ts';
import type { Fields, Struct, StructValue } from '../../src/uapi/struct.ts';
import { result } from '../contract/result.ts';
import type { Slot, World } from './world.ts';

/** A kernel with the things of its own that stand for the same in both: descriptors by slot, memory. */
export interface Player {
  readonly kernel: Kernel;
  /** By the slot's index. */
  readonly fds: number[];
  /** Small memory for what a struct points at. */
  readonly data: UserMemory;
  /** What IOAS_MAP pins: PAGES pages, aligned alike on both. */
  readonly pages: bigint;
  /** The last bytes before memory that faults, see guard.ts. */
  readonly guarded: (room: number) => Pick<UserMemory, 'address' | 'bytes'>;
}

export interface Outcome {
  readonly r: number;
  /** Every byte that the call may have written, without what differs by nature (addresses, descriptors). */
  readonly bytes?: Uint8Array;
  /** What `bytes` says, for people. */
  readonly shown?: () => string;
}

export interface Call {
  readonly text: () => string;
  perform(player: Player): Outcome;
  /** Brings the world up to date after the call, which came to the same on both. */
  after?(outcome: Outcome): void;
}

/** An operation that sequences are made of. */
export interface Op<A> {
  /** How often it is chosen, against the others. */
  readonly weight: number;
  readonly args: fc.Arbitrary<A>;
  /** The call in this world; undefined where there is nothing to call it on, or where the kernel itself would break. */
  call(args: A, world: World): Call | undefined;
}

const NOTHING = new Uint8Array(0);

/** Forgets the type of the arguments, which the table of operations cannot keep. */
export const op = <A>(definition: Op<A>): Op<unknown> => definition as Op<unknown>;

const show = (value: Record<string, number | bigint>): string =>
  Object.entries(value)
    .filter(([key, v]) => key !== 'size' && BigInt(v) !== 0n)
    .map(([key, v]) => `${key}=${typeof v === 'bigint' || v > 0xffff ? `0x${v.toString(16)}` : v}`)
    .join(' ');

export interface IoctlOptions<F extends Fields> {
  readonly slot: Slot;
  readonly ioctl: Pick<Ioctl, 'name' | 'nr'>;
  readonly arg: Struct<F>;
  readonly name?: string;
  readonly value: Partial<StructValue<F>>;
  /** Fields that differ between the kernels; they are not compared. */
  readonly own?: (player: Player) => Partial<StructValue<F>>;
  readonly after?: (out: StructValue<F>, r: number) => void;
  /** Before the call, on each side: fills the memory that the struct points at. */
  readonly before?: (player: Player) => void;
  /** After the call: takes the descriptor that it brought out of the struct. */
  readonly take?: (player: Player, out: StructValue<F>, bytes: Uint8Array) => void;
  /** What else the call may have written. */
  readonly data?: (player: Player) => Uint8Array;
}

export function ioctlCall<F extends Fields>(o: IoctlOptions<F>): Call {
  const text = () =>
    `${o.name ?? o.ioctl.name}(fd#${o.slot.index}${Object.keys(o.value).length ? ' ' : ''}${show(o.value as never)})`;
  return {
    text,
    perform(player) {
      o.before?.(player);
      const own = o.own?.(player) ?? {};
      const bytes = o.arg.encode({ ...o.value, ...own });
      const r = player.kernel.ioctl(player.fds[o.slot.index] ?? -1, o.ioctl.nr, bytes);
      if (r >= 0) o.take?.(player, o.arg.decode(bytes), bytes);
      const blank = Object.fromEntries(Object.keys(own).map((key) => [key, 0]));
      o.arg.write(bytes, blank as Partial<StructValue<F>>);
      const data = o.data?.(player) ?? NOTHING;
      const all = new Uint8Array(bytes.length + data.length);
      all.set(bytes);
      all.set(data, bytes.length);
      return { r, bytes: all, shown: () => show(o.arg.decode(bytes) as never) };
    },
    after: (outcome) => {
      if (outcome.bytes) o.after?.(o.arg.decode(outcome.bytes), outcome.r);
    },
  };
}

export const sameOutcome = (a: Outcome, b: Outcome): boolean =>
  a.r === b.r && (a.bytes === b.bytes || Buffer.compare(a.bytes ?? NOTHING, b.bytes ?? NOTHING) === 0);

export function showOutcome({ r, shown }: Outcome): string {
  const more = shown?.();
  return `${result(r)}${more ? ` {${more}}` : ''}`;
}
