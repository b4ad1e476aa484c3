// What is done with a device while its own driver has it: disks that are mounted, interfaces that are up, nodes that are open.
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import { relative } from './sysfs.ts';
import type { DiskSpec, InterfaceSpec, QueueSpec, UsesSpec } from './uses-spec.ts';

/** IFF_UP and IFF_MULTICAST; IFF_BROADCAST and IFF_MULTICAST. */
const FLAGS = { up: '0x1003\n', down: '0x1002\n' } as const;
const SUBSYSTEM = '/sys/devices/virtual/nvme-subsystem/nvme-subsys';

export const usesOf = ({ spec }: HostDevice): UsesSpec => (spec.bus === 'pci' ? (spec.uses ?? {}) : {});

const partsOf = (disk: DiskSpec): DiskSpec[] => [disk, ...(disk.partitions ?? []).flatMap(partsOf)];

const queueParent = (name: string): string => `dsa${/\d+/.exec(name)?.[0] ?? 0}`;

/** The files of what devices are used for: they come and go with the device's own driver. */
export class Uses {
  readonly #files: SimFiles;
  readonly #self: number;

  /** `self`: number of the process that sees what is mounted. */
  constructor(files: SimFiles, self: number) {
    this.#files = files;
    this.#self = self;
    files.makeDirectories('/sys/class/block');
    files.makeDirectories('/sys/class/net');
    files.add(
      `/proc/${self}/mountinfo`,
      '22 28 0:21 / /sys rw,nosuid shared:7 - sysfs sysfs rw\n23 28 0:5 / /dev rw,nosuid shared:2 - devtmpfs devtmpfs rw\n',
    );
    files.add('/proc/swaps', 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n');
  }

  /** A line of what this process sees mounted, or of the swap areas. */
  #tell(path: string, line: string): void {
    const before = new TextDecoder().decode(this.#files.read(path));
    if (!before.includes(`${line}\n`)) this.#files.add(path, `${before}${line}\n`);
  }

  #claim({ name, claim }: DiskSpec, numbers: string, at: string): void {
    if (claim === undefined || claim === 'elsewhere') return;
    const { mountinfo, swaps } = { mountinfo: `/proc/${this.#self}/mountinfo`, swaps: '/proc/swaps' };
    if (claim === 'swap') this.#tell(swaps, `${`/dev/${name}`.padEnd(40)}partition\t1048576\t\t0\t\t-2`);
    else if ('mount' in claim)
      this.#tell(mountinfo, `28 1 ${numbers} / ${claim.mount} rw,relatime shared:1 - ext4 /dev/${name} rw`);
    else this.#files.makeDirectories(`${at}/holders/${claim.holder}`);
  }

  #unclaimed({ name, unclaimed }: DiskSpec): void {
    const [files, node, root] = [this.#files, `/dev/${name}`, '/sys/kernel/config'];
    if (unclaimed === 'loop') {
      const at = '/sys/devices/virtual/block/loop3';
      files.add(`${at}/loop/backing_file`, `${node}\n`);
      files.addLink('/sys/class/block/loop3', relative('/sys/class/block', at));
    }
    const [at, attribute] =
      unclaimed === 'nvmet'
        ? [`${root}/nvmet/subsystems/nqn.test/namespaces/1`, 'device_path']
        : [`${root}/target/core/fileio_0/disk`, 'udev_path'];
    if (unclaimed === undefined || unclaimed === 'loop') return;
    files.add(`${at}/${attribute}`, `${node}\n`);
    files.add(`${at}/enable`, '1\n');
  }

