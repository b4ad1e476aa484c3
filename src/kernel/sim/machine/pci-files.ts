// What sysfs says about a PCI function (drivers/pci/pci-sysfs.c, iov.c).
import type { Binding } from './binding.ts';
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import type { PciSpec } from './spec.ts';
import { hex, POWER, relative, upperHex } from './sysfs.ts';

/** Without CAP_SYS_ADMIN only the header is read (pci_read_config()). */
const HEADER = 64;
const CONFIG_SIZE = 4096;
const CONVENTIONAL_SIZE = 256;
const RESOURCES = 13;
const FIRST_WINDOW = 0x2000_0000_0000;

const modalias = ({ vendor, device, subsystem, class: code }: PciSpec): string => {
  const bytes = [code >> 16, (code >> 8) & 0xff, code & 0xff].map((byte) => upperHex(byte, 2));
  const [vendorId = '', deviceId = '', subvendor = '', subdevice = ''] = [vendor, device, ...subsystem].map((id) =>
    upperHex(id, 8),
  );
  return `pci:v${vendorId}d${deviceId}sv${subvendor}sd${subdevice}bc${bytes[0]}sc${bytes[1]}i${bytes[2]}`;
};

function uevent(device: HostDevice, spec: PciSpec): string {
  const driver = device.driver ? `DRIVER=${device.driver.name}\n` : '';
  const [id, subsystem] = [[spec.vendor, spec.device], spec.subsystem].map((pair) =>
    pair.map((part) => upperHex(part, 4)).join(':'),
  );
  const code = upperHex(spec.class, 4);
  return `${driver}PCI_CLASS=${code}\nPCI_ID=${id}\nPCI_SUBSYS_ID=${subsystem}\nPCI_SLOT_NAME=${spec.address}\nMODALIAS=${modalias(spec)}\n`;
}

/** resource_show(): start, end and flags of each window; this machine's are prefetchable 64-bit ones. */
function resource(spec: PciSpec, index: number): string {
  const line = (start: number, end: number, flags: number) =>
    `${[start, end, flags].map((n) => `0x${hex(n, 16)}`).join(' ')}\n`;
  const size = spec.memory ?? 0;
  const start = FIRST_WINDOW + index * 0x1000_0000;
  const first = size === 0 ? line(0, 0, 0) : line(start, start + size - 1, 0x14220c);
  return first + line(0, 0, 0).repeat(RESOURCES - 1);
}

export function addPciFiles(files: SimFiles, device: HostDevice, binding: Binding, index: number): void {
  const spec = device.spec as PciSpec;
  const add = (name: string, text: () => string, write?: (text: string) => number) =>
    files.add(`${device.path}/${name}`, write ? { read: text, write } : { read: text });
  add('vendor', () => `0x${hex(spec.vendor, 4)}\n`);
  add('device', () => `0x${hex(spec.device, 4)}\n`);
  add('subsystem_vendor', () => `0x${hex(spec.subsystem[0], 4)}\n`);
  add('subsystem_device', () => `0x${hex(spec.subsystem[1], 4)}\n`);
  add('class', () => `0x${hex(spec.class, 6)}\n`);
  add('revision', () => `0x${hex(spec.revision, 2)}\n`);
  add('modalias', () => `${modalias(spec)}\n`);
  add(
    'uevent',
    () => uevent(device, spec),
    (text) => text.length,
  );
  add('numa_node', () => `${spec.numaNode ?? -1}\n`);
  add('irq', () => '0\n');
  add('resource', () => resource(spec, index));
  add(
    'enable',
    () => (device.driver ? '1\n' : '0\n'),
    (text) => text.length,
  );
  add('power_state', () => 'D0\n');
  add('ari_enabled', () => '0\n');
  add('dma_mask_bits', () => '64\n');
  add('consistent_dma_mask_bits', () => '64\n');
  add(
    'driver_override',
    () => `${device.override ?? '(null)'}\n`,
    (text) => binding.setOverride(device, text),
  );
  const size = spec.unreached ? CONVENTIONAL_SIZE : CONFIG_SIZE;
  files.add(`${device.path}/config`, {
    read: () => device.config?.bytes.slice(0, files.uid === 0 ? size : HEADER) ?? '',
    mode: 0o644,
    size,
  });
  for (const [name, text] of Object.entries(POWER)) files.add(`${device.path}/power/${name}`, text);
  files.addLink(`${device.path}/subsystem`, relative(device.path, '/sys/bus/pci'));
  if ((spec.reset ?? true) && spec.class >> 8 !== 0x0604) {
    add(
      'reset_method',
      () => 'flr\n',
      (text) => text.length,
    );
    files.add(`${device.path}/reset`, { write: (text) => text.length });
  }
  addSriov(files, device, spec);
}

function addSriov(files: SimFiles, device: HostDevice, spec: PciSpec): void {
  const { sriov } = spec.capabilities;
  if (sriov) {
    files.add(`${device.path}/sriov_totalvfs`, `${sriov.totalVfs}\n`);
    files.add(`${device.path}/sriov_numvfs`, { read: () => `${device.virtfns.length}\n`, mode: 0o644 });
    files.add(`${device.path}/sriov_vf_device`, `${hex(sriov.vfDevice, 1)}\n`);
    files.add(`${device.path}/sriov_offset`, '8\n');
    files.add(`${device.path}/sriov_stride`, '1\n');
    files.add(`${device.path}/sriov_drivers_autoprobe`, { read: () => '1\n', mode: 0o644 });
  }
  for (const [i, vf] of device.virtfns.entries()) {
    files.addLink(`${device.path}/virtfn${i}`, relative(device.path, vf.path));
  }
  if (device.physfn) files.addLink(`${device.path}/physfn`, relative(device.path, device.physfn.path));
}
