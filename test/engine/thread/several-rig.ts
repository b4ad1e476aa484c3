// The engine's loop with as many listeners as a test wants, a turn at a time: on the simulated kernel, whose clock only waits move.
import { Journal } from '../../../src/engine/journal/journal.ts';
import { type EngineOptions, FIRST, type SubscriberId } from '../../../src/engine/options.ts';
import type { Subscription } from '../../../src/engine/thread/heard.ts';
import { Loop } from '../../../src/engine/thread/loop.ts';
import type { ToWorker } from '../../../src/engine/thread/wire.ts';
import { VirtualClock } from '../../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import type { Command, FromEngine, WindowRequest } from '../../../src/protocol/messages.ts';
import { mockSource } from '../../../src/sources/owned/device-source.ts';
import { OwnedSource } from '../../../src/sources/owned/owned-source.ts';
import { INFO, PLAIN_RUN } from '../fixture.ts';

export const ALL: Subscription = { hears: ['events', 'alarms', 'notices'] };

export const WINDOW: WindowRequest = {
  control: 'window',
  streamRows: 10,
  streamEnd: null,
  pendingRows: 10,
  pendingFirst: 0,
  perSecond: 10,
};

/** One that listens. It takes what comes only when it is told to: until then it is stuck. */
export class Listening {
  readonly told: FromEngine[] = [];
  readonly #say: (message: ToWorker['message']) => void;

  constructor(say: (message: ToWorker['message']) => void) {
    this.#say = say;
  }

  say(message: ToWorker['message']): void {
    this.#say(message);
  }

  command(command: Command): void {
    this.#say({ command, cause: 'script' });
  }

  /** Takes what has come, and says so. */
  take(): FromEngine[] {
    const told = this.told.splice(0);
    if (told.some(({ type }) => type === 'flush')) this.#say({ control: 'seen', what: 'events' });
    if (told.some(({ type }) => type === 'view')) this.#say({ control: 'seen', what: 'view' });
    return told;
  }
}

export function severalRig(options: Partial<EngineOptions> = {}) {
  const kernel = new SimKernel({ clock: new VirtualClock() });
  const source = new OwnedSource({
    kernel,
    info: INFO,
    devices: [{ name: 'mock0', pasid: true, hwpt: 'paging' as const, pasids: [] }].map(mockSource),
  });
  const inbox: ToWorker[] = [];
  const listening = new Map<SubscriberId, Listening>();
  const strangers: SubscriberId[] = [];
  // Not simulated time, as far as the loop knows: it waits for nobody.
  const mock = { kind: 'mock', scenario: 'tour', seed: 1, rate: 1, virtualTime: false, pauseAtMs: null } as const;
  const run: EngineOptions = { source: mock, rules: [], ...PLAIN_RUN, ...options };
  const loop = new Loop(
    { options: run, version: '0.0.0', startedAt: '2000-01-01T00:00:00.000Z' },
    new Journal(null),
    source,
    {
      receive: () => inbox.shift(),
      send: (to, messages) => {
        const those = listening.get(to);
        if (those) those.told.push(...messages);
        else strangers.push(to);
      },
    },
  );
  const add = (id: SubscriberId): Listening => {
    const one = new Listening((message) => inbox.push({ from: id, message }));
    listening.set(id, one);
    return one;
  };
  const first = add(FIRST);
  const going = loop.run();
  const [{ devId }] = source.devices as unknown as [{ devId: number }];
  let faults = 0;
  let ended = false;
  return {
    loop,
    first,
    /** Whom something was sent to that was not there. */
    strangers,
    devId,
    join(as: Subscription, id = listening.size): Listening {
      const one = add(id);
      one.say({ control: 'join', as });
      return one;
    },
    fault(count = 1): void {
      for (let i = 0; i < count; i++, faults++) {
        source.triggering?.trigger({ devId, pasid: null, grpid: faults & 511, perm: 1, addr: BigInt(faults) << 12n });
      }
    },
    /** So many turns of the engine's thread; something waits for it in each of them, or time goes on. */
    turns(count = 1): void {
      for (let i = 0; i < count && !ended; i++) ended = going.next(true).done === true;
    },
    /** Turns until this is so. */
    until(so: () => boolean): number {
      for (let turns = 0; turns < 100_000; turns++) {
        if (so()) return turns;
        going.next(true);
      }
      throw new Error('it never is');
    },
  };
}
