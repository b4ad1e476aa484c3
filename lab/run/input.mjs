// Standard input, sent on no faster than the guest gives credit for, so that a signal is never stuck behind it.
import { HEAD, INPUT_WINDOW, ToGuest } from './frames.mjs';

/** No frame with less than this, unless there is no more to send: a frame's head costs credit too. */
const LEAST = 256;

export class InputPump {
  #input;
  #send;
  #credit = INPUT_WINDOW;
  /** @type {Buffer[]} */
  #waiting = [];
  #ended = false;
  #endSent = false;

  /** @param {import('node:stream').Readable} input @param {(type: string, payload?: Uint8Array) => void} send */
  constructor(input, send) {
    this.#input = input;
    this.#send = send;
  }

  start() {
    this.#input.on('data', this.#take);
    this.#input.on('end', this.#finish);
    this.#input.on('error', this.#finish);
  }

  stop() {
    this.#input.off('data', this.#take);
    this.#input.pause();
  }

  /** @param {number} bytes */
  credit(bytes) {
    this.#credit += bytes;
    this.#flush();
  }

  /** @param {Buffer} bytes */
  #take = (bytes) => {
    this.#waiting.push(bytes);
    this.#flush();
  };

  #finish = () => {
    this.#ended = true;
    this.#flush();
  };

  #flush() {
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const room = this.#credit - HEAD;
      if (room < Math.min(LEAST, next.length)) break;
      const part = next.subarray(0, room);
      this.#send(ToGuest.INPUT, part);
      this.#credit -= part.length + HEAD;
      if (part.length === next.length) this.#waiting.shift();
      else this.#waiting[0] = next.subarray(part.length);
    }
    if (this.#waiting.length) this.#input.pause();
    else if (this.#ended) {
      if (!this.#endSent) this.#send(ToGuest.END);
      this.#endSent = true;
    } else this.#input.resume();
  }
}
