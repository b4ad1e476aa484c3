// The C library, through koffi. The only file that imports it.
import koffi from 'koffi';

export type Native = (...args: unknown[]) => number;

export const libc = koffi.load(null);

/** A koffi `void *` takes a Buffer or typed array directly; a null pointer is null. */
export const declare = (declaration: string): Native => libc.func(declaration) as unknown as Native;

/** libc's −1 becomes the negative errno; koffi keeps errno of the last call on this thread. */
export const result = (value: number): number => (value < 0 ? -koffi.errno() : Number(value));

export const lastErrno = (): number => koffi.errno();

/** The address that a native pointer stands for. */
export const addressOf = (pointer: unknown): bigint => BigInt(koffi.address(pointer as never));

/** The memory behind a native pointer, not copied. */
export const view = (pointer: unknown, bytes: number): Uint8Array =>
  new Uint8Array(koffi.view(pointer as never, bytes));
