// Unix sockets that carry descriptors. Node has neither SOCK_SEQPACKET nor SCM_RIGHTS.
import { Errno } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';
import { MessageFlag, SockaddrUn, Socket, ucred } from '../../uapi/socket.ts';
import { KernelRefusal, type UserMemory } from '../kernel.ts';
import type { Peer, ReceivedMessage, Sockets } from '../sockets.ts';
import { declare, type Native, result } from './libc.ts';
import { MOST_BYTES, MOST_FDS, SocketMessage } from './socket-message.ts';

const NONBLOCK_CLOEXEC = Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC;
/** Only the owner of the path and root can connect. */
const UMASK = 0o177;

/** null: the path is too long. */
function addressOf(path: string): Uint8Array | null {
  const text = new TextEncoder().encode(path);
  if (text.length === 0 || text.length >= SockaddrUn.PATH_BYTES) return null;
  const address = new Uint8Array(SockaddrUn.PATH_AT + text.length + 1);
  new DataView(address.buffer).setUint16(0, Socket.AF_UNIX, true);
  address.set(text, SockaddrUn.PATH_AT);
  return address;
}

function bind() {
  return {
    socket: declare('int socket(int domain, int type, int protocol)'),
    bind: declare('int bind(int fd, const void *address, unsigned int length)'),
    listen: declare('int listen(int fd, int backlog)'),
    connect: declare('int connect(int fd, const void *address, unsigned int length)'),
    accept4: declare('int accept4(int fd, void *address, void *length, int flags)'),
    getsockopt: declare('int getsockopt(int fd, int level, int name, void *value, void *length)'),
    recvmsg: declare('long recvmsg(int fd, void *message, int flags)'),
    sendmsg: declare('long sendmsg(int fd, const void *message, int flags)'),
    umask: declare('unsigned int umask(unsigned int mask)'),
    close: declare('int close(int fd)'),
  };
}

export class LinuxSockets implements Sockets {
  readonly #allocate: (length: number) => UserMemory;
  #libc: ReturnType<typeof bind> | null = null;
  #message: SocketMessage | null = null;

  constructor(allocate: (length: number) => UserMemory) {
    this.#allocate = allocate;
  }

  get #c(): ReturnType<typeof bind> {
    this.#libc ??= bind();
    return this.#libc;
  }

  get #buffer(): SocketMessage {
    this.#message ??= new SocketMessage(this.#allocate);
    return this.#message;
  }

  /** Opens a socket and calls `use` with the address; closes the socket if that is refused. */
  #open(path: string, use: (fd: number, address: Uint8Array) => number): number {
    const address = addressOf(path);
    if (address === null) return -Errno.ENAMETOOLONG;
    const fd = result(this.#c.socket(Socket.AF_UNIX, Socket.SOCK_SEQPACKET | NONBLOCK_CLOEXEC, 0));
    if (fd < 0) return fd;
    const done = use(fd, address);
    if (done >= 0) return fd;
    this.#c.close(fd);
    return done;
  }

  listen(path: string, backlog: number): number {
    return this.#open(path, (fd, address) => {
      // The whole process's; nothing else runs in this thread meanwhile, and other threads make no files.
      const mask = this.#c.umask(UMASK);
      const bound = result(this.#c.bind(fd, address, address.length));
      this.#c.umask(mask);
      return bound < 0 ? bound : result(this.#c.listen(fd, backlog));
    });
  }

  connect(path: string): number {
    return this.#open(path, (fd, address) => result(this.#c.connect(fd, address, address.length)));
  }

  accept(fd: Fd): number {
    return result(this.#c.accept4(fd, null, null, NONBLOCK_CLOEXEC));
  }

  peer(fd: Fd): Peer {
    const value = new Uint8Array(ucred.size);
    const length = new Uint8Array(new Uint32Array([ucred.size]).buffer);
    const done = result(this.#c.getsockopt(fd, Socket.SOL_SOCKET, Socket.SO_PEERCRED, value, length));
    if (done < 0) throw new KernelRefusal('getsockopt', -done);
    return ucred.decode(value);
  }

  receive(fd: Fd, bytes: Uint8Array): ReceivedMessage | number {
    const message = this.#buffer;
    message.toReceive(bytes.length);
    const { MSG_DONTWAIT, MSG_CMSG_CLOEXEC, MSG_TRUNC, MSG_CTRUNC } = MessageFlag;
    const count = this.#transfer(this.#c.recvmsg, fd, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    if (count < 0) return count;
    bytes.set(message.data(count));
    return { count, fds: message.fds(), truncated: (message.flags & (MSG_TRUNC | MSG_CTRUNC)) !== 0 };
  }

  send(fd: Fd, bytes: Uint8Array, fds: readonly number[] = []): number {
    if (bytes.length > MOST_BYTES) return -Errno.EMSGSIZE;
    if (fds.length > MOST_FDS) return -Errno.EINVAL;
    this.#buffer.toSend(bytes, fds);
    return this.#transfer(this.#c.sendmsg, fd, MessageFlag.MSG_DONTWAIT | MessageFlag.MSG_NOSIGNAL);
  }

  #transfer(call: Native, fd: Fd, flags: number): number {
    for (;;) {
      const done = result(call(fd, this.#buffer.head, flags));
      if (done !== -Errno.EINTR) return done;
    }
  }
}
