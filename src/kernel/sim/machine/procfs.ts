// What the machine says about itself besides its devices: procfs, the kernel's options, modules, pci.ids.
import { gzipSync } from 'node:zlib';
import type { SimFiles } from './files.ts';
import type { MachineSpec, OpenSpec, ProcessSpec } from './spec.ts';
import { CDEV_MAJOR, GROUP_MAJOR } from './vfio-files.ts';

/** Options that matter here; those that a machine lacks are listed as not set. */
const KNOWN_OPTIONS = [
  'CONFIG_IOMMUFD',
  'CONFIG_IOMMUFD_TEST',
  'CONFIG_IOMMU_IOPF',
  'CONFIG_INTEL_IOMMU_SVM',
  'CONFIG_VFIO_DEVICE_CDEV',
  'CONFIG_VFIO_PCI',
  'CONFIG_VFIO_NOIOMMU',
  'CONFIG_PCI_PRI',
  'CONFIG_KCMP',
];

/** Kernel symbols that distinguish it from older kernels. */
const SYMBOLS = ['intel_iommu_enable_iopf', 'intel_iommu_enable_prq'];

const START_TICKS = 4_000;
const NAME_WIDTH = 26;
const LIMIT_WIDTH = 21;

/** vfio_init(): whether VFIO is built in or a module. */
export const hasVfio = ({ modules, config }: MachineSpec): boolean =>
  modules.includes('vfio') || config.CONFIG_VFIO === 'y';

/** devinfo_show(): which driver has which numbers. */
function devicesText(spec: MachineSpec): string {
  const vfio = hasVfio(spec) ? [[GROUP_MAJOR, 'vfio'], ...(spec.nodes.cdev ? [[CDEV_MAJOR, 'vfio-dev']] : [])] : [];
  const characters = [[1, 'mem'], [10, 'misc'], ...vfio].map(([major, name]) => `${`${major}`.padStart(3)} ${name}\n`);
  return `Character devices:\n${characters.join('')}\nBlock devices:\n259 blkext\n`;
}

/** `usersOf`: how many references to a module there are (module_refcount()). */
export function addProc(files: SimFiles, spec: MachineSpec, usersOf: (module: string) => number): void {
  files.add('/proc/cmdline', `${spec.cmdline}\n`);
  files.add('/proc/version', `Linux version ${spec.release} (build@host) #1 SMP PREEMPT_DYNAMIC\n`);
  files.add('/proc/sys/kernel/osrelease', `${spec.release}\n`);
  if (spec.ptraceScope !== null) files.add('/proc/sys/kernel/yama/ptrace_scope', `${spec.ptraceScope}\n`);
  const modules = () =>
    spec.modules.map((name) => `${name} 65536 ${usersOf(name)} - Live 0x0000000000000000\n`).join('');
  files.add('/proc/modules', { read: modules, size: 0 });
  files.add('/proc/kallsyms', SYMBOLS.map((symbol) => `0000000000000000 T ${symbol}\n`).join(''));
  files.add('/proc/devices', devicesText(spec));
  addConfig(files, spec);
  const self = { pid: selfOf(spec), ppid: 1, uid: spec.uid, comm: 'iopftop', cmdline: ['iopftop'], fds: {} };
  for (const shown of [...spec.processes, self]) addProcess(files, shown, spec.memlock);
  files.addLink('/proc/self', `${self.pid}`);
  files.addLink(`/proc/${self.pid}/ns/pid`, `pid:[${spec.ownPidNamespace ? 4_026_532_177 : 4_026_531_836}]`);
  files.add(`/proc/${self.pid}/uid_map`, '         0          0 4294967295\n');
  files.add('/proc/sys/kernel/random/boot_id', '6f9a3b1e-0c52-4d7a-9a51-1f0e6f2d8c77\n');
  if (spec.pciIds !== null) files.add('/usr/share/misc/pci.ids', spec.pciIds);
}

/** Our own PID. */
export const selfOf = (spec: MachineSpec): number => spec.pid ?? process.pid;

function configText({ config, release }: MachineSpec): string {
  const unset = KNOWN_OPTIONS.filter((name) => config[name] === undefined);
  const lines = [
    `# Linux/x86 ${release} Kernel Configuration`,
    ...Object.entries(config).map(([name, value]) => `${name}=${value}`),
    ...unset.map((name) => `# ${name} is not set`),
  ];
  return `${lines.join('\n')}\n`;
}

