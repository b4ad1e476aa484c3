// One message for recvmsg(2) and sendmsg(2): its head, the buffer and the control data, in memory whose addresses hold.
import type { Fd } from '../../uapi/ids.ts';
import { cmsghdr, controlLength, controlSpace, iovec, msghdr, Socket } from '../../uapi/socket.ts';
import type { UserMemory } from '../kernel.ts';

/** Descriptors that one message may bring; the kernel would let 253 through (SCM_MAX_FD). */
export const MOST_FDS = 16;
/** Bytes of one message. */
export const MOST_BYTES = 65_536;

const FD_BYTES = 4;
const CONTROL_BYTES = controlSpace(MOST_FDS * FD_BYTES);
const IOVEC_AT = msghdr.size;
const CONTROL_AT = 128;
const DATA_AT = 4_096;

export class SocketMessage {
  readonly #memory: UserMemory;

  constructor(allocate: (length: number) => UserMemory) {
    this.#memory = allocate(DATA_AT + MOST_BYTES);
  }

  /** What recvmsg and sendmsg are given. */
  get head(): Uint8Array {
    return this.#memory.bytes;
  }

  #prepare(length: number, controlBytes: number): void {
    const { address, bytes } = this.#memory;
    msghdr.write(bytes, {
      msgName: 0n,
      msgNamelen: 0,
      msgIov: address + BigInt(IOVEC_AT),
      msgIovlen: 1n,
      msgControl: controlBytes === 0 ? 0n : address + BigInt(CONTROL_AT),
      msgControllen: BigInt(controlBytes),
      msgFlags: 0,
    });
    iovec.write(bytes, { iovBase: address + BigInt(DATA_AT), iovLen: BigInt(length) }, IOVEC_AT);
  }

  /** Empty, with room for `length` bytes and all descriptors. */
  toReceive(length: number): void {
    this.#prepare(Math.min(length, MOST_BYTES), CONTROL_BYTES);
  }

  toSend(data: Uint8Array, fds: readonly number[]): void {
    const { bytes } = this.#memory;
    const controlBytes = fds.length === 0 ? 0 : controlSpace(fds.length * FD_BYTES);
    this.#prepare(data.length, controlBytes);
    bytes.set(data, DATA_AT);
    if (controlBytes === 0) return;
    bytes.fill(0, CONTROL_AT, CONTROL_AT + controlBytes);
    const { SOL_SOCKET: cmsgLevel, SCM_RIGHTS: cmsgType } = Socket;
    cmsghdr.write(bytes, { cmsgLen: BigInt(controlLength(fds.length * FD_BYTES)), cmsgLevel, cmsgType }, CONTROL_AT);
    const view = this.#view();
    fds.forEach((fd, i) => void view.setInt32(CONTROL_AT + cmsghdr.size + i * FD_BYTES, fd, true));
  }

  data(count: number): Uint8Array {
    return this.#memory.bytes.subarray(DATA_AT, DATA_AT + count);
  }

  /** MessageFlag bits of what was received. */
  get flags(): number {
    return msghdr.decode(this.#memory.bytes).msgFlags;
  }

  /** The descriptors that came: all control messages of SCM_RIGHTS (scm_detach_fds makes one of them). */
  fds(): Fd[] {
    const { bytes } = this.#memory;
    const end = CONTROL_AT + Math.min(Number(msghdr.decode(bytes).msgControllen), CONTROL_BYTES);
    const view = this.#view();
    const fds: Fd[] = [];
    for (let at = CONTROL_AT; at + cmsghdr.size <= end; ) {
      const { cmsgLen, cmsgLevel, cmsgType } = cmsghdr.decode(bytes, at);
      const length = Number(cmsgLen);
      if (length < cmsghdr.size) break;
      if (cmsgLevel === Socket.SOL_SOCKET && cmsgType === Socket.SCM_RIGHTS) {
        const last = Math.min(at + length, end);
        for (let fd = at + cmsghdr.size; fd + FD_BYTES <= last; fd += FD_BYTES) fds.push(view.getInt32(fd, true) as Fd);
      }
      at += controlSpace(length - cmsghdr.size);
    }
    return fds;
  }

  #view(): DataView {
    const { bytes } = this.#memory;
    return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }
}
