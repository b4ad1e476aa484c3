// Binding devices to drivers through sysfs, as drivers/base/bus.c and pci/pci-driver.c have it.
import { describe, expect, it } from 'vitest';
import { device, Host, refusal } from './host.ts';

const IDXD = '0000:17:01.0';
const BUS = '/sys/bus/pci';
const driver = (name: string) => `${BUS}/drivers/${name}`;

/** The driver of a device by its link; undefined: none. */
const driverOf = (host: Host, address = IDXD): string | undefined =>
  host.files.list(device(address)).includes('driver')
    ? host.files
        .readLink(`${device(address)}/driver`)
        .split('/')
        .at(-1)
    : undefined;

describe('driver_override and drivers_probe', () => {
  it('give a device to vfio-pci and back', () => {
    const host = new Host();
    expect(driverOf(host)).toBe('idxd');
    host.write(`${driver('idxd')}/unbind`, IDXD);
    expect([driverOf(host), host.files.list(driver('idxd')).includes(IDXD)]).toEqual([undefined, false]);
    host.write(`${device(IDXD)}/driver_override`, 'vfio-pci\n');
    expect(host.text(`${device(IDXD)}/driver_override`)).toBe('vfio-pci\n');
    expect(host.write(`${BUS}/drivers_probe`, IDXD)).toBe('ok');
    expect([driverOf(host), host.files.list(driver('vfio-pci')).includes(IDXD)]).toEqual(['vfio-pci', true]);
    expect(host.bind(IDXD).deliver().attached).toBe(0);
  });

  it('an empty line takes the override away, and writing nothing does nothing (sysfs_kf_write())', () => {
    const host = new Host();
    const path = `${device(IDXD)}/driver_override`;
    host.write(path, 'vfio-pci');
    expect([host.write(path, ''), host.text(path)]).toEqual(['ok', 'vfio-pci\n']);
    expect([host.write(path, '\n'), host.text(path)]).toEqual(['ok', '(null)\n']);
    expect(host.write(path, 'x'.repeat(4095))).toBe('EINVAL');
  });

  it('probing a device that has a driver changes nothing; one that is not there is ENODEV', () => {
    const host = new Host();
    host.write(`${device(IDXD)}/driver_override`, 'vfio-pci');
    expect(host.write(`${BUS}/drivers_probe`, `${IDXD}\n`)).toBe('ok');
    expect(driverOf(host)).toBe('idxd');
    expect(host.write(`${BUS}/drivers_probe`, '0000:ff:00.0')).toBe('ENODEV');
  });

  it('with a driver that is not there it stays without one', () => {
    const host = new Host();
    host.write(`${driver('idxd')}/unbind`, IDXD);
    host.write(`${device(IDXD)}/driver_override`, 'no-such-driver');
    expect([host.write(`${BUS}/drivers_probe`, IDXD), driverOf(host)]).toEqual(['ok', undefined]);
  });
});

