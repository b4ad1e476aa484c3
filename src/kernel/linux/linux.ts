// The real kernel: its system calls through the C library.
import { Errno } from '../../uapi/errno.ts';
import type { Fd } from '../../uapi/ids.ts';
import type { Files } from '../files.ts';
import { type Kernel, KernelRefusal, type PollFd, type SlowWrite, type UserMemory, type Wakeup } from '../kernel.ts';
import type { Processes } from '../processes.ts';
import type { Sockets } from '../sockets.ts';
import { writeBeside } from './beside.ts';
import { LinuxFiles } from './files.ts';
import { addressOf, declare, lastErrno, libc, result, view } from './libc.ts';
import { makeBlockNode } from './nodes.ts';
import { LinuxProcesses } from './processes.ts';
import { LinuxSockets } from './sockets.ts';

// With the kernel: one file of the bundle loads the native library.
export { becomeUser } from './privileges.ts';
export { LinuxProcesses } from './processes.ts';

const PROT_READ_WRITE = 3;
const MAP_PRIVATE_ANONYMOUS = 0x22;
const EFD_CLOEXEC_NONBLOCK = 0o2004000;
const POLLFD_BYTES = 8;

function bind() {
  return {
    open: declare('int open(const char *path, int flags)'),
    close: declare('int close(int fd)'),
    // Declared with a fixed third argument: a variadic call costs several times as much.
    ioctl: declare('int ioctl(int fd, unsigned long request, void *arg)'),
    read: declare('long read(int fd, void *buf, size_t count)'),
    pread: declare('long pread(int fd, void *buf, size_t count, int64_t offset)'),
    write: declare('long write(int fd, const void *buf, size_t count)'),
    pwrite: declare('long pwrite(int fd, const void *buf, size_t count, int64_t offset)'),
    poll: declare('int poll(void *fds, unsigned long nfds, int timeout)'),
    dup: declare('int dup(int fd)'),
    eventfd: declare('int eventfd(unsigned int initval, int flags)'),
    mmap: libc.func('void *mmap(void *addr, size_t length, int prot, int flags, int fd, int64_t offset)'),
    munmap: declare('int munmap(void *addr, size_t length)'),
    sysconf: declare('long sysconf(int name)'),
  };
}

const SC_PAGESIZE = 30;

export class LinuxKernel implements Kernel {
  readonly name = 'linux';
  readonly #processes = new LinuxProcesses();
  readonly processes: Processes = this.#processes;
  readonly files: Files = new LinuxFiles(makeBlockNode, (pid, tid) => this.#processes.sharesDescriptors(pid, tid));
  readonly sockets: Sockets = new LinuxSockets((length) => this.memory(length));
  readonly #libc = bind();
  readonly #pageSize = Number(this.#libc.sysconf(SC_PAGESIZE));
  #pollSet = new Uint8Array(16 * POLLFD_BYTES);

  open(path: string, flags: number): number {
    return result(this.#libc.open(path, flags));
  }

  writeBeside(path: string, text: string): SlowWrite {
    return writeBeside(path, text);
  }

  close(fd: number): number {
    return result(this.#libc.close(fd));
  }

  ioctl(fd: number, request: number, arg: Uint8Array): number {
    return result(this.#libc.ioctl(fd, request, arg));
  }

  read(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    return result(this.#libc.read(fd, bytes, count));
  }

  pread(fd: number, bytes: Uint8Array, count: number, position: number): number {
    return result(this.#libc.pread(fd, bytes, count, position));
  }

  write(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    return result(this.#libc.write(fd, bytes, count));
  }

  pwrite(fd: number, bytes: Uint8Array, count: number, position: number): number {
    return result(this.#libc.pwrite(fd, bytes, count, position));
  }

  poll(fds: PollFd[], timeoutMs: number): number {
    if (this.#pollSet.byteLength < fds.length * POLLFD_BYTES) {
      this.#pollSet = new Uint8Array(2 * fds.length * POLLFD_BYTES);
    }
    const set = new DataView(this.#pollSet.buffer);
    fds.forEach((p, i) => {
      set.setInt32(i * POLLFD_BYTES, p.fd, true);
      set.setInt16(i * POLLFD_BYTES + 4, p.events, true);
      set.setInt16(i * POLLFD_BYTES + 6, 0, true);
    });
    const ready = result(this.#libc.poll(this.#pollSet, fds.length, timeoutMs));
    fds.forEach((p, i) => {
      p.revents = ready < 0 ? 0 : set.getUint16(i * POLLFD_BYTES + 6, true);
    });
    return ready === -Errno.EINTR ? 0 : ready;
  }

  dup(fd: number): number {
    return result(this.#libc.dup(fd));
  }

  memory(length: number): UserMemory {
    const size = Math.ceil(length / this.#pageSize) * this.#pageSize;
    const pointer = this.#libc.mmap(null, size, PROT_READ_WRITE, MAP_PRIVATE_ANONYMOUS, -1, 0);
    const address = addressOf(pointer);
    // Mmap reports failure as (void *)-1.
    if (address === 0n || address === 0xffff_ffff_ffff_ffffn) throw new KernelRefusal('mmap', lastErrno());
    const bytes = view(pointer, size);
    return { address, bytes, free: () => void this.#libc.munmap(pointer, size) };
  }

  wakeup(): Wakeup {
    const fd = result(this.#libc.eventfd(0, EFD_CLOEXEC_NONBLOCK));
    if (fd < 0) throw new KernelRefusal('eventfd', -fd);
    const drain = new Uint8Array(8);
    return { fd: fd as Fd, handle: { kind: 'eventfd', fd }, clear: () => void this.read(fd, drain) };
  }

  now(): bigint {
    return process.hrtime.bigint();
  }
}
