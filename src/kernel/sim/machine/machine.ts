// A simulated host: its devices behind their IOMMUs, with sysfs, procfs and /dev as a kernel shows them.

import { Errno } from '../../../uapi/errno.ts';
import { ifRefused } from '../../kernel.ts';
import { LowestFree } from '../lowest-free.ts';
import { MockDev } from '../mock-device.ts';
import { SimVfioDevice } from '../vfio.ts';
import { AmdDriver } from './amd.ts';
import { Binding } from './binding.ts';
import { DEFAULT_MACHINE } from './default.ts';
import type { HostDriver } from './driver-base.ts';
import { addDriver } from './driver-files.ts';
import { SimFiles } from './files.ts';
import { addFirmware } from './firmware.ts';
import type { HostDevice } from './host-device.ts';
import { addGroup, addIommu } from './iommu-files.ts';
import { addPciFiles } from './pci-files.ts';
import { addPlatformFiles } from './platform-files.ts';
import { addProc, hasVfio, pathOf, selfOf } from './procfs.ts';
import { SmmuDriver } from './smmuv3.ts';
import type { DriverSpec, MachineSpec } from './spec.ts';
import { relative } from './sysfs.ts';
import { devicesOf } from './topology.ts';
import { Uses, usesOf } from './uses.ts';
import { addVfioFiles, isVfio, removeVfioFiles } from './vfio-files.ts';
import { addVfioPciModule, probeVfioPci } from './vfio-pci.ts';
import { VtdDriver } from './vtd.ts';

/** The driver that the machine starts with, which makes the device usable. */
const isOwn = ({ spec }: HostDevice, { name }: DriverSpec): boolean => name === spec.driver && !/^vfio-/.test(name);

const UNSAFE_INTERRUPTS = '/sys/module/iommufd/parameters/allow_unsafe_interrupts';

export class Machine {
  readonly files: SimFiles;
  readonly spec: MachineSpec;
  readonly #devices: readonly HostDevice[];
  readonly #drivers = new Map<HostDevice, HostDriver>();
  readonly #vfio = new Map<number, SimVfioDevice>();
  readonly #numbers = new LowestFree(0);
  readonly #uses: Uses;
  #unsafeInterrupts: boolean;
  readonly #log: string[] = [];

  /** The machine that comes with the program, with `changes` applied. */
  constructor(changes: Partial<MachineSpec> = {}) {
    this.spec = { ...DEFAULT_MACHINE, ...changes };
    this.files = new SimFiles(this.spec.uid);
    this.#unsafeInterrupts = this.spec.unsafeInterrupts;
    this.#uses = new Uses(this.files, selfOf(this.spec));
    this.#devices = devicesOf(this.spec);
    for (const device of this.#devices) this.#probeIommu(device);
    this.#addFiles();
  }

  /** What the kernel has printed about its devices, as in dmesg. */
  get log(): readonly string[] {
    return this.#log;
  }

  /** RLIMIT_MEMLOCK in bytes, where there is a limit. */
  get memlock(): number | undefined {
    return this.spec.memlock ?? undefined;
  }

  /** What /dev/vfio/devices/vfioN is, if it is there. */
  vfioDevice(number: number): SimVfioDevice | undefined {
    return this.spec.nodes.cdev ? this.#vfio.get(number) : undefined;
  }

  /** open(2) for reading and writing: 0, or the negative errno. */
  mayOpen(path: string): number {
    const isFree = (mode: number): boolean => this.files.uid === 0 || (mode & 0o006) === 0o006;
    const open = (): number => (isFree(this.files.status(path).mode) ? 0 : -Errno.EACCES);
    return ifRefused(open, ({ errno }) => -errno);
  }

  /** /proc/self/fd: what is open, by number. */
  showDescriptors(paths: () => ReadonlyMap<number, string>): void {
    const links = () => [...paths()].map(([fd, path]) => [`${fd}`, path] as const);
    this.files.addLinks(`/proc/${selfOf(this.spec)}/fd`, links, 0o500, this.spec.uid);
  }

  /** The PID of the process that waits in a driver: the kernel function it waits in is in /proc. */
  readonly waiter = 4_300;

  /** Whether a write of an attribute has not returned `afterNs` nanoseconds after it began. */
  blocks(path: string, text: string, afterNs: bigint): boolean {
    if (!path.endsWith('/unbind')) return false;
    const device = this.#devices.find(({ spec, driver }) => driver && spec.address === text.trim());
    if (!device) return false;
    // vfio_unregister_group_dev()
    if (device.vfio) return device.vfio.device.files > 0;
    const waits = usesOf(device).unbindWaits;
    if (!waits) return false;
    const over = waits.ms !== undefined && afterNs >= BigInt(waits.ms) * 1_000_000n;
    if (over) this.files.delete(`/proc/${this.waiter}`);
    else {
      this.files.add(`/proc/${this.waiter}/stack`, `[<0>] ${waits.in}+0x40/0x90\n[<0>] unbind_store+0x60/0x90\n`);
      this.files.add(`/proc/${this.waiter}/wchan`, waits.in);
    }
    return !over;
  }

  #probeIommu(device: HostDevice): void {
    const { iommu } = device;
    if (!iommu) return;
    const unsafe = () => this.#unsafeInterrupts;
    if (iommu.kind === 'intel') this.#drivers.set(device, new VtdDriver(device, iommu, unsafe));
    else if (iommu.kind === 'amd') this.#drivers.set(device, new AmdDriver(device, iommu, unsafe));
    else this.#drivers.set(device, new SmmuDriver(device, iommu, unsafe));
  }

