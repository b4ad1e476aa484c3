// What the simulated host says in sysfs, procfs and /dev: the formats are the kernel's.
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { DEVICES } from '../../../../src/kernel/sim/machine/devices.ts';
import { device, Host } from './host.ts';

const READY = '0000:17:00.0';
const host = new Host();
const read = (name: string, address = READY) => host.text(`${device(address)}/${name}`);

describe('a PCI device', () => {
  it('says what it is (pci-sysfs.c)', () => {
    expect(['vendor', 'device', 'class', 'revision', 'numa_node'].map((name) => read(name))).toEqual([
      '0x8086\n',
      '0x11fb\n',
      '0x088000\n',
      '0x00\n',
      '0\n',
    ]);
    expect(read('modalias')).toBe('pci:v00008086d000011FBsv00008086sd00000000bc08sc80i00\n');
    expect(read('uevent')).toBe(
      `DRIVER=vfio-pci\nPCI_CLASS=88000\nPCI_ID=8086:11FB\nPCI_SUBSYS_ID=8086:0000\nPCI_SLOT_NAME=${READY}\nMODALIAS=${read('modalias')}`,
    );
    expect(read('driver_override')).toBe('(null)\n');
  });

  it('has thirteen windows, each with start, end and flags', () => {
    const lines = read('resource').trimEnd().split('\n');
    expect(lines).toHaveLength(13);
    expect(lines.every((line) => /^0x[0-9a-f]{16} 0x[0-9a-f]{16} 0x[0-9a-f]{16}$/.test(line))).toBe(true);
    expect(lines[1]).toBe('0x0000000000000000 0x0000000000000000 0x0000000000000000');
  });

  it('links to its place, its driver, its group and its IOMMU', () => {
    const link = (path: string) => host.files.readLink(path);
    expect(link(device(READY))).toBe(`../../../devices/pci0000:17/${READY}`);
    expect(link(`${device(READY)}/driver`)).toBe('../../../bus/pci/drivers/vfio-pci');
    expect(link(`${device(READY)}/iommu_group`)).toBe('../../../kernel/iommu_groups/20');
    expect(link(`${device(READY)}/iommu`)).toBe('../../virtual/iommu/dmar0');
    expect(link(`${device(READY)}/subsystem`)).toBe('../../../bus/pci');
  });

  it('PF and VF know each other', () => {
    const [pf, vf] = ['0000:3b:00.0', '0000:3b:01.0'];
    expect(host.files.realPath(`${device(vf)}/physfn`)).toBe(host.files.realPath(device(pf)));
    expect(host.files.realPath(`${device(pf)}/virtfn0`)).toBe(host.files.realPath(device(vf)));
    expect([read('sriov_numvfs', pf), read('sriov_totalvfs', pf)]).toEqual(['2\n', '256\n']);
    expect(read('device', vf)).toBe('0x1889\n');
  });

  it('every one of the table is there, in its group and behind its IOMMU', () => {
    for (const spec of DEVICES) {
      const path = host.files.realPath(`/sys/bus/${spec.bus}/devices/${spec.address}`);
      expect(path).toBe(`/sys/devices/${spec.parent}/${spec.address}`);
      if (spec.iommu === null) continue;
      expect(host.files.realPath(`/sys/kernel/iommu_groups/${spec.group}/devices/${spec.address}`)).toBe(path);
      expect(host.files.realPath(`/sys/class/iommu/${spec.iommu}/devices/${spec.address}`)).toBe(path);
    }
  });
});

