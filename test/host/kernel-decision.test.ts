// "Not there", "off by the kernel's decision", "not read" and "cannot be told" are four things, in `devices` and `doctor` alike.
import { describe, expect, it } from 'vitest';
import { capabilityStates } from '../../src/host/capability-states.ts';
import { findDevice } from '../../src/host/find.ts';
import { verdictOf } from '../../src/host/verdict.ts';
import { configSpace, FULL, type Registers, type SmallDevice, SmallHost } from './small-host.ts';

const BOUND: SmallDevice = { driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' };
const PASID_ON = [0x1400, 1] as const;
const PASID_OFF = [0x1400, 0] as const;
const PRI_OFF = [0, 0x8100, 512, 0] as const;
const ATS_ON = [0x20, 0x8000] as const;
const ATS_OFF = [0x20, 0] as const;
/** What the kernel leaves with ATS off. */
const LEFT: Registers = { ats: ATS_OFF, pasid: PASID_ON, pri: PRI_OFF };

interface Host {
  line?: string;
  symbols?: string;
  reset?: boolean;
}
const NEW = 'ffffffff81a0 T intel_iommu_enable_iopf\n';
const OLD = 'ffffffff81a0 t intel_iommu_dev_enable_feat\n';

function look(spec: SmallDevice, { line = 'intel_iommu=on,sm_on', symbols, reset }: Host = {}) {
  const host = new SmallHost().intel();
  host.files.add('/proc/cmdline', `${line}\n`);
  if (symbols !== undefined) host.files.add('/proc/kallsyms', symbols);
  const path = host.device({ ...BOUND, ...spec });
  if (reset) host.files.add(`${path}/reset`, '');
  const device = findDevice(host.files, '17:00.0');
  const { outcome, findings } = verdictOf(device);
  const states = capabilityStates(device);
  return {
    verdict: [outcome, ...findings.map(({ kind, id }) => `${kind} ${id}`)],
    states: [states?.ats.state, states?.pasid.state, states?.pri.state],
    texts: findings.map(({ text }) => text).join(),
    commands: findings.map(({ command }) => command),
  };
}

const registers = (given: Registers, host?: Host) => look({ config: configSpace(given) }, host);

describe('pci=noats', () => {
  it.each(['pci=noats', 'pci=nocrs,noats', 'pci=nocrs pci="noats,nomsi"'])('%s', (words) => {
    const seen = registers(LEFT, { line: `intel_iommu=on,sm_on ${words}`, symbols: NEW });
    expect(seen.verdict).toEqual(['needs', 'needs noats']);
    expect(seen.states).toEqual(['kernel-off', 'on', 'kernel-off']);
    expect(seen.texts).toContain('remove noats from');
  });

  it('counts whatever the registers say, and not for a device that lacks ATS', () => {
    const line = 'intel_iommu=on,sm_on pci=noats';
    expect(registers(FULL, { line }).states).toEqual(['kernel-off', 'on', 'kernel-off']);
    expect(registers({}, { line }).verdict).toEqual(['cannot', 'cannot no-pri']);
  });

  it('is nothing to a device that stalls', () => {
    const host = new SmallHost().platformIommu('smmu3.0x1', 'arm-smmu-v3');
    host.files.add('/proc/cmdline', 'pci=noats\n');
    host.device({ ...BOUND, iommu: 'smmu3.0x1', vendor: '19e5', device: 'a250', revision: '30' });
    expect(verdictOf(findDevice(host.files, '17:00.0')).outcome).toBe('ready');
  });
});

describe('a quirk that switches ATS off', () => {
  it.each([
    ['1451', '10', true],
    ['145c', '1f', true],
    ['145c', '20', false],
    ['1456', '10', false],
  ])('8086:%s, revision %s', (device, revision, off) => {
    const seen = look({ device, revision, config: configSpace(LEFT) }, { symbols: NEW });
    expect(seen.verdict).toEqual(['cannot', off ? 'cannot ats-quirk' : 'cannot pri-off']);
    expect(seen.states[0]).toBe(off ? 'kernel-off' : 'off');
  });

  it.each(['98e4', '7310', '734f'])('1002:%s', (device) => {
    expect(look({ vendor: '1002', device, config: configSpace(LEFT) }).verdict).toEqual(['cannot', 'cannot ats-quirk']);
  });

  it.each([
    ['cf', 'ea50', 'ce19', 'cannot'],
    ['cf', 'ea50', 'ce18', 'unknown'],
    ['c1', 'ea50', 'ce19', 'unknown'],
  ])('1002:15d8, revision %s, subsystem %s:%s', (revision, vendor, device, outcome) => {
    const host = new SmallHost().intel();
    host.files.add('/proc/cmdline', 'intel_iommu=on,sm_on\n');
    const path = host.device({ ...BOUND, vendor: '1002', device: '15d8', revision, config: configSpace(LEFT) });
    host.files.add(`${path}/subsystem_vendor`, `0x${vendor}\n`);
    host.files.add(`${path}/subsystem_device`, `0x${device}\n`);
    expect(verdictOf(findDevice(host.files, '17:00.0')).outcome).toBe(outcome);
  });

  it('a kernel without the quirk has it on', () => {
    const config = configSpace({ ...FULL, ats: ATS_ON });
    expect(look({ device: '1451', config }).verdict).toEqual(['ready']);
  });
});

describe('PRI that is off while scalable mode is wanted', () => {
  const off: Registers = { ats: ATS_ON, pasid: PASID_ON, pri: PRI_OFF };

  it.each([
    ['a kernel that turns it on as it finds devices', off, NEW, ['cannot', 'cannot pri-off'], 'kernel-off'],
    ['one that does so at the attach', off, OLD, ['ready', 'note pri-off'], 'off'],
    ['one that does not say', off, undefined, ['unknown', 'unknown pri-off-unknown'], 'off'],
    ['one whose symbols do not say', off, 'ffff T x\n', ['unknown', 'unknown pri-off-unknown'], 'off'],
    ['ATS and PASIDs off too', { ...LEFT, pasid: PASID_OFF }, undefined, ['unknown', 'unknown pri-off-unknown'], 'off'],
    ['requests not page aligned', { ...LEFT, ats: [0, 0] }, NEW, ['cannot', 'cannot ats-unaligned'], 'kernel-off'],
    ['not page aligned, an older kernel', { ...LEFT, ats: [0, 0] }, OLD, ['cannot', 'cannot ats-unaligned'], 'off'],
  ] as [string, Registers, string | undefined, string[], string][])('%s', (_, given, symbols, verdict, state) => {
    const seen = registers(given, symbols === undefined ? {} : { symbols });
    expect([seen.verdict, seen.states[2]]).toEqual([verdict, state]);
  });
});

describe('PRI of another member of its group that is off', () => {
  it.each([
    [NEW, ['cannot', 'cannot group-pri-off']],
    [OLD, ['ready']],
    ['', ['unknown', 'unknown group-pri-off']],
  ])('symbols %j', (symbols, expected) => {
    const host = new SmallHost().intel();
    host.files.add('/proc/kallsyms', symbols);
    host.device({ address: '0000:17:00.1', group: 9, iommu: 'dmar0', config: configSpace({ ...FULL, pri: PRI_OFF }) });
    host.device(BOUND);
    const { outcome, findings } = verdictOf(findDevice(host.files, '17:00.0'));
    expect([outcome, ...findings.map(({ kind, id }) => `${kind} ${id}`)]).toEqual(expected);
  });
});

describe('PRI without credits', () => {
  it.each([
    ['none to have', [1, 0x8000, 0, 0], true, 'cannot'],
    ['none allotted', [1, 0x8000, 512, 0], false, 'cannot'],
    ['none allotted, and a reset', [1, 0x8000, 512, 0], true, 'needs'],
  ] as const)('%s', (_, pri, reset, kind) => {
    const seen = registers({ ...FULL, pri }, { reset });
    expect(seen.verdict).toEqual([kind, `${kind} pri-no-credits`]);
    expect(seen.commands).toEqual([kind === 'needs' ? 'echo 1 > /sys/devices/pci0000:17/0000:17:00.0/reset' : null]);
  });
});

describe('extended configuration space', () => {
  /** With PCI Express at 0x40, as an endpoint has it. */
  const express = (bytes: Uint8Array): Uint8Array => {
    bytes.set([0x10, 0], 0x06);
    bytes[0x34] = 0x40;
    bytes.set([0x10, 0, 2, 0], 0x40);
    return bytes;
  };
  const size = (config: Uint8Array, bytes: number) => {
    const host = new SmallHost().intel();
    const path = host.device({ ...BOUND, config });
    host.files.add(`${path}/config`, { read: () => config, size: bytes });
    return findDevice(host.files, '17:00.0');
  };

  it.each([
    ['PCI Express and 256 bytes', express(configSpace(FULL, 256)), 'no-extended-space', 'unknown'],
    ['PCI Express, 256 bytes, and this user may read 64', express(configSpace(FULL)).slice(0, 64), 'no-extended-space', 'unknown'], // biome-ignore format: a case a line
    ['conventional PCI and 256 bytes', configSpace({}, 256), 'no-pri', 'absent'],
  ])('%s', (_, config, id, state) => {
    const device = size(config, 256);
    expect(verdictOf(device)).toMatchObject({ outcome: 'cannot', findings: [{ id }] });
    expect(capabilityStates(device)).toMatchObject({ ats: { state }, pasid: { state }, pri: { state } });
  });

  it.each([
    ['ones from 0x100 on', (bytes: Uint8Array) => bytes.fill(0xff, 0x100), ['unknown', 'unknown', 'unknown']],
    ['a list that breaks before PRI', (bytes: Uint8Array) => bytes.fill(0xff, 0x120), ['on', 'on', 'unknown']],
    ['registers of PRI that read as ones', (bytes: Uint8Array) => bytes.fill(0xff, 0x124), ['on', 'on', 'unknown']],
  ])('%s', (_, damage, states) => {
    const seen = look({ config: damage(configSpace(FULL)) });
    expect(seen.verdict).toEqual(['unknown', 'unknown capabilities-unknown']);
    expect(seen.states).toEqual(states);
  });

  it('a list that breaks after all that matters was found is no obstacle', () => {
    const config = configSpace(FULL);
    new DataView(config.buffer).setUint32(0x120, 0x13 | (1 << 16) | (0x200 << 20), true);
    config.fill(0xff, 0x200, 0x204);
    expect(look({ config }).verdict).toEqual(['ready']);
  });

  it('what this user may not read is not read', () => {
    expect(look({ config: configSpace(FULL, 64) })).toMatchObject({
      verdict: ['unknown', 'unknown capabilities-unread'],
      states: ['unread', 'unread', 'unread'],
    });
  });

  it.each([
    ['broken', (bytes: Uint8Array) => bytes.fill(0xff, 0x100), 4096, 'unknown group-unread'],
    ['out of reach', express, 256, 'cannot group-no-pri'],
  ] as const)('that of another member of its group is %s', (_, change, length, finding) => {
    const host = new SmallHost().intel();
    const config = change(configSpace(FULL)).slice(0, length);
    const path = host.device({ address: '0000:17:00.1', group: 9, iommu: 'dmar0', config });
    host.files.add(`${path}/config`, { read: () => config, size: length });
    host.device(BOUND);
    const { findings } = verdictOf(findDevice(host.files, '17:00.0'));
    expect(findings.map(({ kind, id }) => `${kind} ${id}`)).toEqual([finding]);
  });
});
