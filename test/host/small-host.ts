// A host of a few files, as sysfs and procfs lay them out.
import { SimFiles } from '../../src/kernel/sim/machine/files.ts';

/** The extended capabilities that matter, as their registers: [capability, control] or [control, status, capacity, allocation]. */
export interface Registers {
  ats?: readonly [capability: number, control: number];
  pasid?: readonly [capability: number, control: number];
  pri?: readonly [control: number, status: number, capacity: number, allocation: number];
}

/** Configuration space of an endpoint, 4096 bytes; capabilities stand at 0x100, 0x110 and 0x120. */
export function configSpace({ ats, pasid, pri }: Registers, length = 4096): Uint8Array {
  const bytes = new Uint8Array(4096);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x11fb_8086, true);
  const list: { id: number; write: (at: number) => void }[] = [];
  const pair = (at: number, [capability, control]: readonly [number, number]): void => {
    view.setUint16(at + 4, capability, true);
    view.setUint16(at + 6, control, true);
  };
  if (ats) list.push({ id: 0x0f, write: (at) => pair(at, ats) });
  if (pasid) list.push({ id: 0x1b, write: (at) => pair(at, pasid) });
  if (pri) {
    const [control, status, capacity, allocation] = pri;
    list.push({
      id: 0x13,
      write: (at) => {
        pair(at, [control, status]);
        view.setUint32(at + 8, capacity, true);
        view.setUint32(at + 12, allocation, true);
      },
    });
  }
  for (const [i, { id, write }] of list.entries()) {
    const at = 0x100 + 0x10 * i;
    const next = i + 1 < list.length ? at + 0x10 : 0;
    view.setUint32(at, id | (1 << 16) | (next << 20), true);
    write(at);
  }
  return bytes.slice(0, length);
}

/** PRI enabled and running, 32 of 512 requests, with PASIDs in responses. */
export const PRI_ON: Registers['pri'] = [1, 0x8000, 512, 32];
export const FULL: Registers = { ats: [0, 0x8000], pasid: [0x1400, 1], pri: PRI_ON };

/** PRS, PDS, DT, PASIDs of 20 bits, scalable mode, both stages, nested. */
export const ECAP =
  (1n << 29n) | (1n << 42n) | (1n << 2n) | (1n << 40n) | (19n << 35n) | (1n << 43n) | (3n << 46n) | (1n << 26n);

export interface SmallDevice {
  address?: string;
  bus?: string;
  driver?: string;
  override?: string;
  group?: number;
  iommu?: string;
  config?: Uint8Array;
  class?: string;
  vendor?: string;
  device?: string;
  revision?: string;
  physfn?: string;
  vfs?: readonly [now: number, most: number];
  /** vfioN; with a character device unless `cdev` is false. */
  vfio?: string;
  cdev?: boolean;
}

export class SmallHost {
  readonly files: SimFiles;

  constructor(uid = 0) {
    this.files = new SimFiles(uid);
    this.files.makeDirectories('/proc');
    this.files.makeDirectories('/dev/vfio');
    this.files.makeDirectories('/sys/bus');
  }

  intel(name = 'dmar0', ecap = ECAP): this {
    const path = `/sys/devices/virtual/iommu/${name}`;
    this.files.addLink(`/sys/class/iommu/${name}`, path);
    this.files.add(`${path}/intel-iommu/version`, '6:0\n');
    this.files.add(`${path}/intel-iommu/cap`, '19ed008c40780c66\n');
    this.files.add(`${path}/intel-iommu/ecap`, `${ecap.toString(16)}\n`);
    return this;
  }

  amd(name = 'ivhd0', features = '25bf732fa2295afe:1d'): this {
    const path = `/sys/devices/pci0000:00/0000:00:00.2/iommu/${name}`;
    this.files.addLink(`/sys/class/iommu/${name}`, path);
    this.files.add(`${path}/amd-iommu/cap`, '190b640f\n');
    this.files.add(`${path}/amd-iommu/features`, `${features}\n`);
    return this;
  }