  #addFiles(): void {
    const { files, spec } = this;
    const binding = new Binding(this.#devices, spec.drivers, {
      probe: (device, driver) => this.#probe(device, driver),
      remove: (device, driver) => this.#remove(device, driver),
    });
    for (const [i, device] of this.#devices.entries()) {
      const { bus } = device.spec;
      if (bus === 'pci') addPciFiles(files, device, binding, i);
      else addPlatformFiles(files, device, binding);
      files.addLink(`/sys/bus/${bus}/devices/${device.address}`, relative(`/sys/bus/${bus}/devices`, device.path));
    }
    for (const driver of spec.drivers) addDriver(files, driver, binding);
    for (const iommu of spec.iommus) addIommu(files, iommu, this.#devices);
    for (const group of new Set(this.#devices.flatMap(({ group }) => group ?? []))) addGroup(files, group);
    addProc(files, spec, (module) => (module === 'vfio_pci' ? this.#openOfVfioPci() : 0));
    addFirmware(files, spec);
    this.#addModules();
    for (const path of ['/sys/class/iommu', '/sys/kernel/iommu_groups', '/run']) {
      files.makeDirectories(path);
    }
    if (hasVfio(spec)) files.makeDirectories('/sys/class/vfio-dev');
    files.makeDirectories('/tmp', 0o1777);
    if (spec.nodes.iommu) files.add('/dev/iommu', { mode: 0o660, rdev: '10:262' }, 'character');
    files.add('/dev/vfio/vfio', { mode: 0o666, rdev: '10:196' }, 'character');
    for (const device of this.#devices) {
      const driver = spec.drivers.find(({ name, bus }) => name === device.spec.driver && bus === device.spec.bus);
      if (driver) binding.attach(driver, device);
    }
    this.#openByOthers();
  }

  /** Each device that is open holds the module of its driver (vfio_df_device_first_open()). */
  #openOfVfioPci(): number {
    const open = this.#devices.filter(({ spec, vfio }) => {
      if (spec.bus !== 'pci' || !vfio) return false;
      return vfio.device.opened || vfio.device.groupOpened;
    });
    return open.length;
  }

  #addModules(): void {
    const { files } = this;
    for (const module of this.spec.modules) files.makeDirectories(`/sys/module/${module}`);
    addVfioPciModule(files, this.spec);
    if (!this.spec.modules.includes('iommufd') && this.spec.config.CONFIG_IOMMUFD !== 'y') return;
    files.add(UNSAFE_INTERRUPTS, {
      read: () => (this.#unsafeInterrupts ? 'Y\n' : 'N\n'),
      write: (text) => {
        if (!/^[yn01]/i.test(text)) return -Errno.EINVAL;
        this.#unsafeInterrupts = /^[y1]/i.test(text);
        return text.length;
      },
    });
  }

  /** vfio_pci_core_register_device(), vfio_register_group_dev(); other drivers take what is theirs. */
  #probe(device: HostDevice, driver: DriverSpec): number {
    const { spec, group } = device;
    if (isVfio(driver)) {
      if (spec.bus === 'pci') {
        const warn = (text: string) => this.#log.push(`${driver.name} ${device.address}: ${text}`);
        const rc = probeVfioPci(device, !this.spec.disableDenylist, warn);
        if (rc !== 0) return rc;
      }
      if (spec.bus === 'platform' && !spec.reset) return -Errno.ENOENT;
      const iommu = this.#drivers.get(device);
      if (!group || !iommu) return -Errno.EINVAL;
      const number = this.#numbers.take();
      const vfio = new SimVfioDevice(new MockDev(iommu), () => iommu.reset());
      vfio.groupOpened = group.opened;
      this.#vfio.set(number, vfio);
      device.vfio = { number, device: vfio };
      addVfioFiles(this.files, device, number, this.spec.nodes.cdev);
    }
    if (isOwn(device, driver)) this.#uses.add(device);
    this.files.addLink(`${device.path}/driver`, relative(device.path, `/sys/bus/${spec.bus}/drivers/${driver.name}`));
    const drivers = `/sys/bus/${spec.bus}/drivers/${driver.name}`;
    this.files.addLink(`${drivers}/${device.address}`, relative(drivers, device.path));
    return 0;
  }

  /** vfio_unregister_group_dev(), which waits until every file of the device is closed. */
  #remove(device: HostDevice, driver: DriverSpec): void {
    const { vfio, spec } = device;
    if (vfio) {
      if (vfio.device.files > 0) throw new Error(`unbinding ${device.address} would wait for ever: it is open`);
      device.vfio = undefined;
      this.#vfio.delete(vfio.number);
      this.#numbers.give(vfio.number);
      removeVfioFiles(this.files, device, vfio.number);
    }
    if (isOwn(device, driver)) this.#uses.remove(device);
    this.files.delete(`${device.path}/driver`);
    this.files.delete(`/sys/bus/${spec.bus}/drivers/${driver.name}/${device.address}`);
  }

  /** What other processes have open cannot be opened or owned by us. */
  #openByOthers(): void {
    for (const path of this.spec.processes.flatMap(({ fds }) => Object.values(fds).map(pathOf))) {
      for (const device of this.#devices) {
        if (device.vfio && path === `/dev/vfio/devices/vfio${device.vfio.number}`) {
          device.vfio.device.opened = true;
          device.vfio.device.files++;
        }
        if (device.vfio && device.group && path === `/dev/vfio/${device.group.number}`) {
          device.group.opened = true;
          device.vfio.device.groupOpened = true;
          device.vfio.device.files++;
        }
      }
    }
  }
}
