// The lines of a stream, waited for.

export class Lines {
  readonly #lines: string[] = [];
  #rest = '';
  #ended = false;
  #waiting: (() => void)[] = [];

  readonly #others: Lines | undefined;

  /** `others`: what is shown too where a line does not come. */
  constructor(stream: NodeJS.ReadableStream, others?: Lines) {
    this.#others = others;
    stream.on('data', (piece: Buffer) => {
      const parts = `${this.#rest}${piece}`.split('\n');
      this.#rest = parts.pop() ?? '';
      this.#lines.push(...parts);
      this.#wake();
    });
    stream.on('end', () => {
      this.#ended = true;
      this.#wake();
    });
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }

  #missing(what: string): Error {
    return new Error([what, ...this.#lines, ...(this.#others?.all.map((line) => `stderr: ${line}`) ?? [])].join('\n'));
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  /** The first line that matches, from those that came already. Rejects when the stream ends without it. */
  async find(matches: (line: string) => boolean): Promise<string> {
    for (let at = 0; ; ) {
      for (; at < this.#lines.length; at++) if (matches(this.#lines[at] as string)) return this.#lines[at] as string;
      if (this.#ended) throw this.#missing('no such line in:');
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The line of this number, from 0. */
  async at(index: number): Promise<string> {
    while (this.#lines.length <= index) {
      if (this.#ended) throw this.#missing(`only ${this.#lines.length} lines:`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    return this.#lines[index] as string;
  }
}
