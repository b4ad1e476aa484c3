// The part of the Kernel port that takes descriptors from other processes: Unix sockets of the kind SOCK_SEQPACKET, where
// one message is one datagram, and SCM_RIGHTS.
import type { Fd } from '../uapi/ids.ts';

export interface Peer {
  readonly pid: number;
  readonly uid: number;
  readonly gid: number;
}

export interface ReceivedMessage {
  /** Bytes of the message in the buffer; 0: the peer has closed its end. */
  readonly count: number;
  /** Close-on-exec descriptors that came with it; the receiver closes them. */
  readonly fds: readonly Fd[];
  /** Bytes or descriptors were cut off (MSG_TRUNC, MSG_CTRUNC). */
  readonly truncated: boolean;
}

/** Each call that returns a number returns what the system call returns: 0 or more, or the negative errno. None blocks. */
export interface Sockets {
  /**
   * socket(2), bind(2), listen(2): a non-blocking, close-on-exec socket at a new path of mode 0600 (umask while it is bound).
   * EADDRINUSE: something is already at the path.
   */
  listen(path: string, backlog: number): number;
  /** socket(2), connect(2). */
  connect(path: string): number;
  /** accept4(2), non-blocking and close-on-exec; EAGAIN: no connection waits. */
  accept(fd: Fd): number;
  /** SO_PEERCRED: who had connected. Throws KernelRefusal. */
  peer(fd: Fd): Peer;
  /** recvmsg(2) with MSG_DONTWAIT and MSG_CMSG_CLOEXEC, at most 16 descriptors; a negative errno if there is nothing. */
  receive(fd: Fd, bytes: Uint8Array): ReceivedMessage | number;
  /** sendmsg(2) with MSG_DONTWAIT and MSG_NOSIGNAL; the bytes sent. */
  send(fd: Fd, bytes: Uint8Array, fds?: readonly number[]): number;
}
