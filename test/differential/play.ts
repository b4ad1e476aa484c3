// Plays a sequence of calls on two kernels side by side and stops at the first difference.
import * as fc from 'fast-check';
import { type Kernel, Poll } from '../../src/kernel/kernel.ts';
import { type Call, type Op, type Outcome, type Player, sameOutcome, showOutcome } from './call.ts';
import { attachOps, detachCall } from './ops-attach.ts';
import { closeCall, faultOps, readCall } from './ops-faults.ts';
import { memoryOps, PAGES } from './ops-memory.ts';
import { objectOps } from './ops-objects.ts';
import { rawOps } from './ops-raw.ts';
import { vfioOps } from './ops-vfio.ts';
import { World } from './world.ts';

const ops: Record<string, Op<unknown>> = {
  ...objectOps,
  ...attachOps,
  ...faultOps,
  ...memoryOps,
  ...vfioOps,
  ...rawOps,
};

/** One step of a sequence: an operation's name and its arguments, as plain data. */
export type Step = readonly [op: string, args: unknown];

export const step: fc.Arbitrary<Step> = fc.oneof(
  ...Object.entries(ops).map(([name, { weight, args }]) => ({
    weight,
    arbitrary: args.map((a): Step => [name, a]),
  })),
);

export interface Difference {
  /** Every call with its outcome, the last with both. */
  readonly log: readonly string[];
}
export interface Played {
  readonly calls: number;
  readonly difference?: Difference;
}

const PAGE = 4096;

/** A kernel ready to play; its memory lasts for all sequences. */
export function player(kernel: Kernel): Player {
  // Twice as much as is needed, so that both can start at an address that is aligned to all of it: where the kernel
  // chooses an IOVA it keeps the alignment of the address.
  const { address } = kernel.memory(2 * PAGES * PAGE);
  const size = BigInt(PAGES * PAGE);
  return { kernel, fds: [], data: kernel.memory(PAGE), pages: (address + size - 1n) & ~(size - 1n) };
}

class Game {
  readonly world = new World();
  readonly log: string[] = [];
  calls = 0;
  difference: Difference | undefined;
  readonly #players: readonly [Player, Player];

  constructor(players: readonly [Player, Player]) {
    this.#players = players;
    for (const player of players) player.fds.length = 0;
  }

  /** Performs a call on both; false at a difference. */
  perform(call: Call): boolean {
    this.calls++;
    const [a, b] = this.#players.map((player) => call.perform(player)) as [Outcome, Outcome];
    if (!sameOutcome(a, b)) return this.#differ(call.text, showOutcome(a), showOutcome(b));
    this.log.push(`${call.text} → ${showOutcome(a)}`);
    call.after?.(a);
    return this.#polled();
  }

  /** The poll state of every open descriptor is the same. */
  #polled(): boolean {
    const open = this.world.slots.filter((slot) => slot.open);
    const [a, b] = this.#players.map(({ kernel, fds }) => {
      const events = Poll.IN | Poll.OUT | Poll.RDNORM;
      const set = open.map(({ index }) => ({ fd: fds[index] ?? -1, events, revents: 0 }));
      const ready = kernel.poll(set, 0);
      return `${ready}: ${set.map(({ revents }, i) => `fd#${open[i]?.index} 0x${revents.toString(16)}`).join(' ')}`;
    }) as [string, string];
    return a === b || this.#differ('poll', a, b);
  }

  #differ(text: string, a: string, b: string): boolean {
    const [{ kernel: first }, { kernel: second }] = this.#players;
    this.difference ??= { log: [...this.log, text, `    ${first.name}: ${a}`, `    ${second.name}: ${b}`] };
    return false;
  }

  /** Detaches PASIDs, drains, closes; goes on after a difference, since the real kernel has to be left tidy. */
  end(): void {
    for (const slot of this.world.slots.filter((s) => s.open && s.kind === 'context')) {
      for (const [stdev, pasid] of this.world.attachedPasids(slot.context)) {
        this.perform(detachCall(slot, stdev, pasid));
      }
    }
    for (const slot of this.world.slots.filter((s) => s.open && s.kind === 'fault')) this.perform(readCall(slot, 2560));
    for (const slot of this.world.slots.filter((s) => s.open).reverse()) this.perform(closeCall(slot));
  }
}

/** Plays the steps, each on both kernels, from a fresh context to the last close. */
export function play(players: readonly [Player, Player], steps: readonly Step[]): Played {
  const game = new Game(players);
  const begin: Step[] = [['open', {}]];
  for (const [name, args] of [...begin, ...steps]) {
    const call = ops[name]?.call(args, game.world);
    if (call && !game.perform(call)) break;
  }
  game.end();
  return { calls: game.calls, difference: game.difference };
}
