// Which devices of the simulated host take an HWPT with a fault object, and what refuses the others: BIND, HWPT_ALLOC or
// ATTACH, with the errno of each IOMMU's driver.
import { describe, expect, it } from 'vitest';
import { DEVICES } from '../../../../src/kernel/sim/machine/devices.ts';
import type { DevId, Fd } from '../../../../src/uapi/ids.ts';
import { HwptAllocFlag } from '../../../../src/uapi/iommufd.ts';
import { RECORD } from '../../../contract/context.ts';
import { Host, VfioFile } from './host.ts';
import { oneFault } from './one-fault.ts';

const { NEST_PARENT, PASID } = HwptAllocFlag;

describe('an HWPT with a fault object', () => {
  it.each([
    ['0000:17:00.0', 'an accelerator with all that it takes', 0],
    ['0000:17:03.0', 'one in trouble, which the reset of VFIO’s opening mends', 0],
    ['0000:17:04.0', 'one whose responses cannot carry a PASID (iommu_enable_pci_pri())', 'ENODEV'],
    ['0000:3b:01.0', 'a VF of a PF without PRI (intel_iommu_enable_iopf())', 'ENODEV'],
    ['0000:76:01.0', 'a VF of a PF with PRI (iommufd_hwpt_compatible_device())', 'EINVAL'],
    ['0000:81:00.0', 'one behind a VT-d unit without page requests', 'ENODEV'],
    ['0000:a1:00.0', 'an AMD device: attaches, and never delivers', 0],
    ['0004:75:00.0', 'an Arm device that stalls', 0],
    ['0004:76:00.0', 'an Arm device that does not: attaches, and never delivers', 0],
  ])('%s: %s', (address, _what, expected) => {
    const vfio = new Host().bind(address);
    expect(vfio.bound).toBe(0);
    expect(vfio.deliver().attached).toBe(expected);
  });

  it('is refused by each device without PRI, once VFIO has it', () => {
    const host = new Host();
    const attached = ['0000:19:00.0', '0000:1a:00.0'].map((address) => {
      const driver = host.files.realPath(`/sys/bus/pci/devices/${address}/driver`);
      host.write(`/sys/bus/pci/devices/${address}/driver_override`, 'vfio-pci');
      host.write(`${driver}/unbind`, address);
      host.write('/sys/bus/pci/drivers_probe', address);
      return host.bind(address).deliver().attached;
    });
    expect(attached).toEqual(['ENODEV', 'ENODEV']);
  });

  it('is refused where another member of the group has no page requests: a domain goes to all of them', () => {
    const host = new Host();
    host.write('/sys/bus/pci/drivers/xhci_hcd/unbind', '0000:5e:00.1');
    const vfio = host.bind('0000:5e:00.0');
    expect([vfio.bound, vfio.deliver().attached, vfio.attach(host.ioas())]).toEqual([0, 'ENODEV', 0]);
  });

  it('without one, devices that cannot fault attach', () => {
    const host = new Host();
    const vfio = host.bind('0000:81:00.0');
    expect(vfio.attach(host.ioas())).toBe(0);
  });
});

describe('BIND', () => {
  it('is EPERM for a group that another driver uses, until that lets go (iommu_device_claim_dma_owner())', () => {
    const host = new Host();
    const vfio = host.bind('0000:6e:00.0');
    expect(vfio.bound).toBe('EPERM');
    host.close(vfio.fd);
    expect(host.write('/sys/bus/pci/drivers/idxd/unbind', '0000:6e:00.1')).toBe('ok');
    const again = host.bind('0000:6e:00.0');
    expect([again.bound, again.deliver().attached]).toEqual([0, 0]);
    expect(host.write('/sys/bus/pci/drivers/idxd/bind', '0000:6e:00.1')).toBe('EBUSY');
  });

  it('is EPERM without interrupt isolation, unless the module parameter allows it', () => {
    const host = new Host();
    const first = host.bind('0000:c1:00.0');
    expect(first.bound).toBe('EPERM');
    host.close(first.fd);
    expect(host.write('/sys/module/iommufd/parameters/allow_unsafe_interrupts', 'Y')).toBe('ok');
    expect(host.bind('0000:c1:00.0').bound).toBe(0);
  });

  it('is EINVAL for a device that another process has, EBUSY where it has the group', () => {
    expect(new Host().bind('0000:17:02.0').bound).toBe('EINVAL');
    const qemu = { pid: 4242, ppid: 1, uid: 0, comm: 'qemu', cmdline: ['qemu'], fds: { 9: '/dev/vfio/20' } };
    expect(new Host({ processes: [qemu] }).bind('0000:17:00.0').bound).toBe('EBUSY');
  });

  it('is EPERM in a group that another context owns', () => {
    const host = new Host();
    host.write('/sys/bus/pci/drivers/xhci_hcd/unbind', '0000:5e:00.1');
    host.write('/sys/bus/pci/devices/0000:5e:00.1/driver_override', 'vfio-pci');
    host.write('/sys/bus/pci/drivers_probe', '0000:5e:00.1');
    const other = host.open('/dev/iommu');
    expect(host.bind('0000:5e:00.0').bound).toBe(0);
    expect(host.bind('0000:5e:00.1', other).bound).toBe('EPERM');
    expect(host.bind('0000:5e:00.1').bound).toBe(0);
  });
});

