// Plays a sequence of calls on two kernels side by side and stops at the first difference.
import * as fc from 'fast-check';
import { type Kernel, Poll, type PollFd } from '../../src/kernel/kernel.ts';
import { errnoName } from '../../src/uapi/errno.ts';
import { type Call, type Op, type Outcome, type Player, sameOutcome, showOutcome } from './call.ts';
import { guard } from './guard.ts';
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
const EVENTS = Poll.IN | Poll.OUT | Poll.RDNORM;

interface Polled {
  readonly ready: number;
  readonly set: PollFd[];
}

/** How often each operation came to what: 'ok', or the errno. */
export class Tally {
  readonly counts = new Map<string, Map<string, number>>();

  count(name: string, r: number): void {
    let of = this.counts.get(name);
    if (!of) {
      of = new Map();
      this.counts.set(name, of);
    }
    const what = r >= 0 ? 'ok' : errnoName(-r);
    of.set(what, (of.get(what) ?? 0) + 1);
  }
}

/** A kernel ready to play; its memory lasts for all sequences. */
export function player(kernel: Kernel): Player {
  // Twice as much as is needed, so that both can start at an address that is aligned to all of it: where the kernel
  // chooses an IOVA it keeps the alignment of the address.
  const { address } = kernel.memory(2 * PAGES * PAGE);
  const size = BigInt(PAGES * PAGE);
  return {
    kernel,
    fds: [],
    data: kernel.memory(PAGE),
    pages: (address + size - 1n) & ~(size - 1n),
    guarded: guard(kernel),
  };
}

class Game {
  readonly world = new World();
  readonly log: [Call, Outcome][] = [];
  calls = 0;
  difference: Difference | undefined;
  readonly #players: readonly [Player, Player];

  readonly #tally: Tally;

  constructor(players: readonly [Player, Player], tally: Tally) {
    this.#players = players;
    this.#tally = tally;
    for (const player of players) player.fds.length = 0;
  }

  /** Performs a call on both; false at a difference. `name`: what it is tallied as. */
  perform(call: Call, name: string): boolean {
    this.calls++;
    const a = call.perform(this.#players[0]);
    const b = call.perform(this.#players[1]);
    const same = sameOutcome(a, b);
    if (same) {
      this.#tally.count(name, a.r);
      this.log.push([call, a]);
    }
    // After a difference too: what has come to be on the first, which is the real one, has to go.
    call.after?.(a);
    return same ? this.#polled() : this.#differ(call.text(), showOutcome(a), showOutcome(b));
  }

  /** The poll state of every open descriptor is the same. */
  #polled(): boolean {
    const open = this.world.slots.filter((slot) => slot.open);
    const [a, b] = this.#players.map(({ kernel, fds }) => {
      const set = open.map(({ index }) => ({ fd: fds[index] ?? -1, events: EVENTS, revents: 0 }));
      return { ready: kernel.poll(set, 0), set };
    }) as [Polled, Polled];
    const same = a.ready === b.ready && a.set.every(({ revents }, i) => revents === b.set[i]?.revents);
    const show = ({ ready, set }: Polled): string =>
      `${ready}: ${set.map(({ revents }, i) => `fd#${open[i]?.index} 0x${revents.toString(16)}`).join(' ')}`;
    return same || this.#differ('poll', show(a), show(b));
  }

  #differ(text: string, a: string, b: string): boolean {
    const [{ kernel: first }, { kernel: second }] = this.#players;
    const log = this.log.map(([call, outcome]) => `${call.text()} → ${showOutcome(outcome)}`);
    this.difference ??= { log: [...log, text, `    ${first.name}: ${a}`, `    ${second.name}: ${b}`] };
    return false;
  }

  /** Detaches PASIDs, drains, closes; goes on after a difference, since the real kernel has to be left tidy. */
  end(): void {
    for (const slot of this.world.slots.filter((s) => s.open && s.kind === 'context')) {
      for (const [stdev, pasid] of this.world.attachedPasids(slot.context)) {
        this.perform(detachCall(slot, stdev, pasid), 'pasidDetach');
      }
    }
    for (const slot of this.world.slots.filter((s) => s.open && s.kind === 'fault'))
      this.perform(readCall(slot, 2560), 'read');
    for (const slot of this.world.slots.filter((s) => s.open).reverse()) this.perform(closeCall(slot), 'close');
  }
}

/** Plays the steps, each on both kernels, from a fresh context to the last close. */
export function play(players: readonly [Player, Player], steps: readonly Step[], tally = new Tally()): Played {
  const game = new Game(players, tally);
  const begin: Step[] = [['open', {}]];
  for (const [name, args] of [...begin, ...steps]) {
    const call = ops[name]?.call(args, game.world);
    if (call && !game.perform(call, name)) break;
  }
  game.end();
  return { calls: game.calls, difference: game.difference };
}
