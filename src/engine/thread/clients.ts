// The front ends of one engine, in the main thread: each receives what is sent to it.
import type { FromEngine } from '../../protocol/messages.ts';
import { FIRST, type SubscriberId } from '../options.ts';
import type { EngineClient, JoinedClient } from './client.ts';
import type { Subscription } from './heard.ts';
import type { ToWorker } from './wire.ts';

/** Messages that arrive before there is a listener are kept for it. */
class Ear {
  #listener: ((message: FromEngine) => void) | null = null;
  readonly #early: FromEngine[] = [];
  last: FromEngine['type'] | null = null;

  hear(messages: readonly FromEngine[]): void {
    for (const message of messages) {
      this.last = message.type;
      if (this.#listener) this.#listener(message);
      else this.#early.push(message);
    }
  }

  listen(listener: (message: FromEngine) => void): void {
    this.#listener = listener;
    this.#early.splice(0).forEach(listener);
  }
}

export class Clients {
  /** The front end that the run was started for. */
  readonly first: EngineClient;
  readonly #post: (message: ToWorker) => void;
  readonly #ended: Promise<void>;
  readonly #ears = new Map<SubscriberId, Ear>();
  #ids = FIRST;

  constructor(post: (message: ToWorker) => void, ended: Promise<void>) {
    this.#post = post;
    this.#ended = ended;
    this.first = this.#client(FIRST);
  }

  #client(from: SubscriberId): EngineClient {
    const ear = new Ear();
    this.#ears.set(from, ear);
    return {
      send: (message) => this.#post({ from, message }),
      onMessage: (listener) => ear.listen(listener),
      ended: this.#ended,
    };
  }

  join(as: Subscription): JoinedClient {
    const from = ++this.#ids;
    this.#post({ from, message: { control: 'join', as } });
    const client = this.#client(from);
    const leave = (): void => {
      // Messages on their way to it are dropped.
      client.onMessage(() => {});
      if (this.#ears.delete(from)) this.#post({ from, message: { control: 'leave' } });
    };
    return { ...client, leave };
  }

  deliver(to: SubscriberId, messages: readonly FromEngine[]): void {
    this.#ears.get(to)?.hear(messages);
  }

  /** The run's own front end has had its summary. */
  get hadLastWord(): boolean {
    return this.#ears.get(FIRST)?.last === 'summary';
  }
}
