// What the lab's two sides say to each other over the serial line (guest/init.c is the other side). A frame is one byte
// of type, the payload's length as four bytes, little endian, and the payload.

/** To the guest. */
export const ToGuest = {
  /** Bytes for the command's input; no more than there is credit for. */
  INPUT: 'I',
  /** End of input. */
  END: 'E',
  /** Window size: rows and columns, 16 bits each. */
  WINDOW: 'W',
  /** A signal number, one byte, for the command's process group. */
  SIGNAL: 'S',
  /** Nobody reads this output any more (1 or 2, one byte): the command gets SIGPIPE. */
  CLOSE: 'C',
};

/** From the guest. */
export const FromGuest = {
  /** The line is ready. Nothing may be sent before. */
  HELLO: 'h',
  STDOUT: '1',
  STDERR: '2',
  /** Output of the terminal, if the command has one. */
  TERMINAL: 't',
  /** So many more bytes of input may be sent, heads of frames included: 32 bits. */
  CREDIT: 'c',
  /** The command's exit status, one byte; 128 + n after signal n. Nothing follows. */
  EXIT: 'x',
};

/** Bytes of a frame before its payload. */
export const HEAD = 5;
/** Input, heads of frames included, that may be under way before the guest gives credit: WINDOW in guest/init.c. */
export const INPUT_WINDOW = 3072;

/** @param {string} type @param {Uint8Array} [payload] */
export function encodeFrame(type, payload = new Uint8Array(0)) {
  const frame = Buffer.alloc(HEAD + payload.length);
  frame.write(type, 0, 'latin1');
  frame.writeUInt32LE(payload.length, 1);
  frame.set(payload, HEAD);
  return frame;
}

/** @param {number} rows @param {number} columns */
export function encodeWindow(rows, columns) {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt16LE(rows, 0);
  bytes.writeUInt16LE(columns, 2);
  return bytes;
}

/**
 * The job file: what to run, as fields that each end with a NUL.
 *
 * @param {{streams: string, rows: number, columns: number, directory: string, argv: string[], env: Record<string, string>}} job
 *   `streams` has a letter each for stdin, stdout and stderr: `t` the terminal, `p` a pipe.
 */
export function encodeJob({ streams, rows, columns, directory, argv, env }) {
  const fields = [streams, rows, columns, directory, argv.length, ...argv];
  for (const [name, value] of Object.entries(env)) fields.push(`${name}=${value}`);
  if (fields.some((f) => String(f).includes('\0')))
    throw new RangeError('a NUL byte in the command or its environment');
  return Buffer.from(fields.map((f) => `${f}\0`).join(''));
}

/** Takes the bytes as they come and calls `onFrame(type, payload)` for each whole frame. */
export class FrameReader {
  #rest = Buffer.alloc(0);
  #onFrame;

  /** @param {(type: string, payload: Buffer) => void} onFrame */
  constructor(onFrame) {
    this.#onFrame = onFrame;
  }

  /** @param {Buffer} bytes */
  push(bytes) {
    const all = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    let at = 0;
    while (all.length - at >= HEAD) {
      const end = at + HEAD + all.readUInt32LE(at + 1);
      if (end > all.length) break;
      this.#onFrame(all.toString('latin1', at, at + 1), all.subarray(at + HEAD, end));
      at = end;
    }
    this.#rest = Buffer.from(all.subarray(at));
  }
}
