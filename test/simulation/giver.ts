// Somebody who hands its fault queues over: a device of its own that faults, an HWPT for it, queues, and a connection.
import type { Attachable } from '../../src/iommufd/attachable.ts';
import { IommufdError } from '../../src/iommufd/error.ts';
import { type FaultQueue, READ_BYTES } from '../../src/iommufd/fault-queue.ts';
import { type Hwpt, Iommufd } from '../../src/iommufd/iommufd.ts';
import { MockDevice } from '../../src/iommufd/mock-device.ts';
import { VfioDevice } from '../../src/iommufd/vfio-device.ts';
import type { Random } from '../../src/scenario/random.ts';
import type { IoasId } from '../../src/uapi/ids.ts';
import {
  iommuHwptPageResponse,
  iommuHwptPgfault,
  PageResponse,
  type PageResponseCode,
  PgfaultFlag,
} from '../../src/uapi/iommufd.ts';
import { hears } from '../helpers/hears.ts';
import type { Connection, Handed, PlayedSockets } from './played-sockets.ts';
import type { RecordingKernel } from './recorder.ts';

const PASID = 1;
const MOST_QUEUES = 4;
const QUEUE_LINK = 'anon_inode:[iommufd-pgfault]';

interface Lent {
  readonly queue: FaultQueue;
  readonly handed: Handed;
  readonly hwpt: Hwpt;
  /** Ours for it; null: it is not handed over. */
  number: number | null;
  /** What it has read itself and not answered. */
  readonly read: number[];
}

export class Giver {
  readonly name: string;
  readonly #pid: number;
  readonly #random: Random;
  readonly #sockets: PlayedSockets;
  readonly #iommufd: Iommufd;
  readonly #ioasId: IoasId;
  readonly #device: Attachable;
  /** null: a selftest device, which has no descriptor. */
  readonly #deviceFile: Handed | null;
  readonly #iommufdFile: Handed;
  readonly #pasids: (number | null)[];
  readonly #queues: Lent[] = [];
  readonly #nextGrpid: () => number;
  readonly #behind: (number: number) => Handed | undefined;
  /** Groups of its device that are not answered. */
  readonly waiting = new Set<number>();
  #lastCode: PageResponseCode | null = null;
  #connection: Connection | null = null;
  #said = 0;
  #heard = 0;
  /** Whenever it handed its device over it told the HWPT, so that we could attach it there again. */
  #told = true;
  /** It has changed what its device is attached to while that was lent. */
  #meddled = false;
  alive = true;
  /** What it saw that must not be. */
  readonly broken: string[] = [];

  /** `behind`: the file behind a queue by our number for it. `vfio`: the number of its VFIO device; null: it has a selftest device. */
  constructor(
    kernel: RecordingKernel,
    sockets: PlayedSockets,
    random: Random,
    vfio: number | null,
    { nextGrpid, behind }: { nextGrpid: () => number; behind: (queue: number) => Handed | undefined },
  ) {
    this.name = vfio === null ? 'tool' : `vmm${vfio}`;
    this.#pid = 4_000 + (vfio ?? 9);
    this.#random = random;
    this.#sockets = sockets;
    this.#nextGrpid = nextGrpid;
    this.#behind = behind;
    const iommufd = Iommufd.open(kernel.ofOthers);
    this.#iommufd = iommufd;
    this.#iommufdFile = { fd: iommufd.fd, link: '/dev/iommu' };
    this.#ioasId = iommufd.allocIoas();
    const path = `/dev/vfio/devices/vfio${vfio}`;
    const device = vfio === null ? MockDevice.create(iommufd, this.#ioasId, false) : VfioDevice.open(iommufd, path);
    this.#device = device;
    this.#deviceFile = device instanceof VfioDevice ? { fd: device.fd, link: path } : null;
    const heard = hears(({ grpid, code }) => {
      if (this.waiting.delete(grpid)) this.#lastCode = code;
    });
    kernel.attachBehaviour(device.devId, heard, iommufd.fd);
    this.#pasids = vfio === 1 ? [null, PASID] : [null];
    this.#open();
    for (const pasid of this.#pasids) this.#attach(pasid, this.#queues[0] as Lent);
  }

  /** Another queue, with an HWPT that delivers to it. */
  #open(): Lent {
    const iommufd = this.#iommufd;
    const queue = iommufd.allocFaultQueue();
    const pasid = this.#pasids.includes(PASID);
    const hwpt = iommufd.allocPagingHwpt({
      devId: this.#device.devId,
      ioasId: this.#ioasId,
      faultId: queue.id,
      pasid,
    });
    const lent = { queue, handed: { fd: queue.fd, link: QUEUE_LINK }, hwpt, number: null, read: [] };
    this.#queues.push(lent);
    return lent;
  }

  #attach(pasid: number | null, { hwpt }: Lent): void {
    this.#device.replace(pasid, hwpt.id);
  }

