// Events on their way to a front end in the same process. One packet is under way at a time; what comes meanwhile waits,
// bounded in records, so that a slow reader costs neither memory nor an answer's time.
import { RECORD_BYTES } from '../iommufd/fault-queue.ts';
import type { FromEngine } from '../protocol/messages.ts';

/** Records and answers that may wait: about 60 MB. */
const LIMIT = 1_000_000;
/** Records in one packet: small enough that the front end's turn is short. */
const PACKET = 8_192;

const weight = (message: FromEngine): number => {
  if (message.type === 'batch') return message.records.byteLength / RECORD_BYTES;
  return message.type === 'answers' ? message.cookies.length : 1;
};

export class Outbox {
  readonly #post: (packet: FromEngine[]) => void;
  readonly #now: () => number;
  #waiting: FromEngine[] = [];
  #head = 0;
  #weight = 0;
  #underWay = false;
  #dropped = 0;
  /** Records that were given up because the reader was too slow. */
  dropped = 0;

  /** `now` in seconds since the start, for the notice of what was dropped. */
  constructor(post: (packet: FromEngine[]) => void, now: () => number) {
    this.#post = post;
    this.#now = now;
  }

  push(message: FromEngine): void {
    this.#waiting.push(message);
    this.#weight += weight(message);
    while (this.#weight > LIMIT && this.#dropOldest());
  }

  /** Gives up the oldest batch of faults or answers; what is said once (attachments, errors) is kept. False: there is none. */
  #dropOldest(): boolean {
    const at = this.#waiting.findIndex((m, i) => i >= this.#head && (m.type === 'batch' || m.type === 'answers'));
    if (at < 0) return false;
    const [message] = this.#waiting.splice(at, 1) as [FromEngine];
    this.#weight -= weight(message);
    if (message.type === 'batch') {
      this.#dropped += weight(message);
      this.dropped += weight(message);
    }
    return true;
  }

  /** A packet is under way and another one waits. */
  get full(): boolean {
    return this.#underWay && this.#weight >= PACKET;
  }

  /** The reader has taken the last packet. */
  seen(): void {
    this.#underWay = false;
  }

  /** Sends the next packet if the reader is ready for it. */
  flush(): void {
    if (this.#underWay || (this.#head === this.#waiting.length && this.#dropped === 0)) return;
    this.#underWay = true;
    this.#post([...this.#take(PACKET), { type: 'flush' }]);
  }

  /** Sends all that waits: the engine ends. */
  drain(): void {
    while (this.#head < this.#waiting.length || this.#dropped > 0) this.#post(this.#take(PACKET));
  }

  #take(limit: number): FromEngine[] {
    const packet: FromEngine[] = [];
    if (this.#dropped > 0) {
      packet.push({ type: 'dropped', t: this.#now(), faults: this.#dropped });
      this.#dropped = 0;
    }
    for (let taken = 0; taken < limit && this.#head < this.#waiting.length; ) {
      const message = this.#waiting[this.#head++] as FromEngine;
      taken += weight(message);
      this.#weight -= weight(message);
      packet.push(message);
    }
    if (this.#head === this.#waiting.length || this.#head > 4_096) {
      this.#waiting = this.#waiting.slice(this.#head);
      this.#head = 0;
    }
    return packet;
  }
}
