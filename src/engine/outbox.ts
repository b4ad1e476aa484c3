// Events on their way to a front end in the same process. One packet is under way at a time; what comes meanwhile waits,
// bounded in memory, so that a slow reader costs neither memory nor an answer's time.
import { RECORD_BYTES } from '../iommufd/fault-queue.ts';
import type { FromEngine } from '../protocol/messages.ts';

/** What may wait, in records: about 60 MB. */
const LIMIT = 1_000_000;
/** Records in one packet: small enough that the front end's turn is short. */
const PACKET = 8_192;
/** A message of one record costs the memory of many. */
const ENVELOPE = 16;
const MOST_GIVEN = 65_536;

const isBulk = (
  message: FromEngine | null,
): message is Extract<FromEngine, { type: 'batch' | 'answers' | 'verdicts' }> =>
  message?.type === 'batch' || message?.type === 'answers' || message?.type === 'verdicts';

const size = (message: FromEngine): number => {
  if (message.type === 'batch') return message.records.byteLength / RECORD_BYTES;
  return message.type === 'answers' || message.type === 'verdicts' ? message.groups.length : 0;
};
const weight = (message: FromEngine): number => ENVELOPE + size(message);

export class Outbox {
  readonly #post: (packet: FromEngine[]) => void;
  readonly #now: () => number;
  /** What waits, for tests: places, not messages. */
  get places(): number {
    return this.#waiting.length;
  }

  /** null: given up. */
  #waiting: (FromEngine | null)[] = [];
  #head = 0;
  /** No bulk waits before this place. */
  #bulkFrom = 0;
  #weight = 0;
  /** Places of what was given up. */
  #given = 0;
  #underWay = false;
  #lost = { faults: 0, answers: 0 };
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
    // Nothing goes for the sake of what is said once: the summary's count of what was dropped stays true.
    while (isBulk(message) && this.#weight > LIMIT && this.#dropOldest());
  }

  /** Gives up the oldest batch of faults or answers; what is said once (attachments, errors) is kept. False: there is none. */
  #dropOldest(): boolean {
    const waiting = this.#waiting;
    let at = Math.max(this.#bulkFrom, this.#head);
    while (at < waiting.length && !isBulk(waiting[at] as FromEngine | null)) at++;
    this.#bulkFrom = at;
    const message = waiting[at] as FromEngine | undefined;
    if (message === undefined) return false;
    waiting[at] = null;
    this.#given++;
    this.#weight -= weight(message);
    if (message.type === 'batch') {
      this.#lost.faults += size(message);
      this.dropped += size(message);
    } else {
      this.#lost.answers += size(message);
    }
    // Of a reader that never reads even the places would fill the memory.
    if (this.#given > MOST_GIVEN) this.#compact();
    return true;
  }

  get #hasLost(): boolean {
    return this.#lost.faults + this.#lost.answers > 0;
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
    if (this.#underWay || (this.#head === this.#waiting.length && !this.#hasLost)) return;
    this.#underWay = true;
    this.#post([...this.#take(PACKET), { type: 'flush' }]);
  }

  /** Sends all that waits: the engine ends. */
  drain(): void {
    while (this.#head < this.#waiting.length || this.#hasLost) this.#post(this.#take(PACKET));
  }

  #take(limit: number): FromEngine[] {
    const packet: FromEngine[] = [];
    if (this.#hasLost) {
      packet.push({ type: 'dropped', t: this.#now(), ...this.#lost });
      this.#lost = { faults: 0, answers: 0 };
    }
    for (let taken = 0; taken < limit && this.#head < this.#waiting.length; ) {
      const message = this.#waiting[this.#head++] as FromEngine | null;
      if (message === null) {
        this.#given--;
        continue;
      }
      taken += weight(message);
      this.#weight -= weight(message);
      packet.push(message);
    }
    if (this.#head === this.#waiting.length || this.#head > 4_096) this.#compact();
    return packet;
  }

  #compact(): void {
    const before = this.#bulkFrom;
    const kept = this.#waiting.slice(this.#head);
    // What comes before `before` and was not given up.
    this.#bulkFrom = kept.slice(0, Math.max(0, before - this.#head)).filter((message) => message !== null).length;
    this.#waiting = kept.filter((message) => message !== null);
    this.#given = 0;
    this.#head = 0;
  }
}
