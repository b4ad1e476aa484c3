/** Longest line of the input, in bytes. */
export const LINE_LIMIT = 1024 * 1024;

const NEWLINE = 0x0a;

/** Cuts a byte stream into lines, without their newlines. A line longer than LINE_LIMIT is dropped and reported as null. */
export class LineSplitter {
  readonly #onLine: (line: Uint8Array | null, number: number) => void;
  #parts: Uint8Array[] = [];
  #length = 0;
  #number = 1;

  /** `number` counts lines from 1. */
  constructor(onLine: (line: Uint8Array | null, number: number) => void) {
    this.#onLine = onLine;
  }

  push(chunk: Uint8Array): void {
    let from = 0;
    for (let end = chunk.indexOf(NEWLINE); end >= 0; end = chunk.indexOf(NEWLINE, from)) {
      this.#add(chunk.subarray(from, end));
      this.#emit();
      from = end + 1;
    }
    if (from < chunk.length) this.#add(chunk.subarray(from));
  }

  /** The last line may lack its newline. */
  end(): void {
    if (this.#length > 0) this.#emit();
  }

  #add(part: Uint8Array): void {
    this.#length += part.length;
    if (this.#length > LINE_LIMIT) this.#parts = [];
    else if (part.length > 0) this.#parts.push(part);
  }

  #emit(): void {
    const line = this.#length > LINE_LIMIT ? null : Buffer.concat(this.#parts);
    this.#parts = [];
    this.#length = 0;
    this.#onLine(line, this.#number++);
  }
}
