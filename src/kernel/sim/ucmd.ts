// struct iommufd_ucmd: one ioctl's argument, copied in and out as iommufd_fops_ioctl() does.
import { Errno } from '../../uapi/errno.ts';
import type { Fields, Struct, StructValue } from '../../uapi/struct.ts';

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** get_user() of the leading size; -EFAULT where there is none. */
export function userSize(arg: Uint8Array): number {
  const [a, b, c, d] = arg;
  if (a === undefined || b === undefined || c === undefined || d === undefined) return -Errno.EFAULT;
  return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
}

/** copy_struct_from_user(): `size` bytes of `arg` into `ksize` zeroed ones. E2BIG where more than that is not zero. */
export function copyStruct(arg: Uint8Array, size: number, ksize: number): Uint8Array | number {
  if (size > ksize) {
    const end = Math.min(size, arg.byteLength);
    for (let i = ksize; i < end; i++) if (arg[i] !== 0) return -Errno.E2BIG;
  }
  if (size > arg.byteLength) return -Errno.EFAULT;
  const out = new Uint8Array(ksize);
  const end = Math.min(size, ksize);
  // Faster than a view for as few bytes as these.
  for (let i = 0; i < end; i++) out[i] = arg[i]!;
  return out;
}

export class Ucmd {
  /** The kernel's copy of the struct. */
  readonly cmd: Uint8Array;
  readonly view: DataView;
  readonly #arg: Uint8Array;
  readonly #size: number;

  constructor(arg: Uint8Array, size: number, cmd: Uint8Array) {
    this.#arg = arg;
    this.#size = size;
    this.cmd = cmd;
    this.view = viewOf(cmd);
  }

  read<F extends Fields>(struct: Struct<F>): StructValue<F> {
    return struct.decode(this.cmd);
  }

  /** iommufd_ucmd_respond(), after `value` is put into the struct. Always 0: the argument was there to be read. */
  respond<F extends Fields>(struct: Struct<F>, value: Partial<StructValue<F>>): 0 {
    struct.write(this.cmd, value);
    this.#arg.set(this.cmd.subarray(0, Math.min(this.#size, this.cmd.byteLength)));
    return 0;
  }
}
