// A second listener of a simulated run. It joins in the middle, is slow or stuck, leaves and comes again; a passive one says
// nothing but that. It decides by a random of its own, and the engine is not woken for a passive one: the run is then, turn by
// turn and byte by byte, the one that it would be without it.
import type { Session } from '../../src/engine/session.ts';
import type { Heard, Subscription } from '../../src/engine/thread/heard.ts';
import type { ToWorker } from '../../src/engine/thread/wire.ts';
import type { Command, FromEngine, WindowRequest } from '../../src/protocol/messages.ts';
import type { Random } from '../../src/scenario/random.ts';
import { command } from './operator.ts';

/** `active`: it also sends commands, with the same ids as the first one, and asks for views. */
export type SecondKind = 'none' | 'passive' | 'active';

/** From one join to the leave or the end. */
export interface Stay {
  readonly id: number;
  readonly as: Subscription;
  readonly delivered: FromEngine[];
  /** Commands of it that have reached the engine. */
  readonly taken: Command[];
  /** Whether it has left, and whether its join and its leave have reached the engine. */
  left: boolean;
  joined: boolean;
  gone: boolean;
}

const HEARS: readonly (readonly Heard[])[] = [['events', 'alarms', 'notices'], ['events'], ['alarms', 'notices'], []];

const WINDOW: WindowRequest = {
  control: 'window',
  streamRows: 5,
  streamEnd: null,
  pendingRows: 3,
  pendingFirst: 0,
  perSecond: 10,
};

export class Second {
  readonly stays: Stay[] = [];
  /** To the engine, in order. */
  readonly #toEngine: ToWorker[] = [];
  /** From the engine; it takes one packet at a time. */
  readonly fromEngine: FromEngine[][] = [];
  /** What the engine did that it must not. */
  broken: string | null = null;
  readonly #random: Random;
  readonly #kind: SecondKind;
  #here: Stay | null = null;
  /** How likely it takes a packet in a turn; 0: it is stuck. */
  #speed = 0;
  #ids = 0;

  constructor(random: Random, kind: SecondKind) {
    this.#random = random;
    this.#kind = kind;
  }

  /** It has something to say for which the engine would be woken. */
  get wakes(): boolean {
    return this.#kind === 'active' && this.#toEngine.length > 0;
  }

  receive(): ToWorker | undefined {
    const said = this.#toEngine.shift();
    const stay = said && this.stays.find(({ id }) => id === said.from);
    if (!stay || !said) return said;
    if ('command' in said.message) stay.taken.push(said.message.command);
    else if (said.message.control === 'join') stay.joined = true;
    else if (said.message.control === 'leave') stay.gone = true;
    return said;
  }

  send(to: number, messages: FromEngine[]): void {
    const stay = this.stays.find(({ id }) => id === to);
    if (!stay) this.broken ??= `something was sent to listener ${to}, whom nobody knows`;
    else if (stay.gone) this.broken ??= `something was sent to listener ${to}, who has left`;
    else if (stay === this.#here) this.fromEngine.push(messages);
  }

  /** What it does after a turn of the run. */
  turn(session: Session): void {
    if (this.#kind === 'none') return;
    const random = this.#random;
    if (this.#here === null) {
      if (random.unit() < 0.15) this.#join();
      return;
    }
    if (random.unit() < this.#speed) this.#take(this.fromEngine.shift());
    if (random.unit() < 0.02) this.#leave();
    else if (this.#kind === 'active') this.#act(session, this.#here);
  }

  #join(): void {
    const random = this.#random;
    const as = { hears: random.pick(HEARS), room: random.pick([100, 1_000, 1_000_000]) };
    this.#here = { id: this.stays.length + 1, as, delivered: [], taken: [], left: false, joined: false, gone: false };
    this.stays.push(this.#here);
    this.#speed = random.pick([0, 0.05, 0.5, 1]);
    this.#toEngine.push({ from: this.#here.id, message: { control: 'join', as } });
    if (this.#kind === 'active' && random.unit() < 0.7) this.#toEngine.push({ from: this.#here.id, message: WINDOW });
  }

  #leave(): void {
    if (!this.#here) return;
    this.#here.left = true;
    this.#toEngine.push({ from: this.#here.id, message: { control: 'leave' } });
    this.#here = null;
    this.fromEngine.length = 0;
  }

  #act(session: Session, { id: from }: Stay): void {
    const random = this.#random;
    const what = random.unit();
    if (what < 0.05) {
      this.#toEngine.push({ from, message: { command: command(random, session, ++this.#ids), cause: 'script' } });
    } else if (what < 0.1) {
      const pending = random.pick(['', 'write', 'pasid >= 0', 'addr > 0x1000']);
      this.#toEngine.push({ from, message: { ...WINDOW, filters: { pending }, perSecond: random.pick([1, 10, 50]) } });
    }
  }

  #take(packet: FromEngine[] | undefined): void {
    const stay = this.#here;
    if (!packet || !stay) return;
    stay.delivered.push(...packet);
    const last = packet.at(-1)?.type;
    if (last === 'flush') this.#toEngine.push({ from: stay.id, message: { control: 'seen', what: 'events' } });
    if (last === 'view') this.#toEngine.push({ from: stay.id, message: { control: 'seen', what: 'view' } });
  }

  /** The run is over: even one that was stuck can still take what was sent to it. */
  takeAll(): void {
    while (this.fromEngine.length > 0) this.#take(this.fromEngine.shift());
  }
}
