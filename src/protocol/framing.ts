// Messages as bytes, for a pipe between an engine and a front end. A frame is JSON, followed by its typed arrays as they are in
// memory:
//
//   u32 mark   u32 bytes of the header   u32 bytes of the arrays   header   arrays, one after the other
//
// The header is JSON in UTF-8, [message, [[kind, elements, ...path], …]]; the message has null where the array at `path` goes.
// Numbers are in the machine's byte order, like the arrays and the kernel's records in them: the mark shows the other order,
// which is refused. (Not v8.serialize: an older Node may be unable to read what a newer one writes.)
import { isUtf8 } from 'node:buffer';

/** Header and arrays of one frame, in bytes. */
export const MOST_FRAME = 16 * 1_024 * 1_024;
/** Depth of nested objects and lists. */
const MOST_DEPTH = 64;
const PREFIX = 12;
/** "IOPF" where the lowest byte comes first, "FPOI" where the highest does. */
const MARK = 0x46504f49;
const OTHER_ORDER = 0x494f5046;
const KINDS = { Uint8Array, Uint32Array, Float64Array };
type Kind = keyof typeof KINDS;
type Path = (string | number)[];

/** Bytes that are not a frame. `at`: how many bytes of the stream came before that frame. */
export class FrameError extends Error {
  readonly at: number;

  constructor(at: number, message: string) {
    super(`byte ${at}: ${message}`);
    this.name = 'FrameError';
    this.at = at;
  }
}

const bytesOf = ({ buffer, byteOffset, byteLength }: ArrayBufferView): Uint8Array =>
  new Uint8Array(buffer, byteOffset, byteLength);

/** A Buffer's memory is shared with others and may begin anywhere: a copy's does not. */
const wordsOf = (bytes: Uint8Array): Uint32Array => new Uint32Array(new Uint8Array(bytes).buffer);

/** Its typed arrays taken out: the message without them, and where they go. */
class Taken {
  readonly places: [Kind, number, ...Path][] = [];
  readonly arrays: Uint8Array[] = [];

  take(value: unknown, path: Path): unknown {
    if (ArrayBuffer.isView(value)) return this.#array(value, path);
    if (Array.isArray(value)) return value.map((item, i) => this.take(item, [...path, i]));
    if (typeof value === 'object' && value !== null) {
      const members = Object.entries(value).filter(([, member]) => member !== undefined);
      return Object.fromEntries(members.map(([name, member]) => [name, this.take(member, [...path, name])]));
    }
    const isJson = value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
    if (!isJson) throw new TypeError(`framing: ${path.join('.')} is ${String(value)}, which JSON cannot represent`);
    return value;
  }

  #array(value: ArrayBufferView, path: Path): null {
    const kind = (Object.keys(KINDS) as Kind[]).find((name) => value instanceof KINDS[name]);
    if (!kind) throw new TypeError(`framing: ${path.join('.')} must be one of ${Object.keys(KINDS).join(', ')}`);
    this.places.push([kind, value.byteLength / KINDS[kind].BYTES_PER_ELEMENT, ...path]);
    this.arrays.push(bytesOf(value));
    return null;
  }
}

/** A message as one frame. Throws RangeError when it is larger than `most`. */
export function frame(message: object, most = MOST_FRAME): Uint8Array {
  const taken = new Taken();
  const header = Buffer.from(JSON.stringify([taken.take(message, []), taken.places]));
  const size = taken.arrays.reduce((sum, { byteLength }) => sum + byteLength, 0);
  if (header.length + size > most)
    throw new RangeError(`a message of ${header.length + size} bytes exceeds the limit of ${most}`);
  return Buffer.concat([bytesOf(new Uint32Array([MARK, header.length, size])), header, ...taken.arrays]);
}

/** Takes bytes cut in any way and returns the messages in them. After an error it throws the same error again. */
export class FrameReader {
  readonly #most: number;
  #chunks: Uint8Array[] = [];
  #held = 0;
  /** Where the frame begins that is being read. */
  #at = 0;
  /** Bytes of its header and of its arrays, once they are known. */
  #sizes: { header: number; arrays: number } | null = null;
  #failed: FrameError | null = null;

  constructor(most = MOST_FRAME) {
    this.#most = most;
  }

