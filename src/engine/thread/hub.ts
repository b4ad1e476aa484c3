// The listeners of a run. Each subscriber has a window, a pace, room for waiting messages and a count of missed ones, so that a
// slow one costs the others nothing. Waiting messages are shared between them, not copied: nobody changes a message.
import type { FromEngine, ToEngine, View, WindowRequest } from '../../protocol/messages.ts';
import type { SubscriberId } from '../options.ts';
import { type Heard, heardAs, type Subscription } from './heard.ts';
import { Outbox } from './outbox.ts';
import { Publisher } from './publisher.ts';

export interface Subscriber {
  readonly id: SubscriberId;
  readonly hears: ReadonlySet<Heard>;
  readonly outbox: Outbox;
  readonly publisher: Publisher;
}

/** What the hub needs from its surroundings. */
export interface HubPorts {
  send(to: SubscriberId, messages: FromEngine[]): void;
  view(window: WindowRequest, of: SubscriberId): View;
  /** Seconds since the start. */
  now(): number;
}

export class Hub {
  readonly #ports: HubPorts;
  #subscribers: Subscriber[] = [];

  constructor(ports: HubPorts) {
    this.#ports = ports;
  }

  join(id: SubscriberId, { hears, room }: Subscription): Subscriber {
    const { send, view, now } = this.#ports;
    const subscriber = {
      id,
      hears: new Set(hears),
      outbox: new Outbox((messages) => send(id, messages), now, room),
      publisher: new Publisher(
        (window) => view(window, id),
        (made) => send(id, [made]),
      ),
    };
    this.#subscribers.push(subscriber);
    return subscriber;
  }

  /** Drops what waits for it. */
  leave(id: SubscriberId): void {
    this.#subscribers = this.#subscribers.filter((subscriber) => subscriber.id !== id);
  }

  #of(id: SubscriberId): Subscriber | undefined {
    return this.#subscribers.find((subscriber) => subscriber.id === id);
  }

  /** Does anybody want such messages? */
  wants(heard: Heard): boolean {
    return this.#subscribers.some(({ hears }) => hears.has(heard));
  }

  /**
   * `asker`: the sender of the command concerned; absent: nobody. A bug ends the run for all, and is a reply for the sender
   * only.
   */
  emit(message: FromEngine, asker?: SubscriberId): void {
    const bug = message.type === 'error' && message.kind === 'bug';
    if (asker !== undefined && !bug) {
      this.#of(asker)?.outbox.push(message);
      return;
    }
    const heard = heardAs(message);
    for (const { id, hears, outbox } of this.#subscribers) {
      if (heard === null || hears.has(heard)) outbox.push(bug && id !== asker ? { ...message, id: null } : message);
    }
  }

  /** A subscriber's message about its window and about what it has taken. */
  take(from: SubscriberId, message: Exclude<ToEngine, { command: unknown }>): void {
    const subscriber = this.#of(from);
    if (message.control === 'window') subscriber?.publisher.request(message);
    else if (message.what === 'view') subscriber?.publisher.seen();
    else subscriber?.outbox.seen();
  }

  /** It has sent a command, and wants to see the result. */
  hurry(from: SubscriberId): void {
    this.#of(from)?.publisher.hurry();
  }

  /** Records that this one missed. */
  dropped(of: SubscriberId): number {
    return this.#of(of)?.outbox.dropped ?? 0;
  }

  flush(): void {
    for (const { outbox } of this.#subscribers) outbox.flush();
  }

  /** When the next view is due, see Publisher. */
  deadlineNs(version: number, busy: boolean): number {
    return this.#subscribers.reduce(
      (least, { publisher }) => Math.min(least, publisher.deadlineNs(version, busy)),
      Number.POSITIVE_INFINITY,
    );
  }

  /** One view that is due, so that an answer waits for no more than that; false: none is. Everybody has a turn. */
  publish(nowNs: number, version: number, busy: boolean): boolean {
    const at = this.#subscribers.findIndex(({ publisher }) => publisher.publish(nowNs, version, busy));
    if (at >= 0 && this.#subscribers.length > 1) this.#subscribers.push(...this.#subscribers.splice(at, 1));
    return at >= 0;
  }

  /** Sends each what waits for it, and then its last message: the run has ended. */
  close(lastWord: (to: SubscriberId) => FromEngine): void {
    for (const { id, outbox } of this.#subscribers) {
      outbox.push(lastWord(id));
      outbox.drain();
    }
  }
}