describe('two devices of one group', () => {
  const both = () => {
    const host = new Host();
    host.write('/sys/bus/pci/drivers/idxd/unbind', '0000:6e:00.1');
    host.write('/sys/bus/pci/devices/0000:6e:00.1/driver_override', 'vfio-pci');
    host.write('/sys/bus/pci/drivers_probe', '0000:6e:00.1');
    const devices = [host.bind('0000:6e:00.0'), host.bind('0000:6e:00.1')] as const;
    return { host, devices };
  };

  it('attach to the same HWPT, not to two (iommufd_hw_pagetable_attach())', () => {
    const { devices } = both();
    const [first, second] = devices;
    const { hwpt } = first.deliver();
    expect([second.deliver().attached, second.attach(hwpt)]).toEqual(['EINVAL', 0]);
  });

  it('are replaced together (iommufd_device_do_replace())', () => {
    const { host, devices } = both();
    const [first, second] = devices;
    const old = first.deliver();
    second.attach(old.hwpt);
    expect(host.destroy(old.hwpt)).toBe('EBUSY');
    const { hwpt, attached } = second.deliver();
    expect([attached, host.destroy(old.hwpt), host.destroy(hwpt)]).toEqual([0, 0, 'EBUSY']);
    expect([first.detach(), host.destroy(hwpt), second.detach(), host.destroy(hwpt)]).toEqual([0, 'EBUSY', 0, 0]);
  });
});

describe('domains', () => {
  it('of one IOMMU’s driver do not attach to a device behind another (domain_iommu_ops_compatible())', () => {
    const host = new Host();
    const [intel, amd] = [host.bind('0000:17:00.0'), host.bind('0000:a1:00.0')];
    const hwpt = host.hwpt({ dev: intel.devId, pt: host.ioas() });
    expect([amd.attach(hwpt), intel.attach(hwpt)]).toEqual(['EINVAL', 0]);
  });

  it.each<[string, string, number, number | string]>([
    ['VT-d', '0000:17:00.0', NEST_PARENT, 0],
    ['VT-d, with PASIDs', '0000:17:00.0', PASID, 0],
    ['VT-d in legacy mode', '0000:c1:00.0', NEST_PARENT, 'EOPNOTSUPP'],
    ['AMD', '0000:a1:00.0', PASID, 0],
    ['AMD', '0000:a1:00.0', NEST_PARENT | PASID, 'EOPNOTSUPP'],
    ['SMMUv3', '0004:75:00.0', NEST_PARENT, 0],
    ['SMMUv3', '0004:75:00.0', NEST_PARENT | PASID, 'EOPNOTSUPP'],
  ])('%s (%s) with flags %i: %s', (_what, address, flags, expected) => {
    const host = new Host({ unsafeInterrupts: true });
    const { devId } = host.bind(address);
    const r = host.tryHwpt({ dev: devId, pt: host.ioas(), flags });
    expect(typeof r === 'number' ? 0 : r).toBe(expected);
  });

  it.each(['0000:a1:00.0', '0004:75:00.0'])('%s nests only through a vIOMMU', (address) => {
    const host = new Host();
    const { devId } = host.bind(address);
    const parent = host.hwpt({ dev: devId, pt: host.ioas(), flags: NEST_PARENT });
    expect(host.vtdNested(devId, parent, { addrWidth: 48 })).toBe('EOPNOTSUPP');
  });
});

describe('a nested HWPT on VT-d', () => {
  const prepared = () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const parent = host.hwpt({ dev: vfio.devId, pt: host.ioas(), flags: NEST_PARENT });
    return { host, vfio, parent };
  };

  it('attaches with a fault object', () => {
    const { host, vfio, parent } = prepared();
    const nested = host.vtdNested(vfio.devId, parent, { addrWidth: 48 }, host.fault().id);
    expect(vfio.attach(nested as number)).toBe(0);
  });

  it('of the wrong length or type, or over what is no parent, is refused at once', () => {
    const { host, vfio, parent } = prepared();
    expect(host.vtdNested(vfio.devId, parent, { addrWidth: 48, length: 16 })).toBe('EINVAL');
    expect(host.tryHwpt({ dev: vfio.devId, pt: parent, nested: true })).toBe('EOPNOTSUPP');
    const plain = host.hwpt({ dev: vfio.devId, pt: host.ioas() });
    expect(host.vtdNested(vfio.devId, plain, { addrWidth: 48 })).toBe('EINVAL');
  });

  it('with a width or a flag that the hardware has not is refused at ATTACH (intel_pasid_setup_nested())', () => {
    const { host, vfio, parent } = prepared();
    const attach = (addrWidth: number, flags = 0n) =>
      vfio.attach(host.vtdNested(vfio.devId, parent, { addrWidth, flags }) as number);
    expect([attach(39), attach(57), attach(48, 1n), attach(48, 4n)]).toEqual(['EINVAL', 'EINVAL', 'EINVAL', 0]);
  });
});