  get connected(): boolean {
    return this.#connection?.open === true;
  }

  /** Its device faults. */
  fault(): void {
    const pasid = this.#random.pick(this.#pasids);
    for (let left = this.#random.between(1, 30); left > 0; left--) this.#trigger(pasid);
  }

  #trigger(pasid: number | null): number {
    const grpid = this.#nextGrpid();
    this.waiting.add(grpid);
    const value = { grpid, perm: 1, addr: BigInt(grpid) << 12n };
    this.#device.trigger(pasid === null ? value : { ...value, pasid });
    return grpid;
  }

  /** It connects and hands over a queue, with or without what belongs to it. */
  connect(): void {
    const random = this.#random;
    const device = this.#deviceFile;
    this.#connection = this.#sockets.join(this.#pid);
    if (!this.#connection) return;
    this.#connection.onAnswer = (text) => this.#answered(text);
    const lent = this.#queues[0] as Lent;
    const files = [lent.handed];
    const message: Record<string, unknown> = { 'iopftop-handover': 1, name: this.name };
    message.queues = [random.unit() < 0.7 ? { fd: 0, faultId: lent.queue.id } : { fd: 0 }];
    if (device && random.unit() < 0.8) {
      files.push(this.#iommufdFile, device);
      message.iommufd = 1;
      const told = random.unit() < 0.8;
      this.#told &&= told;
      const hwpt = told ? { hwptId: lent.hwpt.id, ioasId: this.#ioasId } : {};
      message.devices = [{ fd: 2, devId: this.#device.devId, ...hwpt }];
    }
    this.#say(message, files);
  }

  #say(message: object | string, files: readonly Handed[] = []): void {
    if (this.#connection?.send(typeof message === 'string' ? message : JSON.stringify(message), files)) this.#said++;
  }

  /** It hands over one more queue, new or taken back before. */
  add(): void {
    const free = this.#queues.find(({ handed }) => !this.#sockets.has(handed));
    const lent = free ?? (this.#queues.length < MOST_QUEUES ? this.#open() : null);
    if (lent) this.#say({ cmd: 'add', queues: [{ fd: 0, faultId: lent.queue.id }] }, [lent.handed]);
  }

  /** It wants one back. */
  release(): void {
    const lent = this.#queues.filter(({ number }) => number !== null);
    this.#say({ cmd: 'release', queue: lent.length > 0 ? this.#random.pick(lent).number : 99 });
  }

  junk(): void {
    const said = ['', '{', '[]', '{"cmd":"status"}', '{"cmd":"add"}', '{"iopftop-handover":2}'];
    this.#say(this.#random.pick(said), this.#random.unit() < 0.3 ? [this.#iommufdFile] : []);
  }

  /** It reads what it was answered. */
  hear(): void {
    this.#connection?.readAnswers();
  }

  #answered(text: string): void {
    const { ok, queues, pid } = JSON.parse(text) as { ok: boolean; queues: number[]; pid?: number };
    if (++this.#heard > this.#said) this.broken.push(`${this.name} heard ${this.#heard} answers to ${this.#said}`);
    if (ok && pid === undefined) for (const number of queues) this.#numbered(number);
  }

  /** A queue was handed over, or has come back. */
  #numbered(number: number): void {
    const back = this.#queues.find((lent) => lent.number === number);
    if (back && this.#sockets.has(back.handed)) this.broken.push(`queue ${number} was given back and is still open`);
    if (back) back.number = null;
    else for (const lent of this.#queues) if (lent.handed === this.#behind(number)) lent.number = number;
  }

  hangUp(): void {
    this.#connection?.hangUp();
    this.#forget();
  }

  #forget(): void {
    this.#connection = null;
    [this.#said, this.#heard] = [0, 0];
    for (const lent of this.#queues) lent.number = null;
  }

  /** It attaches its device to another HWPT of its own, or to none. */
  meddle(): void {
    this.#meddled = true;
    // The selftest driver has no way back from a replace of nothing.
    if (this.#deviceFile && this.#random.unit() < 0.3) this.#device.detach(null);
    else this.#attach(null, this.#random.pick(this.#queues));
  }

  /** It reads and answers itself what nobody else does. */
  serve(): void {
    for (const lent of this.#queues) {
      if (this.#sockets.has(lent.handed)) continue;
      const bytes = new Uint8Array(READ_BYTES);
      const count = lent.queue.read(bytes);
      for (let at = 0; at < count; at += iommuHwptPgfault.size) {
        const { cookie, flags } = iommuHwptPgfault.decode(bytes, at);
        if (flags & PgfaultFlag.LAST_PAGE) lent.read.push(cookie);
      }
      // Some of it later, or never.
      for (const cookie of lent.read.splice(0, this.#random.between(0, lent.read.length)))
        lent.queue.respond(iommuHwptPageResponse.encode({ cookie, code: PageResponse.SUCCESS }), 1);
    }
  }

  /** kill -9: what it had open is closed. */
  die(kernel: RecordingKernel): void {
    this.alive = false;
    this.#connection?.hangUp();
    this.#forget();
    const fds = [this.#deviceFile?.fd, ...this.#queues.map(({ queue }) => queue.fd), this.#iommufd.fd];
    for (const fd of fds) if (fd !== undefined) kernel.close(fd);
  }

  /** After we have ended: its device delivers to it again, unless we had to say that it does not; all can be destroyed. */
  settle(journal: string): void {
    if (!this.alive) return;
    try {
      for (const { queue } of this.#queues) queue.invalidateAll();
      const excused = new RegExp(`${this.#deviceFile?.link.split('/').at(-1)} stays (de|at)tached`).test(journal);
      if (this.#told && !this.#meddled && !excused) this.#tryDevice();
      for (const pasid of this.#pasids) this.#device.detach(pasid);
      this.#device.release();
      for (const { queue } of this.#queues) queue.closeFd();
      for (const { hwpt } of this.#queues) this.#iommufd.destroy(hwpt.id, 'HWPT');
      for (const { queue } of this.#queues) this.#iommufd.destroy(queue.id, 'fault object');
      this.#iommufd.destroy(this.#ioasId, 'IOAS');
      this.#iommufd.close();
    } catch (error) {
      if (!(error instanceof IommufdError)) throw error;
      this.broken.push(`${this.name}, once we had gone: ${error.message}`);
    }
  }

  #tryDevice(): void {
    const { queue } = this.#queues[0] as Lent;
    const grpid = this.#trigger(null);
    const bytes = new Uint8Array(READ_BYTES);
    const count = queue.read(bytes);
    const record = count > 0 ? iommuHwptPgfault.decode(bytes, 0) : null;
    if (record?.grpid !== grpid) {
      this.broken.push(`the device of ${this.name} does not deliver to it any more`);
      return;
    }
    queue.respond(iommuHwptPageResponse.encode({ cookie: record.cookie, code: PageResponse.SUCCESS }), 1);
    if (this.waiting.has(grpid) || this.#lastCode !== PageResponse.SUCCESS)
      this.broken.push(`the device of ${this.name} did not hear its answer`);
  }
}
