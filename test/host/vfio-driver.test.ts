// What vfio-pci would refuse: told before a device leaves its driver.
import { describe, expect, it } from 'vitest';
import { findDevice } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { configSpace, FULL, type SmallDevice, SmallHost } from './small-host.ts';

const PARAMETER = '/sys/module/vfio_pci/parameters/disable_denylist';
const RELOAD = 'modprobe -r vfio-pci && modprobe vfio-pci disable_denylist=1';
const LOAD = 'modprobe vfio-pci disable_denylist=1';

interface Module {
  parameter?: string;
  builtIn?: boolean;
  users?: number;
}

/** A host whose vfio-pci is loaded, unless its parameter is left out. */
function host({ parameter, builtIn = false, users = 0 }: Module = {}): SmallHost {
  const made = new SmallHost().intel();
  if (parameter !== undefined) made.files.add(PARAMETER, `${parameter}\n`);
  if (parameter !== undefined && !builtIn)
    made.files.add('/proc/modules', `idxd 1 0 - Live 0x0\nvfio_pci 20480 ${users} - Live 0x0\n`);
  return made;
}

const DENIED: SmallDevice = { device: '0b25', driver: 'idxd', group: 9, iommu: 'dmar0' };

const look = (on: SmallHost, spec: SmallDevice = {}) => {
  on.device({ ...DENIED, ...spec });
  return findDevice(on.files, '17:00.0');
};

describe('the denylist', () => {
  it.each(['0435', '0443', '0b25', '0cfe', '19e2', '19e3', '37c8', '37c9'])('8086:%s is on it', (device) => {
    const found = look(host({ parameter: 'N' }), { device });
    expect(found.refusal).toMatchObject({ kind: 'needs', id: 'denylist', command: RELOAD });
    expect(verdictOf(found)).toMatchObject({
      outcome: 'needs',
      findings: [{ id: 'denylist' }, { id: 'bind-driver', command: null, text: expect.not.stringContaining('--bind') }],
    });
  });

  it.each([
    ['Granite Rapids-D', { device: '11fb' }],
    ['another vendor', { vendor: '1002' }],
    ['a variant driver that has it', { device: '37c9', driver: 'qat_vfio_pci', vfio: 'vfio0' }],
    ['vfio-pci that has it', { driver: 'vfio-pci', vfio: 'vfio0' }],
  ] as [string, SmallDevice][])('%s is not', (_, spec) => {
    expect(look(host({ parameter: 'N' }), spec).refusal).toBeNull();
  });

  it.each([
    ['off', { parameter: 'Y' }, null, null],
    ['on, and the module is built in', { parameter: 'N', builtIn: true }, null, 'vfio_pci.disable_denylist=1'],
    ['on, and the module is in use', { parameter: 'N', users: 2 }, null, '(2 references to the module)'],
    ['to be on: the module is not loaded', {}, LOAD, 'load vfio-pci with'],
  ] as const)('%s', (_, module, command, text) => {
    const { refusal } = look(host(module));
    expect(refusal?.command ?? null).toBe(command);
    if (text !== null) expect(refusal?.text).toContain(text);
    else expect(refusal).toBeNull();
  });

  it.each([
    ['its device', '/dev/vfio/devices/vfio0'],
    ['its group', '/dev/vfio/3'],
  ])('on, and somebody has %s open: it is named, and no command that must fail is given', (_, node) => {
    const on = host({ parameter: 'N' });
    on.device({ address: '0000:18:00.0', driver: 'vfio-pci', vfio: 'vfio0', group: 3, iommu: 'dmar0' });
    on.process(4242, 'qemu', { 9: node });
    const { refusal } = look(on);
    expect(refusal?.command).toBeNull();
    expect(refusal?.text).toContain(
      `first end what has them open (qemu (PID 4242) has ${node} open), then run this again`,
    );
  });

  it('on, and what is open is of another driver of VFIO: the module can be taken out', () => {
    const on = host({ parameter: 'N' });
    on.device({ address: '0000:18:00.0', driver: 'mlx5_vfio_pci', vfio: 'vfio0', group: 3, iommu: 'dmar0' });
    on.process(4242, 'qemu', { 9: '/dev/vfio/devices/vfio0' });
    expect(look(on).refusal?.command).toBe(RELOAD);
  });

  it('a driver without the parameter has no list', () => {
    const on = host();
    on.files.makeDirectories('/sys/module/vfio_pci');
    expect(look(on).refusal).toBeNull();
  });

  it.each([
    ['/etc/modprobe.d/vfio.conf', '# x\noptions vfio-pci ids=8086:0b25 \\\n disable_denylist=1\n', true],
    ['/usr/lib/modprobe.d/vfio.conf', 'options vfio_pci disable-denylist\n', true],
    ['/etc/modprobe.d/vfio.conf', 'options vfio_pci disable_denylist=Y disable_denylist=0\n', false],
    ['/etc/modprobe.d/vfio.conf', 'options vfio_pci_core disable_denylist=1\n', false],
    ['/etc/modprobe.d/vfio.conf.bak', 'options vfio_pci disable_denylist=1\n', false],
    ['/proc/cmdline', 'quiet vfio-pci.disable_denylist=1\n', true],
    ['/proc/cmdline', 'vfio_pci.disable_denylist=1 vfio_pci.disable_denylist=n\n', false],
    ['/proc/cmdline', '-- vfio_pci.disable_denylist=1\n', false],
  ])('what %s says counts when it is loaded: %j', (path, text, off) => {
    const on = host();
    on.files.add(path, text);
    expect(look(on).refusal === null).toBe(off);
  });

  it('a file in /etc hides that of the same name in /usr/lib', () => {
    const on = host();
    on.files.add('/usr/lib/modprobe.d/vfio.conf', 'options vfio_pci disable_denylist=1\n');
    on.files.add('/etc/modprobe.d/vfio.conf', '\n');
    expect(look(on).refusal?.id).toBe('denylist');
  });
});