describe('PASIDs', () => {
  it('attach on VT-d, below the device’s width', () => {
    const vfio = new Host().bind('0000:17:00.0');
    const { hwpt } = vfio.deliver(PASID);
    expect([vfio.attach(hwpt, 1), vfio.attach(hwpt, 1 << 20)]).toEqual([0, 'EINVAL']);
  });

  it('do not on AMD, whose paging domains have no set_dev_pasid()', () => {
    const vfio = new Host().bind('0000:a1:00.0');
    expect(vfio.attach(vfio.deliver(PASID).hwpt, 1)).toBe('EOPNOTSUPP');
  });

  it('on a device without PASIDs seem to (__iommu_set_group_pasid() passes it over)', () => {
    const host = new Host({ unsafeInterrupts: true });
    const vfio = host.bind('0000:3b:01.0');
    const hwpt = host.hwpt({ dev: vfio.devId, pt: host.ioas(), flags: PASID });
    expect([vfio.attach(hwpt), vfio.attach(hwpt, 7)]).toEqual([0, 0]);
  });
});

describe('a platform device', () => {
  const ADDRESS = '2b600000.dma-controller';
  const bound = (reset: boolean) => {
    const devices = DEVICES.map((spec) => (spec.bus === 'platform' ? { ...spec, reset } : spec));
    const host = new Host({ devices });
    const bus = '/sys/bus/platform';
    host.write(`${bus}/drivers/dma-pl330/unbind`, ADDRESS);
    host.write(`${bus}/devices/${ADDRESS}/driver_override`, 'vfio-platform');
    return { host, r: host.write(`${bus}/drivers/vfio-platform/bind`, ADDRESS) };
  };

  it('that VFIO can reset and that stalls takes faults', () => {
    const { host, r } = bound(true);
    expect(r).toBe('ok');
    expect(host.files.list(`/sys/bus/platform/devices/${ADDRESS}/of_node`)).toContain('dma-can-stall');
    const [name] = host.files.list(`/sys/bus/platform/devices/${ADDRESS}/vfio-dev`);
    const vfio = new VfioFile(host, host.open(`/dev/vfio/devices/${name}`), host.fd);
    expect([vfio.bound, vfio.deliver().attached]).toEqual([0, 0]);
  });

  it('that VFIO cannot reset is ENOENT', () => {
    expect(bound(false).r).toBe('ENOENT');
  });
});

describe('faults', () => {
  it.each([
    ['0000:17:00.0', 1],
    ['0000:17:03.0', 1],
    ['0000:a1:00.0', 0],
    ['0004:75:00.0', 1],
    ['0004:76:00.0', 0],
  ])('of %s arrive: %i', (address, records) => {
    const host = new Host();
    const vfio = host.bind(address);
    const { fault } = vfio.deliver();
    const answers: number[] = [];
    host.sim.attachBehaviour(vfio.devId as DevId, oneFault(answers), host.fd as Fd);
    host.sim.poll([{ fd: fault.fd, events: 1, revents: 0 }], 0);
    expect(host.read(fault.fd).r).toBe(records * RECORD);
    // Nobody hears of the others: the device is answered INVALID.
    expect(answers).toEqual(records === 1 ? [] : [1]);
  });

  it('with a PASID that nothing is attached to do not reach a nested HWPT: VT-d has no user PASID tables', () => {
    const host = new Host();
    const vfio = host.bind('0000:17:00.0');
    const parent = host.hwpt({ dev: vfio.devId, pt: host.ioas(), flags: NEST_PARENT });
    const fault = host.fault();
    vfio.attach(host.vtdNested(vfio.devId, parent, { addrWidth: 48 }, fault.id) as number);
    const answers: number[] = [];
    host.sim.attachBehaviour(vfio.devId as DevId, oneFault(answers, 5), host.fd as Fd);
    host.sim.poll([{ fd: fault.fd, events: 1, revents: 0 }], 0);
    expect([host.read(fault.fd).r, answers]).toEqual([0, [1]]);
  });

  it('are not made up: a host has no selftest', () => {
    const host = new Host();
    expect(host.tryMock(host.ioas()).r).toBe('ENOTTY');
  });
});
