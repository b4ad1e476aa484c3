import { describe, expect, it } from 'vitest';
import { devicesTable } from '../../../src/cli/devices/table.ts';
import { listDevices } from '../../../src/host/find.ts';
import { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import { configSpace, FULL, SmallHost } from '../../host/small-host.ts';

const machine = listDevices(new Machine().files);
const heads = (text: string): string[] => text.split('\n')[0]!.split(/ {2,}/);

function small(): SmallHost {
  const host = new SmallHost().intel();
  host.device({ driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0', vfs: [2, 16] });
  host.device({ address: '0000:17:00.1', driver: 'idxd', group: 10, iommu: 'dmar0', config: configSpace(FULL, 64) });
  host.files.add('/proc/devices', 'Character devices:\n511 vfio-dev\n\nBlock devices:\n');
  return host;
}

describe('the table', () => {
  it('has a line for each device, and what its letters mean', () => {
    expect(devicesTable(listDevices(small().files), 120)).toBe(
      `DEVICE        NAME                    GROUP  IOMMU  FUNCTION  PRI  DRIVER    VFIO   VERDICT
0000:17:00.0  class 088000 8086:11fb  9      dmar0  PF 2/16   APR  vfio-pci  vfio0  ready
0000:17:00.1  class 088000 8086:11fb  10     dmar0            ?    idxd             unknown: PRI? needs root

PRI: A ATS, P PASID, R page requests; lowercase: off, x: off by the kernel, -: absent, ?: unread, ~: unknown, !: trouble
2 devices: 1 ready, 1 unknown
Not read: 0000:17:00.1: extended configuration space: it ends after 64 bytes: that needs root
\`iopftop devices DEVICE\` shows everything known about one.
`,
    );
  });

  it.each([60, 80, 100, 120, 160, 250])('fits %i columns', (width) => {
    for (const line of devicesTable(machine, width).split('\n')) expect(line.length).toBeLessThanOrEqual(width);
  });

  it('leaves columns out where it gets narrow: never the device and the verdict', () => {
    const shown = [200, 120, 100, 80, 60, 40].map((width) => heads(devicesTable(machine, width)));
    for (const [i, now] of shown.entries()) {
      expect(now).toEqual(expect.arrayContaining(['DEVICE', 'VERDICT']));
      if (i > 0) expect(shown[i - 1]).toEqual(expect.arrayContaining(now));
    }
    expect(shown[0]).toHaveLength(9);
    expect(shown.at(-1)).toEqual(['DEVICE', 'VERDICT']);
  });

  it('leaves out a column that says nothing', () => {
    const host = new SmallHost().intel();
    host.device({ driver: 'idxd', group: 9, iommu: 'dmar0' });
    expect(heads(devicesTable(listDevices(host.files), 200))).not.toContain('VFIO');
  });

  it('says once what could not be read', () => {
    const host = new SmallHost(1000).intel();
    for (const fn of [0, 1]) {
      host.device({ address: `0000:17:00.${fn}`, group: fn, iommu: 'dmar0', config: configSpace(FULL, 64) });
    }
    const text = devicesTable(listDevices(host.files), 120);
    expect(text).toContain(
      'Not read: 0000:17:00.0, 0000:17:00.1: extended configuration space: it ends after 64 bytes: that needs root',
    );
    expect(text).toContain('2 devices: 2 unknown');
    expect(text).toMatch(/0000:17:00\.0 .* \? .* unknown: PRI\? needs root/);
  });

  it('says what could not be read of the host, each thing once', () => {
    const of = (path: string) => ({ what: 'the IOMMU groups', path, why: 'EIO' });
    const text = devicesTable([], 120, [of('/a'), of('/b')]);
    expect(text.split('Not read: the IOMMU groups: EIO\n')).toHaveLength(2);
  });

  it('cuts no name to what many share: a column that says less goes first', () => {
    for (const width of [120, 140, 160]) {
      const line = devicesTable(machine, width).split('\n')[1]!;
      expect(line).toMatch(/^0000:17:00\.0 +Data Streaming Acc/);
    }
  });

  it('lets no control characters through', () => {
    const host = new SmallHost().intel().process(7, '\u001b]0;x\u0007', { 3: '/dev/vfio/devices/vfio0' });
    host.files.add('/usr/share/misc/pci.ids', '8086  \u009b2J\n\t11fb  \u001b[2J\n');
    host.device({ driver: '\u001b[31m', group: 9, iommu: 'dmar0', vfio: 'vfio0' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(devicesTable(listDevices(host.files), 200)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
