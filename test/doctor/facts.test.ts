import { gzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { addToCommandLine } from '../../src/doctor/facts/boot-loader.ts';
import { containerHint, credentials } from '../../src/doctor/facts/credentials.ts';
import { kernelConfig } from '../../src/doctor/facts/kernel-config.ts';
import { moduleState } from '../../src/doctor/facts/modules.ts';
import { platform } from '../../src/doctor/facts/platform.ts';
import { Reading } from '../../src/host/reading.ts';
import { SimFiles } from '../../src/kernel/sim/machine/files.ts';

const RELEASE = '6.12.0-test';

function host(files: Record<string, string | Uint8Array>): Reading {
  const sim = new SimFiles();
  for (const [path, content] of Object.entries(files)) sim.add(path, content);
  return new Reading(sim);
}

describe('kernelConfig', () => {
  const text = 'CONFIG_IOMMUFD=m\n# CONFIG_VFIO is not set\nCONFIG_LOCALVERSION="x=y"\n';

  it.each([
    ['/proc/config.gz', gzipSync(text)],
    [`/boot/config-${RELEASE}`, text],
    [`/lib/modules/${RELEASE}/config`, text],
  ])('reads %s', (path, content) => {
    const config = kernelConfig(host({ [path]: content }), RELEASE);
    expect(config?.path).toBe(path);
    expect(['IOMMUFD', 'VFIO', 'LOCALVERSION', 'ABSENT'].map((name) => config?.get(name))).toEqual([
      'm',
      'n',
      '"x=y"',
      'n',
    ]);
  });

  it.each([
    ['is no gzip', new TextEncoder().encode('hello')],
    ['begins like a gzip', Uint8Array.of(0x1f, 0x8b, 8, 0, 1, 2, 3)],
    ['is cut short', gzipSync(text).subarray(0, 30)],
    ['is empty', new Uint8Array()],
    ['holds no configuration', gzipSync('nothing here')],
    ['swells to more than any configuration has', gzipSync(new Uint8Array(9 << 20))],
  ])('passes over a config.gz that %s', (_what, bytes) => {
    expect(kernelConfig(host({ '/proc/config.gz': bytes }), RELEASE)).toBeNull();
    const both = host({ '/proc/config.gz': bytes, [`/boot/config-${RELEASE}`]: text });
    expect(kernelConfig(both, RELEASE)?.get('IOMMUFD')).toBe('m');
  });
});

describe('moduleState', () => {
  const lib = `/lib/modules/${RELEASE}`;
  const state = (files: Record<string, string>) => {
    const reading = host(files);
    return moduleState(reading, RELEASE, kernelConfig(reading, RELEASE), { module: 'vfio-pci', option: 'VFIO_PCI' });
  };

  it.each([
    ['loaded', { '/proc/modules': 'vfio_pci 65536 0 - Live 0x0\n' }],
    ['built in', { [`/boot/config-${RELEASE}`]: 'CONFIG_VFIO_PCI=y\n' }],
    ['built in', { '/sys/module/vfio_pci/parameters/ids': '' }],
    ['built in', { [`${lib}/modules.builtin`]: 'kernel/drivers/vfio/pci/vfio-pci.ko\n' }],
    ['not loaded', { [`${lib}/modules.dep`]: 'kernel/drivers/vfio/pci/vfio-pci.ko.xz: kernel/a.ko\n' }],
    ['not loaded', { [`/boot/config-${RELEASE}`]: 'CONFIG_VFIO_PCI=m\n' }],
    ['absent', { [`${lib}/modules.dep`]: 'kernel/drivers/vfio/pci/vfio-pci-core.ko.xz:\n' }],
    ['absent', { [`/boot/config-${RELEASE}`]: 'CONFIG_VFIO=m\n' }],
    ['unknown', {}],
  ])('%s', (expected, files) => {
    expect(state(files as Record<string, string>)).toBe(expected);
  });
});

describe('credentials', () => {
  const LIMITS = 'Limit                     Soft Limit           Hard Limit           Units     \n';
  const locked = (soft: string, hard: string) =>
    `${LIMITS}Max locked memory         ${soft.padEnd(21)}${hard.padEnd(21)}bytes     \n`;

  it('reads capabilities, limits and walls', () => {
    const found = credentials(
      host({
        '/proc/self/status': 'CapEff:\t0000000000004000\nSeccomp:\t2\n',
        '/proc/self/limits': locked('8388608', 'unlimited'),
        '/proc/self/uid_map': '         0       1000          1\n',
      }),
    );
    expect([found.has('IPC_LOCK'), found.has('SYS_ADMIN')]).toEqual([true, false]);
    expect(found.memlock).toEqual({ soft: 8 << 20, hard: Number.POSITIVE_INFINITY });
    expect([found.seccomp, found.userNamespace]).toEqual([true, true]);
  });

  it('the initial user namespace is none of its own', () => {
    expect(credentials(host({ '/proc/self/uid_map': '         0          0 4294967295\n' })).userNamespace).toBe(false);
  });

  it.each([{}, { '/proc/self/status': 'CapEff:\tzz\n', '/proc/self/limits': locked('many', 'more') }])(
    'what cannot be read is not known: %j',
    (files) => {
      const found = credentials(host(files as Record<string, string>));
      expect([found.has('IPC_LOCK'), found.memlock]).toEqual([null, null]);
    },
  );

  it('a container leaves a sign', () => {
    expect(containerHint(host({ '/.dockerenv': '' }))).toBe('/.dockerenv');
    expect(containerHint(host({}))).toBeNull();
  });
});

describe('platform', () => {
  it.each([
    ['intel', { '/sys/firmware/acpi/tables/DMAR': '' }],
    ['amd', { '/sys/firmware/acpi/tables/IVRS': '' }],
    ['arm', { '/sys/firmware/acpi/tables/IORT': '' }],
    ['intel', { '/proc/cpuinfo': 'vendor_id\t: GenuineIntel\n' }],
    ['amd', { '/proc/cpuinfo': 'vendor_id\t: AuthenticAMD\n' }],
    ['arm', { '/proc/cpuinfo': 'CPU implementer\t: 0x41\n' }],
  ])('%s by %j', (vendor, files) => {
    expect(platform(host(files as Record<string, string>)).vendors).toEqual([vendor]);
  });

  it('IOMMUs that are there say more than the processor', () => {
    const reading = host({
      '/proc/cpuinfo': 'vendor_id\t: GenuineIntel\n',
      '/sys/class/iommu/ivhd0/amd-iommu/cap': '1\n',
    });
    expect(platform(reading).vendors).toEqual(['amd']);
  });

  it('of a machine that says nothing nothing is known', () => {
    expect(platform(host({}))).toMatchObject({
      vendors: [],
      table: undefined,
      virtual: false,
      commandLine: { parameters: [] },
      groups: 0,
    });
  });
});

describe('addToCommandLine', () => {
  it.each([
    [{ '/usr/sbin/grubby': '' }, /^sudo grubby .*--args="a=b" && sudo reboot$/],
    [
      { '/etc/default/grub': '', '/usr/sbin/update-grub': '' },
      /\/etc\/default\/grub && sudo update-grub && sudo reboot$/,
    ],
    [{ '/etc/default/grub': '' }, /grub-mkconfig -o \/boot\/grub\/grub\.cfg/],
    [{ '/etc/kernel/cmdline': '' }, /\/etc\/kernel\/cmdline && sudo kernel-install/],
  ])('%j', (files, command) => {
    expect(addToCommandLine(host(files as Record<string, string>), 'a=b')).toMatch(command);
  });
});