describe('bind and unbind', () => {
  it('ENODEV for a device that is not there or does not match, EBUSY for one that has a driver', () => {
    const host = new Host();
    expect(host.write(`${driver('vfio-pci')}/bind`, IDXD)).toBe('ENODEV');
    expect(host.write(`${driver('idxd')}/bind`, IDXD)).toBe('EBUSY');
    expect(host.write(`${driver('idxd')}/bind`, '0000:ff:00.0')).toBe('ENODEV');
    expect(host.write(`${driver('idxd')}/bind`, '17:01.0')).toBe('ENODEV');
    expect(host.write(`${driver('idxd')}/unbind`, '0000:19:00.0')).toBe('ENODEV');
    expect(host.write(`${driver('idxd')}/unbind`, IDXD)).toBe('ok');
    expect(host.write(`${driver('idxd')}/unbind`, IDXD)).toBe('ENODEV');
    expect([host.write(`${driver('idxd')}/bind`, IDXD), driverOf(host)]).toEqual(['ok', 'idxd']);
  });

  it('with an override no other driver takes it', () => {
    const host = new Host();
    host.write(`${driver('idxd')}/unbind`, IDXD);
    host.write(`${device(IDXD)}/driver_override`, 'vfio-pci');
    expect(host.write(`${driver('idxd')}/bind`, IDXD)).toBe('ENODEV');
    expect(host.write(`${driver('vfio-pci')}/bind`, IDXD)).toBe('ok');
  });

  it('vfio-pci takes no bridge (EINVAL) and no PF with VFs (EBUSY): vfio_pci_core_register_device()', () => {
    const host = new Host();
    const bind = (address: string, from: string) => {
      host.write(`${driver(from)}/unbind`, address);
      host.write(`${device(address)}/driver_override`, 'vfio-pci');
      return host.write(`${driver('vfio-pci')}/bind`, address);
    };
    expect([bind('0000:18:02.0', 'pcieport'), bind('0000:3b:00.0', 'ice')]).toEqual(['EINVAL', 'EBUSY']);
  });

  it('a device without a group is EINVAL', () => {
    const host = new Host();
    host.write(`${device('0000:a0:00.2')}/driver_override`, 'vfio-pci');
    expect(host.write(`${driver('vfio-pci')}/bind`, '0000:a0:00.2')).toBe('EINVAL');
  });

  it('new_id binds what matches and has no driver; the same id again is EEXIST, nonsense EINVAL', () => {
    const host = new Host();
    expect(host.write(`${driver('vfio-pci')}/new_id`, '8086 11fb')).toBe('ok');
    expect([driverOf(host, '0000:17:05.0'), driverOf(host)]).toEqual(['vfio-pci', 'idxd']);
    expect(host.write(`${driver('vfio-pci')}/new_id`, '8086 11fb')).toBe('EEXIST');
    expect(host.write(`${driver('vfio-pci')}/new_id`, 'accelerator')).toBe('EINVAL');
    expect(host.write(`${driver('vfio-pci')}/remove_id`, '8086 11fb')).toBe('ok');
    expect(host.write(`${driver('vfio-pci')}/remove_id`, '8086 11fb')).toBe('ENODEV');
  });

  it('cannot be read, even by root', () => {
    const host = new Host();
    const files = [`${driver('idxd')}/bind`, `${driver('idxd')}/unbind`, `${BUS}/drivers_probe`];
    expect(files.map((path) => refusal(() => host.files.read(path)))).toEqual(['EACCES', 'EACCES', 'EACCES']);
  });
});

describe('a VFIO device', () => {
  it('comes with the driver, with the lowest free number, and goes with it', () => {
    const host = new Host();
    const first = '0000:17:00.0';
    expect(host.vfioName(first)).toBe('vfio0');
    host.write(`${driver('vfio-pci')}/unbind`, first);
    expect(host.files.list('/dev/vfio/devices')).not.toContain('vfio0');
    expect(host.files.list('/sys/class/vfio-dev')).not.toContain('vfio0');
    expect(host.files.list('/dev/vfio')).not.toContain('20');
    expect(host.kernel.open('/dev/vfio/devices/vfio0', 2)).toBe(-2);
    host.write(`${driver('idxd')}/unbind`, IDXD);
    host.write(`${device(IDXD)}/driver_override`, 'vfio-pci');
    host.write(`${driver('vfio-pci')}/bind`, IDXD);
    expect(host.vfioName(IDXD)).toBe('vfio0');
    expect(host.files.readLink('/sys/class/vfio-dev/vfio0')).toBe(
      '../../devices/pci0000:17/0000:17:01.0/vfio-dev/vfio0',
    );
    // kernfs_get_target_path()
    expect(host.files.readLink('/sys/class/vfio-dev/vfio0/device')).toBe('../../../0000:17:01.0');
    expect(host.files.realPath('/sys/class/vfio-dev/vfio0/device')).toBe('/sys/devices/pci0000:17/0000:17:01.0');
    expect(host.files.status('/dev/vfio/devices/vfio0')).toMatchObject({ kind: 'character', mode: 0o600 });
    expect(host.text('/sys/class/vfio-dev/vfio0/dev')).toMatch(/^\d+:0\n$/);
  });

  it('cannot go while it is open: the kernel would wait for ever', () => {
    const host = new Host();
    host.bind('0000:17:00.0');
    expect(() => host.write(`${driver('vfio-pci')}/unbind`, '0000:17:00.0')).toThrow(/wait for ever/);
  });

  it('a kernel without VFIO_DEVICE_CDEV makes no character device of it', () => {
    const host = new Host({ nodes: { iommu: true, cdev: false } });
    expect(host.files.list(`${device('0000:17:00.0')}/vfio-dev/vfio0`)).not.toContain('dev');
    expect(refusal(() => host.files.list('/dev/vfio/devices'))).toBe('ENOENT');
    expect(host.files.status('/dev/vfio/20').kind).toBe('character');
  });

  it('what the old driver made of the device goes with it', () => {
    const host = new Host();
    expect(host.files.list('/sys/class/net')).toEqual(['ens1f0np0', 'ens1f0v1', 'ens2f0']);
    host.write(`${driver('ice')}/unbind`, '0000:3b:00.0');
    host.write(`${driver('nvme')}/unbind`, '0000:19:00.0');
    expect([host.files.list('/sys/class/net'), host.files.list('/sys/class/block')]).toEqual([
      ['ens1f0v1', 'ens2f0'],
      [],
    ]);
  });
});

