// The simulated host as somebody who is not root sees it.
import { describe, expect, it } from 'vitest';
import { Open } from '../../../../src/kernel/kernel.ts';
import { Machine } from '../../../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../../../src/kernel/sim/sim.ts';
import { errnoName } from '../../../../src/uapi/errno.ts';
import { device, refusal } from './host.ts';

const USER = 1000;
const { files, ...machine } = new Machine({ uid: USER });

describe('without root', () => {
  it('config space ends after the header (pci_read_config())', () => {
    expect(files.read(`${device('0000:17:00.0')}/config`).byteLength).toBe(64);
    expect(files.status(`${device('0000:17:00.0')}/config`).size).toBe(4096);
  });

  it('attributes are read, and not written', () => {
    const path = `${device('0000:17:00.0')}/driver_override`;
    expect(new TextDecoder().decode(files.read(path))).toBe('(null)\n');
    expect(refusal(() => files.write(path, 'vfio-pci'))).toBe('EACCES');
    expect(refusal(() => files.write('/sys/bus/pci/drivers_probe', '0000:17:00.0'))).toBe('EACCES');
  });

  it('the descriptors of others are not listed, their names are', () => {
    expect(refusal(() => files.list('/proc/4242/fd'))).toBe('EACCES');
    expect(refusal(() => files.readLink('/proc/4242/fd/15'))).toBe('EACCES');
    expect(new TextDecoder().decode(files.read('/proc/4242/comm'))).toBe('qemu-system-x86\n');
    expect(files.list('/proc/self/fd')).toEqual([]);
  });

  it('neither /dev/iommu nor VFIO devices open; what is not there is ENOENT', () => {
    const kernel = new SimKernel({ machine: new Machine({ uid: USER }) });
    const open = (path: string) => errnoName(-kernel.open(path, Open.RDWR));
    expect(['/dev/iommu', '/dev/vfio/devices/vfio0', '/dev/vfio/devices/vfio99'].map(open)).toEqual([
      'EACCES',
      'EACCES',
      'ENOENT',
    ]);
    expect(machine.spec.uid).toBe(USER);
  });

  it('a state directory goes where one may write', () => {
    expect(refusal(() => files.makeDirectory('/run/iopftop', 0o700))).toBe('EACCES');
    files.makeDirectory('/tmp/iopftop', 0o700);
    files.replace('/tmp/iopftop/state', 'x');
    expect(files.status('/tmp/iopftop/state')).toMatchObject({ uid: USER, mode: 0o600, size: 1 });
  });
});

describe('a host that lacks something', () => {
  it('no iommufd: no node, no module parameter', () => {
    const bare = new Machine({ nodes: { iommu: false, cdev: false }, modules: [], config: {} });
    expect(errnoName(-new SimKernel({ machine: bare }).open('/dev/iommu', Open.RDWR))).toBe('ENOENT');
    expect(refusal(() => bare.files.list('/sys/module/iommufd'))).toBe('ENOENT');
  });

  it('no IOMMU: no groups, and no VFIO devices', () => {
    const { spec } = new Machine();
    const devices = spec.devices.map((d) => (d.bus === 'pci' ? { ...d, iommu: null, group: null } : d));
    const bare = new Machine({ iommus: [], devices: devices.filter((d) => d.bus === 'pci') });
    expect([bare.files.list('/sys/class/iommu'), bare.files.list('/sys/kernel/iommu_groups')]).toEqual([[], []]);
    expect(bare.files.list('/sys/class/vfio-dev')).toEqual([]);
  });

  it('no Yama, no pci.ids, no options', () => {
    const bare = new Machine({ ptraceScope: null, pciIds: null, configAt: 'nowhere' });
    const missing = ['/proc/sys/kernel/yama', '/usr/share/misc/pci.ids', '/proc/config.gz', '/boot'];
    expect(missing.map((path) => refusal(() => bare.files.status(path)))).toEqual(Array(4).fill('ENOENT'));
  });

  it('a limit on locked memory is the kernel’s too', () => {
    const machine = new Machine({ memlock: 65_536 });
    expect(machine.memlock).toBe(65_536);
  });
});

describe('links', () => {
  it('a link that leads to itself is ELOOP', () => {
    const { files } = new Machine();
    files.addLink('/tmp/a', 'b');
    files.addLink('/tmp/b', '/tmp/a');
    expect(refusal(() => files.read('/tmp/a'))).toBe('ELOOP');
    expect(refusal(() => files.realPath('/tmp/a/x'))).toBe('ELOOP');
    expect(files.readLink('/tmp/a')).toBe('b');
  });
});
