// Progress on stderr: on a terminal one line that is overwritten, else a line from time to time.
const EVERY = 10_000;

export class Progress {
  #terminal = process.stderr.isTTY;
  #shown = false;
  #last = 0;

  /** A step begins: always shown. @param {string} text */
  step(text) {
    this.#write(text);
    if (!this.#terminal) this.#last = Date.now();
  }

  /** Where the step is: shown as often as suits. @param {string} text */
  update(text) {
    if (!this.#terminal && Date.now() - this.#last < EVERY) return;
    this.#last = Date.now();
    this.#write(text);
  }

  /** Ends the line that is written over. */
  done() {
    if (this.#shown) process.stderr.write('\r\x1b[K');
    this.#shown = false;
  }

  /** @param {string} text */
  #write(text) {
    if (this.#terminal) process.stderr.write(`\r\x1b[Klab: ${text.slice(0, (process.stderr.columns || 80) - 6)}`);
    else process.stderr.write(`lab: ${text}\n`);
    this.#shown = this.#terminal;
  }
}