describe('the header', () => {
  const config = (type: number) => {
    const bytes = configSpace(FULL);
    bytes[0x0e] = type;
    return bytes;
  };

  it.each([
    ['a root complex of another class', 1, '0b2000', 'cannot'],
    ['a semi-transparent bridge', 0x81, '060980', 'cannot'],
    ['a bridge to CardBus', 2, '060700', 'cannot'],
    ['a semi-transparent bridge that is an endpoint', 0, '060980', 'needs'],
    ['one function of several', 0x80, '088000', 'needs'],
  ])('%s', (_, type, code, outcome) => {
    const found = look(host({ parameter: 'N' }), { device: '11fb', class: code, config: config(type) });
    expect([found.headerType, verdictOf(found).outcome]).toEqual([type & 0x7f, outcome]);
    expect(found.refusal?.id ?? null).toBe(outcome === 'cannot' ? 'bridge' : null);
  });

  it('one that cannot be read is not known', () => {
    const on = host({ parameter: 'N' });
    on.device({ ...DENIED, device: '11fb' });
    on.files.delete('/sys/devices/pci0000:17/0000:17:00.0/config');
    const found = findDevice(on.files, '17:00.0');
    expect(verdictOf(found).outcome).toBe('unknown');
    expect(found.refusal).toMatchObject({ kind: 'unknown', id: 'header-unread' });
  });
});

describe('character devices of VFIO devices', () => {
  const NUMBERS = 'Character devices:\n  1 mem\n243 vfio\n511 vfio-dev\n\nBlock devices:\n259 blkext\n';
  const loaded = (numbers: string | null) => {
    const on = host({ parameter: 'N' });
    on.files.makeDirectories('/sys/class/vfio-dev');
    if (numbers !== null) on.files.add('/proc/devices', numbers);
    return look(on, { device: '11fb' });
  };

  it('where the kernel makes them nothing is in the way', () => {
    expect(loaded(NUMBERS).refusal).toBeNull();
  });

  it.each([
    [
      'the kernel makes none',
      NUMBERS.replace('511 vfio-dev\n', ''),
      'needs',
      'no-cdev',
      'no vfio-dev in /proc/devices',
    ],
    ['another has a name like theirs', NUMBERS.replace('vfio-dev', 'vfio-device'), 'needs', 'no-cdev', 'CDEV'],
    ['that cannot be read', null, 'unknown', 'cdev-unread', 'cannot tell'],
  ])('%s: it is not advised to bind it', (_, numbers, kind, id, text) => {
    const found = loaded(numbers);
    expect(found.refusal).toMatchObject({ kind, id, command: null, text: expect.stringContaining(text) });
    expect(verdictOf(found)).toMatchObject({
      outcome: kind,
      findings: [{ id }, { id: 'bind-driver', command: null, text: expect.not.stringContaining('--bind') }],
    });
  });

  it('while VFIO is not loaded nothing can be told', () => {
    expect(look(new SmallHost().intel(), { device: '11fb' }).refusal).toBeNull();
  });
});

describe('a PF that has VFs', () => {
  it.each([
    ['idxd', 'echo 0 > /sys/devices/pci0000:17/0000:17:00.0/sriov_numvfs'],
    [undefined, null],
  ])('with driver %s', (driver, command) => {
    const found = look(host({ parameter: 'N' }), { device: '11fb', driver, vfs: [2, 16] });
    expect(found.refusal).toMatchObject({ id: 'has-vfs', command });
    expect(verdictOf(found).outcome).toBe('needs');
  });
});
