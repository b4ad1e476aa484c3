// The simulated kernel: the system calls of the Kernel port over descriptors, contexts and mock devices.

import type { DeviceBehaviour } from '../../scenario/behaviour.ts';
import { Errno } from '../../uapi/errno.ts';
import type { DevId, Fd } from '../../uapi/ids.ts';
import { PageResponse, type PageResponseCode } from '../../uapi/iommufd.ts';
import { MockDeviceFlag } from '../../uapi/selftest.ts';
import type { Files } from '../files.ts';
import { type Kernel, type PollFd, refusalOf, type SlowWrite, type UserMemory, type Wakeup } from '../kernel.ts';
import { Bus } from './bus.ts';
import { RealClock, type SimClock } from './clock.ts';
import { type Features, IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import { FdTable, OpenFile } from './files.ts';
import { iommufdIoctl } from './ioctls.ts';
import { labFiles } from './machine/lab-files.ts';
import type { Machine } from './machine/machine.ts';
import { AddressSpace } from './memory.ts';
import { MockDev } from './mock-device.ts';
import { MockDriver } from './mock-driver.ts';
import { pollFiles } from './poll-files.ts';
import { SimVfioDevice, VfioFile } from './vfio.ts';
import { WakeupFile } from './wakeup-file.ts';

export interface SimOptions {
  /** Default: the machine's clock. */
  clock?: SimClock;
  /** No /dev/iommu: ENOENT. */
  absent?: boolean;
  /** /dev/iommu is not for us: EACCES. */
  noPermission?: boolean;
  /** A kernel without CONFIG_IOMMUFD_TEST: IOMMU_TEST_CMD is ENOTTY. */
  noSelftest?: boolean;
  /** A kernel before 6.11: IOMMU_FAULT_QUEUE_ALLOC is ENOTTY. */
  noFaultQueue?: boolean;
  /** As on 6.11 and 6.12: a fault id or PASID flag on a paging HWPT is EOPNOTSUPP. */
  noPagingFault?: boolean;
  /** The lab's edit of TRIGGER_IOPF (LAB_PERM_PARTIAL). Default true. */
  partialTrigger?: boolean;
  /** RLIMIT_MEMLOCK in bytes, as for a user without CAP_IPC_LOCK: mapping more is ENOMEM. Default: no limit. */
  memlock?: number;
  /** RLIMIT_NOFILE, of what is opened and duplicated: EMFILE. Default: no limit. */
  descriptors?: number;
  /** The lab's /dev/vfio/devices/vfio0 (no PASIDs) and vfio1 (PASIDs). Default true. */
  vfio?: boolean;
  /**
   * A host with an IOMMU in place of the lab: its files, its VFIO devices, its limits; and no selftest unless
   * `noSelftest` is false.
   */
  machine?: Machine;
}

const ACCESS_MODE = 3;
const IOMMU = '/dev/iommu';
const VFIO = '/dev/vfio/devices/vfio';

export class SimKernel implements Kernel {
  readonly name = 'sim';
  readonly files: Files;
  /** Only the running kernel has other processes. */
  readonly processes = null;
  readonly sockets = null;
  readonly #clock: SimClock;
  readonly #options: SimOptions;
  readonly #features: Features;
  readonly #memory: AddressSpace;
  readonly #fds = new FdTable();
  readonly #contexts: IommufdContext[] = [];
  readonly #vfio: (number: number) => SimVfioDevice | undefined;
  readonly #bus: Bus;

  constructor(options: SimOptions = {}) {
    this.#options = options;
    const { machine } = options;
    this.#memory = new AddressSpace(options.memlock ?? machine?.memlock);
    this.#clock = options.clock ?? new RealClock();
    this.#features = {
      selftest: !(options.noSelftest ?? machine !== undefined),
      faultQueue: !options.noFaultQueue,
      pagingFault: !options.noPagingFault,
      partialTrigger: options.partialTrigger ?? true,
    };
    const flags = (options.vfio ?? true) ? [0, MockDeviceFlag.PASID] : [];
    const lab = flags.map((f) => new SimVfioDevice(new MockDev(new MockDriver(f))));
    this.#vfio = machine ? (number) => machine.vfioDevice(number) : (number) => lab[number];
    this.files = machine?.files ?? labFiles(lab.length);
    machine?.showDescriptors(() => this.#fds.paths);
    this.#bus = new Bus(this.#clock);
  }

  now(): bigint {
    return this.#clock.now();
  }

  open(path: string, flags: number): number {
    const { machine } = this.#options;
    const refused = machine?.mayOpen(path) ?? 0;
    if (refused !== 0) return refused;
    if (this.#noneLeft) return -Errno.EMFILE;
    if (path === IOMMU) return this.#openIommu(flags);
    if (!path.startsWith(VFIO)) return -Errno.ENOENT;
    const number = path.slice(VFIO.length);
    const device = /^\d+$/.test(number) ? this.#vfio(Number(number)) : undefined;
    if (!device) return -Errno.ENOENT;
    return this.#fds.install(new OpenFile(new VfioFile(device, this.#fds, path), flags & ACCESS_MODE));
  }

  /**
   * Blocks while the machine's driver waits for its users (`unbindWaits`, open VFIO files): it is done when they have ended.
   */
  writeBeside(path: string, text: string): SlowWrite {
    let begun: bigint | null = null;
    const write = (): number => {
      const refused = refusalOf(() => this.files.write(path, text));
      return refused ? -refused.errno : 0;
    };
    let result: number | null = null;
    return {
      pid: this.#options.machine?.waiter ?? null,
      isReady: () => true,
      go: () => {
        begun ??= this.now();
      },
      cancel: () => {},
      result: () => {
        if (begun === null || this.#options.machine?.blocks(path, text, this.now() - begun)) return null;
        result ??= write();
        return result;
      },
    };
  }

  get #noneLeft(): boolean {
    return this.#fds.size >= (this.#options.descriptors ?? Number.POSITIVE_INFINITY);
  }

  #openIommu(flags: number): number {
    if (this.#options.absent) return -Errno.ENOENT;
    if (this.#options.noPermission) return -Errno.EACCES;
    const kernel = {
      memory: this.#memory,
      features: this.#features,
      fds: this.#fds,
      ioctl: iommufdIoctl,
      onRelease: (gone: IommufdContext) => void this.#contexts.splice(this.#contexts.indexOf(gone), 1),
    };
    const ctx = new IommufdContext(kernel, flags & ACCESS_MODE);
    this.#contexts.push(ctx);
    return this.#fds.install(ctx.file);
  }

  close(fd: number): number {
    return this.#fds.close(fd);
  }

  /** The end of the process: closes every descriptor, with all that follows from it for the devices. */
  closeAll(): void {
    this.#fds.closeAll();
  }

  dup(fd: number): number {
    const file = this.#fds.get(fd);
    if (!file) return -Errno.EBADF;
    return this.#noneLeft ? -Errno.EMFILE : this.#fds.install(file.get());
  }

  ioctl(fd: number, request: number, arg: Uint8Array): number {
    const file = this.#fds.get(fd);
    if (!file) return -Errno.EBADF;
    return file.ops.ioctl ? file.ops.ioctl(request, arg) : -Errno.ENOTTY;
  }

  read(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const file = this.#fds.get(fd);
    if (!file?.readable) return -Errno.EBADF;
    return file.ops.read ? file.ops.read(bytes, count) : -Errno.EINVAL;
  }

  write(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
    const file = this.#fds.get(fd);
    if (!file?.writable) return -Errno.EBADF;
    return file.ops.write ? file.ops.write(bytes, count) : -Errno.EINVAL;
  }

  pread(fd: number, _bytes: Uint8Array, _count: number, position: number): number {
    return this.#positioned(fd, position, (file) => file.readable);
  }

  pwrite(fd: number, _bytes: Uint8Array, _count: number, position: number): number {
    return this.#positioned(fd, position, (file) => file.writable);
  }

  /** ksys_pread64(), ksys_pwrite64(): no file here takes a position. */
  #positioned(fd: number, position: number, permitted: (file: OpenFile) => boolean): number {
    if (position < 0) return -Errno.EINVAL;
    const file = this.#fds.get(fd);
    if (!file) return -Errno.EBADF;
    if (!file.ops.seekable) return -Errno.ESPIPE;
    return permitted(file) ? -Errno.EINVAL : -Errno.EBADF;
  }

  poll(fds: PollFd[], timeoutMs: number): number {
    return pollFiles({ fds: this.#fds, bus: this.#bus, clock: this.#clock }, fds, timeoutMs);
  }

  memory(length: number): UserMemory {
    return this.#memory.map(length);
  }

  wakeup(): Wakeup {
    const file = new WakeupFile();
    const fd = this.#fds.install(new OpenFile(file, 2)) as Fd;
    return { fd, handle: { kind: 'shared', cell: file.buffer }, clear: () => file.clear() };
  }

  /**
   * Puts a device that behaves behind `devId`: poll() lets it raise faults when they are due, and it gets the answers.
   * `iommufd` names the context where several are open (default: the first that has such a device). Returns a function
   * that takes it away again. Throws RangeError where there is no such device.
   */
  attachBehaviour(devId: DevId, behaviour: DeviceBehaviour, iommufd?: Fd): () => void {
    return this.#bus.attach(this.#device(devId, iommufd).dev, behaviour);
  }

  /**
   * Binds the address space of a process to `pasid` of the device (SVA): the kernel answers its faults itself, with
   * `code` (default SUCCESS), and they never reach a fault queue. Throws RangeError where there is no such device;
   * otherwise returns 0 or the negative errno of iommu_sva_bind_device().
   */
  bindSva(devId: DevId, pasid: number, code: PageResponseCode = PageResponse.SUCCESS, iommufd?: Fd): number {
    return this.#device(devId, iommufd).dev.bindSva(pasid, code);
  }

  unbindSva(devId: DevId, pasid: number, iommufd?: Fd): void {
    this.#device(devId, iommufd).dev.unbindSva(pasid);
  }

  #device(devId: DevId, iommufd: Fd | undefined): IommufdDevice {
    const only = iommufd === undefined ? undefined : this.#fds.get(iommufd)?.ops;
    for (const ctx of this.#contexts) {
      if (only !== undefined && ctx !== only) continue;
      const device = ctx.objects.get(devId, IommufdDevice);
      if (device) return device;
    }
    throw new RangeError(`no device with id ${devId} is bound`);
  }
}
