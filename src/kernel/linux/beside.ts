// A write that may never return, made by a process of its own. A thread that is blocked in the kernel can be neither ended nor
// left: process.exit() waits for it, and so does whoever waits for this process. A child can be left behind.
import { spawn } from 'node:child_process';
import { closeSync } from 'node:fs';
import { Errno } from '../../uapi/errno.ts';
import { KernelRefusal, type SlowWrite } from '../kernel.ts';
import { declare, result } from './libc.ts';

const O_CLOEXEC_NONBLOCK = 0o2004000;
/** Node's errno is negative, as a system call's is. */
const CODE = `
const { constants, openSync, writeSync } = require('node:fs');
let result = 0;
try { writeSync(openSync(process.argv[1], constants.O_WRONLY), process.argv[2]); } catch ({ errno }) { result = errno ?? -5; }
writeSync(1, result + '\\n');
`;

const pipe2 = declare('int pipe2(_Out_ int *fds, int flags)');
const read = declare('long read(int fd, void *buf, size_t count)');

class ChildWrite implements SlowWrite {
  readonly pid: number | null;
  readonly #fd: number;
  #result: number | null = null;

  constructor(fd: number, pid: number | null) {
    this.#fd = fd;
    this.pid = pid;
  }

  result(): number | null {
    if (this.#result !== null) return this.#result;
    const bytes = new Uint8Array(16);
    const count = result(read(this.#fd, bytes, bytes.byteLength));
    if (count === -Errno.EAGAIN || count === -Errno.EINTR) return null;
    // Without a word: it could not be started, or was killed.
    this.#result = count <= 0 ? -Errno.EIO : Number.parseInt(new TextDecoder().decode(bytes.subarray(0, count)), 10);
    closeSync(this.#fd);
    return this.#result;
  }
}

/** Throws KernelRefusal where there are no descriptors left for it. */
export function writeBeside(path: string, text: string): SlowWrite {
  const fds = new Int32Array(2);
  const rc = result(pipe2(fds, O_CLOEXEC_NONBLOCK));
  if (rc < 0) throw new KernelRefusal('pipe2', -rc);
  const [from = -1, to = -1] = fds;
  const { NODE_OPTIONS: _, ...env } = process.env;
  // Detached: a Ctrl-C is for us.
  const child = spawn(process.execPath, ['-e', CODE, '--', path, text], {
    detached: true,
    env,
    cwd: '/',
    stdio: ['ignore', to, 'ignore'],
  });
  child.on('error', () => {});
  child.unref();
  closeSync(to);
  return new ChildWrite(from, child.pid ?? null);
}