  /** Throws FrameError; messages before the mistake are returned first, and the next call throws. */
  push(bytes: Uint8Array): unknown[] {
    if (this.#failed) throw this.#failed;
    if (bytes.length > 0) this.#chunks.push(bytes);
    this.#held += bytes.length;
    const messages: unknown[] = [];
    try {
      while (this.#step(messages));
    } catch (error) {
      if (!(error instanceof FrameError) || messages.length === 0) throw error;
    }
    return messages;
  }

  /** No more bytes come. */
  end(): void {
    if (this.#failed) throw this.#failed;
    if (this.#held > 0 || this.#sizes) this.#fail('the stream ends within this frame');
  }

  #fail(message: string): never {
    this.#failed = new FrameError(this.#at, message);
    this.#chunks = [];
    throw this.#failed;
  }

  /** Whether there may be more to read. */
  #step(messages: unknown[]): boolean {
    if (!this.#sizes) {
      if (this.#held < PREFIX) {
        if (this.#held >= 4) this.#checkMark(this.#peek(4));
        return false;
      }
      this.#sizes = this.#readPrefix(this.#take(PREFIX));
    }
    const { header, arrays } = this.#sizes;
    if (this.#held < header + arrays) return false;
    messages.push(this.#message(this.#take(header), this.#take(arrays)));
    this.#at += PREFIX + header + arrays;
    this.#sizes = null;
    return true;
  }

  #gather(): Uint8Array {
    if (this.#chunks.length !== 1) this.#chunks = [Buffer.concat(this.#chunks)];
    return this.#chunks[0] as Uint8Array;
  }

  #peek(count: number): Uint8Array {
    return this.#gather().subarray(0, count);
  }

  /** Bytes held. */
  #take(count: number): Uint8Array {
    const all = this.#gather();
    this.#held -= count;
    this.#chunks = [all.subarray(count)];
    return all.subarray(0, count);
  }

  #checkMark(bytes: Uint8Array): void {
    const [mark] = wordsOf(bytes);
    if (mark === MARK) return;
    if (mark === OTHER_ORDER) this.#fail('it comes from a machine with another byte order');
    const words = Array.from(bytes.subarray(0, 4), (byte) => byte.toString(16).padStart(2, '0')).join(' ');
    this.#fail(`no message begins with ${words}; does something else write to this stream?`);
  }

  #readPrefix(bytes: Uint8Array): { header: number; arrays: number } {
    this.#checkMark(bytes);
    const [, header = 0, arrays = 0] = wordsOf(bytes);
    if (header + arrays > this.#most)
      this.#fail(`a message of ${header + arrays} bytes exceeds the limit of ${this.#most}`);
    return { header, arrays };
  }

  #message(header: Uint8Array, arrays: Uint8Array): unknown {
    if (!isUtf8(header)) this.#fail('its header is not UTF-8');
    if (isDeep(header)) this.#fail(`its header is nested deeper than ${MOST_DEPTH}`);
    let said: unknown;
    try {
      said = JSON.parse(Buffer.from(header.buffer, header.byteOffset, header.byteLength).toString());
    } catch {
      this.#fail('its header is not JSON');
    }
    const [message, places] =
      Array.isArray(said) && said.length === 2 ? said : this.#fail('its header is not a list of two');
    if (typeof message !== 'object' || message === null) this.#fail('its message is not an object');
    if (!Array.isArray(places)) this.#fail('it does not say where its arrays go');
    let from = 0;
    for (const place of places) {
      const array = arrayAt(place, arrays, from);
      if (!array || !put(array, message, place.slice(2)))
        this.#fail(`the array at byte ${from} has no place or no size`);
      from += array.byteLength;
    }
    if (from !== arrays.length) this.#fail(`its arrays have ${arrays.length} bytes, its header says ${from}`);
    return message;
  }
}

/** Nested deeper than any message: walking it would take a deep stack. */
function isDeep(json: Uint8Array): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < json.length; i++) {
    const byte = json[i];
    if (byte === 0x22) quoted = !quoted;
    else if (quoted) i += byte === 0x5c ? 1 : 0;
    else if (byte === 0x5b || byte === 0x7b) depth++;
    else if (byte === 0x5d || byte === 0x7d) depth--;
    if (depth > MOST_DEPTH) return true;
  }
  return false;
}

/** The array that a place of the header describes, with its own memory; null: no such kind, or not enough bytes. */
function arrayAt(place: unknown, bytes: Uint8Array, from: number): ArrayBufferView | null {
  if (!Array.isArray(place)) return null;
  const [kind, count] = place;
  if (typeof kind !== 'string' || !Object.hasOwn(KINDS, kind) || !Number.isSafeInteger(count) || count < 0) return null;
  const Kind = KINDS[kind as Kind];
  const size = count * Kind.BYTES_PER_ELEMENT;
  if (size > bytes.length - from) return null;
  const own = new Uint8Array(size);
  own.set(bytes.subarray(from, from + size));
  return new Kind(own.buffer);
}

/** Puts an array where the message has null. */
function put(array: ArrayBufferView, message: unknown, path: unknown[]): boolean {
  let into = message;
  for (const [i, name] of path.entries()) {
    const isName = typeof name === 'string' || typeof name === 'number';
    if (!isName || typeof into !== 'object' || into === null || !Object.hasOwn(into, name)) return false;
    const holder = into as Record<string | number, unknown>;
    if (i < path.length - 1) {
      into = holder[name];
    } else if (holder[name] === null) {
      holder[name] = array;
      return true;
    }
  }
  return false;
}