  /** A whole disk is claimed with any of its parts (bd_may_claim). */
  #disk(disk: DiskSpec, at: string, whole: DiskSpec): void {
    const files = this.#files;
    const { name, numbers, node = true } = disk;
    files.add(`${at}/dev`, `${numbers}\n`);
    files.makeDirectories(`${at}/holders`);
    files.addLink(`${at}/subsystem`, relative(at, '/sys/class/block'));
    files.addLink(`/sys/class/block/${name}`, relative('/sys/class/block', at));
    if (node) files.add(`/dev/${name}`, { mode: 0o660, rdev: numbers }, 'block');
    const claimed = partsOf(disk).some(({ claim }) => claim !== undefined) || whole.claim !== undefined;
    files.blockDevices.set(numbers, { claimed: () => claimed });
    this.#claim(disk, numbers, at);
    this.#unclaimed(disk);
    for (const part of disk.partitions ?? []) this.#disk(part, `${at}/${part.name}`, whole);
  }

  /** The disk itself, or a path to it: of a disk with several paths sysfs has the disk elsewhere. */
  #namespace(device: HostDevice, disk: DiskSpec): void {
    const files = this.#files;
    const { name, multipath } = disk;
    const [, subsystem = '0'] = /^nvme(\d+)/.exec(name) ?? [];
    const controller = `${device.path}/nvme/nvme${multipath ?? subsystem}`;
    if (multipath === undefined) {
      this.#disk(disk, `${controller}/${name}`, disk);
      return;
    }
    const path = name.replace(/^nvme\d+/, `$&c${multipath}`);
    files.makeDirectories(`${controller}/${path}/holders`);
    files.addLink(`/sys/class/block/${path}`, relative('/sys/class/block', `${controller}/${path}`));
    this.#disk(disk, `${SUBSYSTEM}${subsystem}/${name}`, disk);
  }

  /** The class's directory stays where its interface is in another namespace. */
  #interface({ path }: HostDevice, { name, state }: InterfaceSpec): void {
    const files = this.#files;
    const at = `${path}/net`;
    files.makeDirectories(at);
    if (state === 'away') return;
    files.add(`${at}/${name}/flags`, FLAGS[state]);
    files.add(`${at}/${name}/operstate`, `${state}\n`);
    files.addLink(`/sys/class/net/${name}`, relative('/sys/class/net', `${at}/${name}`));
  }

  add(device: HostDevice): void {
    const files = this.#files;
    const { disks = [], interfaces = [], nodes = [], queues = [], qat, display } = usesOf(device);
    for (const disk of disks) this.#namespace(device, disk);
    for (const one of interfaces) this.#interface(device, one);
    for (const { path, node, numbers } of nodes) {
      files.add(`${device.path}/${path}/dev`, `${numbers}\n`);
      files.add(`/dev/${node}`, { mode: 0o660, rdev: numbers }, 'character');
    }
    for (const [i, queue] of queues.entries()) this.#queue(device, queue, i);
    if (qat !== undefined) files.add(`${device.path}/qat/state`, `${qat}\n`);
    if (display) files.add(`${device.path}/boot_vga`, '1\n');
  }

  #queue({ path }: HostDevice, { name, type, clients, pids = [] }: QueueSpec, minor: number): void {
    const files = this.#files;
    const at = `${path}/${queueParent(name)}/${name}`;
    files.add(`${at}/type`, `${type}\n`);
    files.add(`${at}/state`, 'enabled\n');
    files.add(`${at}/clients`, `${clients}\n`);
    files.add(`${at}/driver_name`, type === 'kernel' ? 'dmaengine\n' : 'user\n');
    if (type === 'kernel') return;
    const cdev = `${at}/dsa!${name}`;
    files.add(`${cdev}/dev`, `510:${minor}\n`);
    files.add(`/dev/dsa/${name}`, { mode: 0o660, rdev: `510:${minor}` }, 'character');
    for (const [i, pid] of pids.entries()) files.add(`${cdev}/file${i}/pid`, `${pid}\n`);
  }

  /** They go with the driver. */
  remove(device: HostDevice): void {
    const files = this.#files;
    const { disks = [], interfaces = [], nodes = [], queues = [] } = usesOf(device);
    for (const disk of disks) {
      for (const { name, numbers } of partsOf(disk)) {
        files.delete(`/sys/class/block/${name}`);
        files.delete(`/dev/${name}`);
        files.blockDevices.delete(numbers);
      }
      const { name, multipath } = disk;
      if (multipath === undefined) continue;
      files.delete(`/sys/class/block/${name.replace(/^nvme\d+/, `$&c${multipath}`)}`);
      files.delete(`${SUBSYSTEM}${/\d+/.exec(name)?.[0]}`);
    }
    files.delete(`${device.path}/nvme`);
    for (const { name } of interfaces) files.delete(`/sys/class/net/${name}`);
    files.delete(`${device.path}/net`);
    for (const { path, node } of nodes) {
      files.delete(`${device.path}/${path.split('/')[0]}`);
      files.delete(`/dev/${node}`);
    }
    for (const { name } of queues) {
      files.delete(`${device.path}/${queueParent(name)}`);
      files.delete(`/dev/dsa/${name}`);
    }
    files.delete(`${device.path}/qat`);
  }
}
