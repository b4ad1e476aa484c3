// The simulated kernel, which now and then does what no kernel should: it refuses with any errno, returns counts and ids
// that cannot be, garbles what it delivers. All from one seed. It keeps account of what it delivered and what it was given.
import type { PollFd } from '../../src/kernel/kernel.ts';
import type { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { Random } from '../../src/scenario/random.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { PgfaultFlag } from '../../src/uapi/iommufd.ts';

export interface Hostility {
  seed: number;
  /** How often each call goes wrong, 0 to 1. */
  read: number;
  write: number;
  poll: number;
  ioctl: number;
  /** How often records are garbled. */
  records: number;
}

const RECORD = 40;
const ERRNOS = [1, 2, 4, 5, 9, 11, 12, 14, 16, 17, 19, 22, 25, 28, 29, 95, 133, 4_095];

const settle = (cookies: Map<number, number>, cookie: number): void =>
  void cookies.set(cookie, Math.max(0, (cookies.get(cookie) ?? 0) - 1));

export class HostileKernel extends SimKernel {
  readonly #hostility: Hostility;
  readonly #random: Random;
  /** Off while a test sets its scene. */
  hostile = false;
  calls = 0;
  /** Whole records in reads that returned a possible count. */
  delivered = 0;
  /** Rules of the game that the program broke. */
  readonly broken: string[] = [];
  /** By descriptor: how many groups each cookie was delivered for, and not answered since. One that lies gives it twice. */
  readonly #outstanding = new Map<number, Map<number, number>>();

  /** By descriptor and cookie: an answer was refused, since nobody has it. */
  readonly #refused = new Set<string>();

  constructor(clock: VirtualClock, hostility: Hostility, machine?: Machine) {
    super(machine ? { clock, machine } : { clock });
    this.#hostility = hostility;
    this.#random = new Random(hostility.seed);
  }

  #strikes(share: number): boolean {
    this.calls++;
    return this.hostile && this.#random.unit() < share;
  }

  #errno(): number {
    return -this.#random.pick(ERRNOS);
  }

  /** What others do with it, to whom it does not lie. */
  honestly<T>(act: () => T): T {
    const { hostile } = this;
    this.hostile = false;
    try {
      return act();
    } finally {
      this.hostile = hostile;
    }
  }

  override read(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const isQueue = bytes.byteLength >= RECORD;
    if (isQueue && this.#strikes(this.#hostility.read)) {
      const anything = [this.#errno(), this.#errno(), 0, 1, 39, 41, bytes.byteLength + RECORD, 2 ** 31 - 8];
      const result = this.#random.pick(anything);
      if (this.#random.unit() < 0.5) for (let i = 0; i < 200; i++) bytes[i] = this.#random.between(0, 255);
      return result;
    }
    let read = super.read(fd, bytes, count);
    if (!isQueue || read <= 0) return read;
    if (this.#strikes(this.#hostility.records)) read = this.#garble(bytes, read);
    this.#deliver(fd, bytes, read);
    return read;
  }

  /** Groups without an end, cookies twice, bits that mean nothing, part of a group. */
  #garble(bytes: Uint8Array, read: number): number {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const unit = () => this.#random.unit();
    const below = (limit: number) => this.#random.between(0, limit - 1);
    for (let at = 0; at < read; at += RECORD) {
      if (unit() < 0.5) view.setUint32(at, below(2 ** 32), true);
      if (unit() < 0.2) view.setUint32(at + 4, below(2 ** 32), true);
      if (unit() < 0.2) view.setUint32(at + 8, below(2 ** 32), true);
      if (unit() < 0.2) view.setUint32(at + 16, below(2 ** 32), true);
      if (unit() < 0.2) view.setBigUint64(at + 24, (1n << 64n) - 1n - BigInt(below(5)), true);
      if (unit() < 0.2) view.setUint32(at + 36, below(4), true);
    }
    const records = read / RECORD;
    return unit() < 0.3 ? (1 + below(records)) * RECORD : read;
  }

  #deliver(fd: number, bytes: Uint8Array, read: number): void {
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    const cookies = this.#outstanding.get(fd) ?? new Map<number, number>();
    this.#outstanding.set(fd, cookies);
    let before: number | null = null;
    for (let at = 0; at < read; at += RECORD) {
      const cookie = view.getUint32(at + 36, true);
      // The one before it that bore it is gone.
      if (cookie !== before && this.#refused.delete(`${fd}/${cookie}`)) settle(cookies, cookie);
      if (cookie !== before) cookies.set(cookie, (cookies.get(cookie) ?? 0) + 1);
      before = (view.getUint32(at, true) & PgfaultFlag.LAST_PAGE) !== 0 ? null : cookie;
    }
    this.delivered += read / RECORD;
  }

  override write(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const cookies = this.#outstanding.get(fd);
    if (!cookies) return super.write(fd, bytes, count);
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    for (let at = 0; at < count; at += 8) {
      const cookie = view.getUint32(at, true);
      if (!cookies.get(cookie)) this.broken.push(`cookie ${cookie} was answered, which is not outstanding`);
      if (view.getUint32(at + 4, true) > 1) this.broken.push(`code ${view.getUint32(at + 4, true)}`);
    }
    if (this.#strikes(this.#hostility.write)) {
      return this.#random.pick([this.#errno(), this.#errno(), 0, 4, count + 8, count - 4, 2 ** 31 - 8]);
    }
    const written = super.write(fd, bytes, count);
    // One that was refused may be tried again only until its cookie is given to another group.
    if (written === -Errno.EINVAL) this.#refused.add(`${fd}/${view.getUint32(0, true)}`);
    for (let at = 0; at < written; at += 8) settle(cookies, view.getUint32(at, true));
    return written;
  }

  override poll(fds: PollFd[], timeoutMs: number): number {
    if (this.#strikes(this.#hostility.poll)) {
      const unit = () => this.#random.unit();
      const below = (limit: number) => this.#random.between(0, limit - 1);
      for (const fd of fds) fd.revents = unit() < 0.5 ? below(2 ** 16) : 0;
      return this.#random.pick([this.#errno(), fds.filter(({ revents }) => revents !== 0).length, fds.length + 3]);
    }
    return super.poll(fds, timeoutMs);
  }

  override ioctl(fd: number, request: number, arg: Uint8Array): number {
    if (!this.#strikes(this.#hostility.ioctl)) return super.ioctl(fd, request, arg);
    const unit = () => this.#random.unit();
    const below = (limit: number) => this.#random.between(0, limit - 1);
    if (unit() < 0.5) return this.#errno();
    const result = super.ioctl(fd, request, arg);
    for (let at = 4; at + 4 <= arg.byteLength; at += 4) {
      if (unit() < 0.4)
        new DataView(arg.buffer, arg.byteOffset).setUint32(at, this.#random.pick([0, below(2 ** 32)]), true);
    }
    return unit() < 0.1 ? below(1_000) : result;
  }
}
