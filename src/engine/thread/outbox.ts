// Events on their way to a front end in the same process. One packet is under way at a time; later events wait, bounded in
// memory, so that a slow reader costs neither memory nor the time of an answer.
import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { FromEngine } from '../../protocol/messages.ts';
import { heardAs } from './heard.ts';

/** How much may wait of either kind, in records: about 60 MB. */
const ROOM = 1_000_000;
/** Records in one packet: small enough that the front end's turn is short. */
const PACKET = 8_192;
/** A message of one record costs the memory of many. */
const ENVELOPE = 16;
const MOST_GIVEN = 65_536;

/** What can be dropped; each kind has its own room, so that a flood of faults does not push out an attachment. */
type Kind = 'bulk' | 'news';

/** null: never dropped. A script has at most a thousand commands under way, so their replies are few. */
function kindOf(message: FromEngine): Kind | null {
  const heard = heardAs(message);
  if (heard === null) return null;
  return heard === 'events' ? 'bulk' : 'news';
}

const size = (message: FromEngine): number => {
  if (message.type === 'batch') return message.records.byteLength / RECORD_BYTES;
  return 'groups' in message && typeof message.groups === 'object' ? message.groups.length : 0;
};
const weight = (message: FromEngine): number => ENVELOPE + size(message);

export class Outbox {
  readonly #post: (packet: FromEngine[]) => void;
  readonly #now: () => number;
  readonly #room: number;
  /** What waits, for tests: places, not messages. */
  get places(): number {
    return this.#waiting.length;
  }

  /** null: dropped. */
  #waiting: (FromEngine | null)[] = [];
  #head = 0;
  #weight = 0;
  /** Of each kind: what waits, and a place before which none of it does. */
  #shares: Record<Kind, { weight: number; from: number }> = {
    bulk: { weight: 0, from: 0 },
    news: { weight: 0, from: 0 },
  };
  /** Places of dropped messages. */
  #given = 0;
  #underWay = false;
  #lost = { faults: 0, answers: 0, messages: 0 };
  /** Records dropped because the reader was too slow. */
  dropped = 0;
  /** The same with answers, verdicts and other messages. */
  missed = 0;

  /** `now` in seconds since the start, for the notice of what was dropped; `room` in records, for each kind. */
  constructor(post: (packet: FromEngine[]) => void, now: () => number, room = ROOM) {
    this.#post = post;
    this.#now = now;
    this.#room = room;
  }

  push(message: FromEngine): void {
    const kind = kindOf(message);
    this.#waiting.push(message);
    this.#weigh(message, 1);
    while (kind !== null && this.#shares[kind].weight > this.#room) this.#dropOldest(kind);
  }

  #weigh(message: FromEngine, sign: 1 | -1): void {
    const kind = kindOf(message);
    const change = sign * weight(message);
    this.#weight += change;
    if (kind !== null) this.#shares[kind].weight += change;
  }

  /** Of that kind one waits. */
  #dropOldest(kind: Kind): void {
    const waiting = this.#waiting;
    const share = this.#shares[kind];
    let at = Math.max(share.from, this.#head);
    for (let other = waiting[at]; !other || kindOf(other) !== kind; ) other = waiting[++at];
    share.from = at;
    const message = waiting[at]!;
    waiting[at] = null;
    this.#given++;
    this.#weigh(message, -1);
    this.missed += kind === 'bulk' ? size(message) : 1;
    if (message.type === 'batch') {
      this.#lost.faults += size(message);
      this.dropped += size(message);
    } else if (kind === 'bulk') {
      this.#lost.answers += size(message);
    } else {
      this.#lost.messages++;
    }
    // For a reader that never reads, even the places would fill the memory.
    if (this.#given > MOST_GIVEN) this.#compact();
  }

  get #hasLost(): boolean {
    const { faults, answers, messages } = this.#lost;
    return faults + answers + messages > 0;
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
    for (let taken = 0; taken < limit && this.#head < this.#waiting.length; ) {
      const message = this.#waiting[this.#head++] as FromEngine | null;
      if (message === null) {
        this.#given--;
        continue;
      }
      taken += weight(message);
      this.#weigh(message, -1);
      packet.push(message);
    }
    if (this.#head === this.#waiting.length || this.#head > 4_096) this.#compact();
    if (!this.#hasLost) return packet;
    // It comes before the rest, whose first time it gets; but a new listener begins with hello.
    const opening = packet.findIndex(({ type }) => type !== 'hello' && type !== 'snapshot');
    const at = opening < 0 ? packet.length : opening;
    const next = packet[at];
    const dropped: FromEngine = { type: 'dropped', t: next && 't' in next ? next.t : this.#now(), ...this.#lost };
    this.#lost = { faults: 0, answers: 0, messages: 0 };
    return packet.toSpliced(at, 0, dropped);
  }

  #compact(): void {
    const [waiting, head] = [this.#waiting, this.#head];
    // What comes before that place and was not dropped.
    for (const share of Object.values(this.#shares))
      share.from = waiting.slice(head, Math.max(head, share.from)).filter((message) => message !== null).length;
    this.#waiting = waiting.slice(head).filter((message) => message !== null);
    this.#given = 0;
    this.#head = 0;
  }
}
