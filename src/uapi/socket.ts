// recvmsg(2), sendmsg(2) and Unix sockets, as the C library of a 64-bit Linux has them: pointers and size_t are u64.
import { struct } from './struct.ts';

export const msghdr = struct('msghdr', 56, {
  msgName: 'u64',
  msgNamelen: 'u32',
  msgIov: { at: 16, type: 'u64' },
  msgIovlen: 'u64',
  msgControl: 'u64',
  msgControllen: 'u64',
  msgFlags: 's32',
});

export const iovec = struct('iovec', 16, { iovBase: 'u64', iovLen: 'u64' });

/** The head of a control message; its data follows at once. */
export const cmsghdr = struct('cmsghdr', 16, { cmsgLen: 'u64', cmsgLevel: 's32', cmsgType: 's32' });

/** What SO_PEERCRED gives. */
export const ucred = struct('ucred', 12, { pid: 's32', uid: 'u32', gid: 'u32' });

/** struct sockaddr_un: the family (u16), then the path with its closing 0. */
export const SockaddrUn = { PATH_AT: 2, PATH_BYTES: 108 } as const;

export const Socket = {
  AF_UNIX: 1,
  SOCK_SEQPACKET: 5,
  SOCK_NONBLOCK: 0o4000,
  SOCK_CLOEXEC: 0o2000000,
  SOL_SOCKET: 1,
  SO_PEERCRED: 17,
  SCM_RIGHTS: 1,
} as const;

export const MessageFlag = {
  MSG_CTRUNC: 0x8,
  MSG_TRUNC: 0x20,
  MSG_DONTWAIT: 0x40,
  MSG_NOSIGNAL: 0x4000,
  MSG_CMSG_CLOEXEC: 0x4000_0000,
} as const;

/** Bytes of a control message with `data` bytes in it: CMSG_LEN. */
export const controlLength = (data: number): number => cmsghdr.size + data;

/** The same with the padding behind it: CMSG_SPACE. */
export const controlSpace = (data: number): number => cmsghdr.size + Math.ceil(data / 8) * 8;
