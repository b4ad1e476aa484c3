// The way between engine and front end as it is between two processes: each message is framed, its bytes are cut anywhere, and what
// is read of them is held against its definition.
import type { Problem } from '../../src/protocol/check.ts';
import type { Crossed } from '../../src/protocol/crossing.ts';
import { FrameReader, frame } from '../../src/protocol/framing.ts';

/** Pieces as pipes and ssh give them, and such as they hardly ever do. */
const SIZES = [65_536, 1, 11, 4_096, 3, 700];

export class Pipe<T extends object> {
  readonly #check: (value: unknown) => Crossed<T>;
  readonly #reader = new FrameReader();
  #turn = 0;

  constructor(check: (value: unknown) => Crossed<T>) {
    this.#check = check;
  }

  /** The messages as the other side has them. */
  cross(messages: readonly T[]): T[] {
    const bytes = Buffer.concat(messages.map((message) => frame(message)));
    const read: unknown[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = SIZES[this.#turn++ % SIZES.length] as number;
      read.push(...this.#reader.push(bytes.subarray(at, at + size)));
      at += size;
    }
    this.#reader.end();
    return read.map((value) => this.#checked(this.#check(value), value));
  }

  #checked(crossed: { message: T } | Problem, value: unknown): T {
    if ('message' in crossed) return crossed.message;
    throw new Error(`${crossed.problem}; ${crossed.expected}: ${JSON.stringify(value).slice(0, 500)}`);
  }
}