  /** An IOMMU that is a platform device of its own. */
  platformIommu(name: string, driver: string): this {
    const parent = '/sys/devices/platform/arm-smmu-v3.0.auto';
    const path = `${parent}/iommu/${name}`;
    this.files.makeDirectories(path);
    this.files.addLink(`/sys/class/iommu/${name}`, path);
    this.files.addLink(`${path}/device`, parent);
    this.files.addLink(`${parent}/driver`, `/sys/bus/platform/drivers/${driver}`);
    return this;
  }

  /** Returns its directory. */
  device(spec: SmallDevice = {}): string {
    const { address = '0000:17:00.0', bus = 'pci', driver, override, group, iommu, physfn, vfio } = spec;
    const { files } = this;
    const path = bus === 'pci' ? `/sys/devices/pci0000:17/${address}` : `/sys/devices/${bus}/${address}`;
    files.makeDirectories(path);
    files.addLink(`/sys/bus/${bus}/devices/${address}`, path);
    files.addLink(`${path}/subsystem`, `/sys/bus/${bus}`);
    if (bus === 'pci') this.#pci(path, spec);
    if (driver !== undefined) files.addLink(`${path}/driver`, `/sys/bus/${bus}/drivers/${driver}`);
    if (override !== undefined) files.add(`${path}/driver_override`, `${override}\n`);
    if (physfn !== undefined) files.addLink(`${path}/physfn`, `../${physfn}`);
    if (iommu !== undefined) files.addLink(`${path}/iommu`, files.realPath(`/sys/class/iommu/${iommu}`));
    if (group !== undefined) this.#group(path, address, group);
    if (vfio !== undefined) this.#vfio(path, vfio, spec.cdev ?? true);
    return path;
  }

  #pci(path: string, spec: SmallDevice): void {
    const { files } = this;
    files.add(`${path}/vendor`, `0x${spec.vendor ?? '8086'}\n`);
    files.add(`${path}/device`, `0x${spec.device ?? '11fb'}\n`);
    files.add(`${path}/class`, `0x${spec.class ?? '088000'}\n`);
    files.add(`${path}/revision`, `0x${spec.revision ?? '00'}\n`);
    const config = spec.config ?? configSpace(FULL);
    // The kernel gives this class to nothing else (pci_setup_device()).
    if (spec.class?.startsWith('0604')) config[0x0e] = 1;
    files.add(`${path}/config`, { read: () => config, size: 4096 });
    const [now, most] = spec.vfs ?? [0, 0];
    if (most > 0) {
      files.add(`${path}/sriov_numvfs`, `${now}\n`);
      files.add(`${path}/sriov_totalvfs`, `${most}\n`);
    }
  }

  #group(path: string, address: string, group: number): void {
    const directory = `/sys/kernel/iommu_groups/${group}`;
    this.files.add(`${directory}/type`, 'DMA-FQ\n');
    this.files.addLink(`${directory}/devices/${address}`, path);
    this.files.addLink(`${path}/iommu_group`, directory);
  }

  #vfio(path: string, vfio: string, cdev: boolean): void {
    const directory = `${path}/vfio-dev/${vfio}`;
    this.files.makeDirectories(directory);
    this.files.addLink(`/sys/class/vfio-dev/${vfio}`, directory);
    this.files.addLink(`${directory}/device`, path);
    if (cdev) this.files.add(`${directory}/dev`, '251:0\n');
  }

  /** A process with links from descriptors to what is open. */
  process(pid: number, comm: string, fds: Record<number, string>): this {
    this.files.add(`/proc/${pid}/comm`, `${comm}\n`);
    this.files.add(`/proc/${pid}/stat`, `${pid} (${comm}) S\n`);
    this.files.makeDirectories(`/proc/${pid}/fd`);
    for (const [fd, to] of Object.entries(fds)) this.files.addLink(`/proc/${pid}/fd/${fd}`, to);
    return this;
  }

  /** Descriptors of a process that is somebody else's. */
  hidden(pid: number): this {
    this.files.add(`/proc/${pid}/stat`, `${pid} (init) S\n`);
    this.files.makeDirectories(`/proc/${pid}/fd`, 0o500);
    return this;
  }
}