function addConfig(files: SimFiles, spec: MachineSpec): void {
  const text = configText(spec);
  if (spec.configAt === 'proc') {
    const bytes = gzipSync(text);
    files.add('/proc/config.gz', { read: () => bytes, size: bytes.byteLength });
  } else if (spec.configAt === 'boot') {
    files.add(`/boot/config-${spec.release}`, { read: () => text, size: text.length });
  }
}

/** /proc/PID: status, limits, stat, comm, cmdline, and links for descriptors. */
function addProcess(files: SimFiles, shown: ProcessSpec, memlock: number | null): void {
  const at = `/proc/${shown.pid}`;
  const add = (name: string, text: string) =>
    files.add(`${at}/${name}`, { read: () => text, size: 0 }, 'file', shown.uid);
  files.makeDirectories(at, 0o555, shown.uid);
  add('comm', `${shown.comm}\n`);
  add('cmdline', shown.cmdline.map((word) => `${word}\0`).join(''));
  add('stat', statText(shown));
  add('status', statusText(shown));
  add('limits', limitsText(memlock));
  files.makeDirectories(`${at}/fd`, 0o500, shown.uid);
  for (const [fd, open] of Object.entries(shown.fds)) {
    const node = typeof open === 'string' ? undefined : ({ kind: 'character', rdev: open.rdev } as const);
    files.addLink(`${at}/fd/${fd}`, pathOf(open), node);
  }
  add('maps', mapsText(shown));
  files.makeDirectories(`${at}/fdinfo`, 0o500, shown.uid);
  for (const fd of Object.keys(shown.fds)) {
    files.add(`${at}/fdinfo/${fd}`, 'pos:\t0\nflags:\t02100002\nmnt_id:\t15\nino:\t1063\n');
  }
}

/** The path of what is open. */
export const pathOf = (open: OpenSpec): string => (typeof open === 'string' ? open : open.path);

/** show_map_vma(): a page each, shared. */
const mapsText = ({ mapped = [] }: ProcessSpec): string =>
  mapped
    .map((path, i) => {
      const start = 0x7f00_0000_0000 + i * 0x1000;
      const [from, to] = [start, start + 0x1000].map((address) => address.toString(16));
      return `${from}-${to} rw-s 00000000 00:05 ${1_000 + i}                     ${path}\n`;
    })
    .join('');

/** proc_pid_stat(): 52 fields, of which the 22nd is the time when it started, in ticks since the boot. */
function statText({ pid, ppid, comm }: ProcessSpec): string {
  const fields = Array.from({ length: 52 }, () => '0');
  fields.splice(0, 8, `${pid}`, `(${comm})`, 'S', `${ppid}`, `${pid}`, `${pid}`, '0', '-1');
  fields[21] = `${START_TICKS + pid}`;
  return `${fields.join(' ')}\n`;
}

function statusText({ comm, pid, ppid, uid }: ProcessSpec): string {
  const ids = [uid, uid, uid, uid].join('\t');
  const capabilities = uid === 0 ? '000001ffffffffff' : '0000000000000000';
  return [
    `Name:\t${comm}`,
    'Umask:\t0022',
    'State:\tS (sleeping)',
    `Tgid:\t${pid}`,
    'Ngid:\t0',
    `Pid:\t${pid}`,
    `PPid:\t${ppid}`,
    'TracerPid:\t0',
    `Uid:\t${ids}`,
    `Gid:\t${ids}`,
    'FDSize:\t64',
    'VmLck:\t       0 kB',
    'VmPin:\t       0 kB',
    'Threads:\t1',
    'CapInh:\t0000000000000000',
    `CapPrm:\t${capabilities}`,
    `CapEff:\t${capabilities}`,
    'CapBnd:\t000001ffffffffff',
    '',
  ].join('\n');
}

/** proc_pid_limits() */
function limitsText(memlock: number | null): string {
  const row = (name: string, soft: string, hard: string, unit: string) =>
    `${name.padEnd(NAME_WIDTH)}${soft.padEnd(LIMIT_WIDTH)}${hard.padEnd(LIMIT_WIDTH)}${unit.padEnd(10)}\n`;
  const locked = memlock === null ? 'unlimited' : `${memlock}`;
  return [
    row('Limit', 'Soft Limit', 'Hard Limit', 'Units'),
    row('Max open files', '1024', '1048576', 'files'),
    row('Max locked memory', locked, locked, 'bytes'),
    row('Max address space', 'unlimited', 'unlimited', 'bytes'),
  ].join('');
}