describe('an IOMMU', () => {
  it('VT-d: registers in hex without 0x, domains in decimal (intel/iommu.c)', () => {
    const at = '/sys/class/iommu/dmar0/intel-iommu';
    expect(host.files.realPath('/sys/class/iommu/dmar0')).toBe('/sys/devices/virtual/iommu/dmar0');
    expect(host.text(`${at}/version`)).toBe('6:0\n');
    expect(host.text(`${at}/ecap`)).toMatch(/^[0-9a-f]+\n$/);
    expect(host.text(`${at}/domains_supported`)).toBe('65536\n');
    const bit = (unit: string, n: bigint) =>
      (BigInt(`0x${host.text(`/sys/class/iommu/${unit}/intel-iommu/ecap`).trim()}`) >> n) & 1n;
    expect([29n, 42n, 43n, 40n, 3n].map((n) => [bit('dmar0', n), bit('dmar1', n), bit('dmar2', n)])).toEqual([
      [1n, 0n, 0n],
      [1n, 0n, 0n],
      [1n, 1n, 0n],
      [1n, 1n, 0n],
      [1n, 1n, 0n],
    ]);
  });

  it('AMD: two words (amd/init.c)', () => {
    expect(host.text('/sys/class/iommu/ivhd0/amd-iommu/features')).toMatch(/^[0-9a-f]+:[0-9a-f]+\n$/);
    expect(host.files.realPath('/sys/class/iommu/ivhd0/device')).toBe('/sys/devices/pci0000:a0/0000:a0:00.2');
  });

  it('SMMUv3: nothing but its name and driver', () => {
    const at = '/sys/class/iommu/smmu3.0x000000002b400000';
    expect(host.files.list(at)).toEqual(['device', 'devices', 'power', 'subsystem']);
    expect(host.files.readLink(`${at}/device/driver`)).toMatch(/\/arm-smmu-v3$/);
  });

  it('a group has a type and reserved regions (iommu.c)', () => {
    const at = '/sys/kernel/iommu_groups/50';
    expect(host.text(`${at}/type`)).toBe('identity\n');
    expect(host.text(`${at}/reserved_regions`)).toBe(
      '0x00000000fee00000 0x00000000feefffff msi\n0x000000fd00000000 0x000000ffffffffff reserved\n',
    );
    expect(host.files.list('/sys/kernel/iommu_groups/33/devices')).toEqual([
      '0000:5d:00.0',
      '0000:5e:00.0',
      '0000:5e:00.1',
    ]);
  });
});

describe('procfs', () => {
  it('the options of the kernel, packed in /proc or as text in /boot', () => {
    const packed = new TextDecoder().decode(gunzipSync(host.files.read('/proc/config.gz')));
    expect(packed).toMatch(/^CONFIG_IOMMUFD=m$/m);
    expect(packed).toMatch(/^# CONFIG_IOMMUFD_TEST is not set$/m);
    const other = new Host({ configAt: 'boot', config: {} });
    expect(other.text(`/boot/config-${other.text('/proc/sys/kernel/osrelease').trim()}`)).toMatch(
      /^# CONFIG_IOMMUFD is not set$/m,
    );
  });

  it('limits, as wide as proc_pid_limits() has them', () => {
    const line = (memlock: number | null) =>
      new Host({ memlock })
        .text('/proc/self/limits')
        .split('\n')
        .find((l) => l.startsWith('Max locked'));
    expect(line(null)).toBe('Max locked memory         unlimited            unlimited            bytes     ');
    expect(line(65536)).toBe('Max locked memory         65536                65536                bytes     ');
  });

  it('another process has a device open, and we have what we opened', () => {
    expect(host.files.readLink('/proc/4242/fd/15')).toBe('/dev/vfio/devices/vfio1');
    const mine = new Host();
    const { fd } = mine.bind(READY);
    const fault = mine.fault();
    const links = [mine.fd, fd, fault.fd].map((n) => mine.files.readLink(`/proc/self/fd/${n}`));
    expect(links).toEqual(['/dev/iommu', '/dev/vfio/devices/vfio0', 'anon_inode:[iommufd-pgfault]']);
    mine.close(fd);
    expect(mine.files.list('/proc/self/fd')).toEqual([`${mine.fd}`, `${fault.fd}`]);
  });

  it('stat has fifty-two fields', () => {
    expect(host.text('/proc/4242/stat').trim().split(' ')).toHaveLength(52);
  });
});