describe('what vfio-pci refuses', () => {
  const DSA = '0000:6a:01.0';
  const give = (host: Host, address: string, from: string) => {
    host.write(`${driver(from)}/unbind`, address);
    host.write(`${device(address)}/driver_override`, 'vfio-pci');
    return [host.write(`${BUS}/drivers_probe`, address), driverOf(host, address)];
  };

  it('what is on its denylist is left without a driver, and dmesg says why', () => {
    const host = new Host();
    expect(give(host, DSA, 'idxd')).toEqual(['ok', undefined]);
    expect(host.machine.log).toEqual([
      `vfio-pci ${DSA}: 8086:0b25 exists in vfio-pci device denylist, driver probing disallowed.`,
    ]);
    expect(host.write(`${driver('vfio-pci')}/bind`, DSA)).toBe('EINVAL');
    expect(host.text('/sys/module/vfio_pci/parameters/disable_denylist')).toBe('N\n');
  });

  it('each device that is open holds the module (vfio_df_device_first_open())', () => {
    const users = (host: Host) => /^vfio_pci \d+ (\d+) /m.exec(host.text('/proc/modules'))?.[1];
    expect(users(new Host())).toBe('1');
    const host = new Host({ processes: [] });
    expect(users(host)).toBe('0');
    host.bind('0000:17:00.0');
    expect(users(host)).toBe('1');
  });

  it('it is taken with disable_denylist, which cannot be changed while the module is loaded', () => {
    const host = new Host({ disableDenylist: true });
    expect(host.write('/sys/module/vfio_pci/parameters/disable_denylist', 'N')).toBe('EACCES');
    expect(give(host, DSA, 'idxd')).toEqual(['ok', 'vfio-pci']);
    expect(host.machine.log).toEqual([`vfio-pci ${DSA}: device denylist disabled - allowing device 8086:0b25.`]);
  });

  it('a bridge, and a PF that has VFs', () => {
    const host = new Host();
    expect(give(host, '0000:18:02.0', 'pcieport')).toEqual(['ok', undefined]);
    expect(host.write(`${driver('vfio-pci')}/bind`, '0000:18:02.0')).toBe('EINVAL');
    expect(give(host, '0000:3b:00.0', 'ice')).toEqual(['ok', undefined]);
    expect(host.write(`${driver('vfio-pci')}/bind`, '0000:3b:00.0')).toBe('EBUSY');
    expect(host.machine.log.at(-1)).toBe('vfio-pci 0000:3b:00.0: Cannot bind to PF with SR-IOV enabled');
  });
});
