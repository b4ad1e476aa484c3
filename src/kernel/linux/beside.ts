// A write that may never return, made by a separate process. A thread that is blocked in the kernel can be neither ended nor
// abandoned: process.exit() waits for it, and so does our parent. A child can be left behind.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Errno } from '../../uapi/errno.ts';
import { KernelRefusal, type SlowWrite } from '../kernel.ts';
import { declare, result } from './libc.ts';

const O_CLOEXEC = 0o2000000;
const O_NONBLOCK = 0o4000;
/** The child's first message. */
const READY = 'ready\n';
/**
 * The end of stdin without a byte says that the write is cancelled: nothing is written. Node's errno is negative,
 * as a system call's is.
 */
const CODE = `
const { constants, openSync, readSync, writeSync } = require('node:fs');
writeSync(1, ${JSON.stringify(READY)});
if (readSync(0, Buffer.alloc(1)) === 1) {
  let result = 0;
  try { writeSync(openSync(process.argv[1], constants.O_WRONLY), process.argv[2]); } catch ({ errno }) { result = errno ?? -5; }
  writeSync(1, result + '\\n');
}
`;

const pipe2 = declare('int pipe2(_Out_ int *fds, int flags)');
const read = declare('long read(int fd, void *buf, size_t count)');
const write = declare('long write(int fd, const void *buf, size_t count)');

/** Throws KernelRefusal. */
function pipe(flags: number): [from: number, to: number] {
  const fds = new Int32Array(2);
  const rc = result(pipe2(fds, flags));
  if (rc < 0) throw new KernelRefusal('pipe2', -rc);
  const [from = -1, to = -1] = fds;
  return [from, to];
}

class ChildWrite implements SlowWrite {
  readonly pid: number | null;
  /** null: closed. */
  #from: number | null;
  #to: number | null;
  #said = '';
  #result: number | null = null;

  constructor(from: number, to: number, pid: number | null) {
    this.#from = from;
    this.#to = to;
    this.pid = pid;
  }

  isReady(): boolean {
    return this.result() !== null || this.#said.startsWith(READY);
  }

  go(): void {
    // Nobody reads: it has ended, and `result` says so.
    if (this.#to !== null) write(this.#to, Uint8Array.of(1), 1);
    this.#closeTo();
  }

  cancel(): void {
    this.#closeTo();
    this.#closeFrom();
  }

  result(): number | null {
    if (this.#result !== null || this.#from === null) return this.#result;
    const bytes = new Uint8Array(32);
    const count = result(read(this.#from, bytes, bytes.byteLength));
    if (count === -Errno.EAGAIN || count === -Errno.EINTR) return null;
    this.#said += new TextDecoder().decode(bytes.subarray(0, Math.max(count, 0)));
    const [, errno] = /^ready\n(-?\d+)\n/.exec(this.#said) ?? [];
    if (errno === undefined && count > 0) return null;
    // Without a message: it could not be started, or was killed.
    this.#result = errno === undefined ? -Errno.EIO : Number(errno);
    this.cancel();
    return this.#result;
  }

  #closeTo(): void {
    if (this.#to !== null) closeSync(this.#to);
    this.#to = null;
  }

  #closeFrom(): void {
    if (this.#from !== null) closeSync(this.#from);
    this.#from = null;
  }
}

const never = (errno: number): SlowWrite => ({
  pid: null,
  isReady: () => true,
  go: () => {},
  cancel: () => {},
  result: () => errno,
});

/** Starts the writer, which waits for `go`. */
export function writeBeside(path: string, text: string): SlowWrite {
  const open: number[] = [];
  try {
    // The child blocks for `go`; we never block for its messages.
    const [stdin, to] = pipe(O_CLOEXEC);
    open.push(stdin, to);
    const [from, stdout] = pipe(O_CLOEXEC | O_NONBLOCK);
    open.push(from, stdout);
    const { NODE_OPTIONS: _, ...env } = process.env;
    // Detached: a Ctrl-C is for us.
    const child = spawn(process.execPath, ['-e', CODE, '--', path, text], {
      detached: true,
      env,
      cwd: '/',
      stdio: [stdin, stdout, 'ignore'],
    });
    child.on('error', () => {});
    child.unref();
    open.splice(0, open.length, stdin, stdout);
    return new ChildWrite(from, to, child.pid ?? null);
  } catch (error) {
    if (error instanceof KernelRefusal) return never(-error.errno);
    // E2BIG and the like; others come as an event, like a child without a message (ChildProcess.prototype.spawn).
    const { errno } = error as NodeJS.ErrnoException;
    if (errno === undefined) throw error;
    return never(errno);
  } finally {
    for (const fd of open) closeSync(fd);
  }
}
