import { describe, expect, it } from 'vitest';
import { deviceText } from '../../../src/cli/devices/device-text.ts';
import { findDevice, listDevices } from '../../../src/host/find.ts';
import { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import { configSpace, FULL, SmallHost } from '../../host/small-host.ts';

const page = (host: SmallHost, name = '17:00.0', width = 100): string =>
  deviceText(findDevice(host.files, name), width);
const machine = (address: string): string => deviceText(findDevice(new Machine().files, address), 100);

describe('the page of a device', () => {
  it('says all that is known of it', () => {
    const host = new SmallHost().intel().process(42, 'qemu', { 7: '/dev/vfio/devices/vfio0' });
    host.device({ driver: 'vfio-pci', override: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0', vfs: [0, 16] });
    host.device({ address: '0000:17:00.1', driver: 'nvme', group: 9, iommu: 'dmar0' });
    expect(page(host)).toBe(`0000:17:00.0  class 088000 8086:11fb

id          8086:11fb, revision 00
class       088000
function    PF, with 0 of 16 VFs
driver      vfio-pci; driver_override says vfio-pci
group       9, type DMA-FQ; also in it: 0000:17:00.1 (nvme, blocks VFIO)
IOMMU       dmar0, Intel VT-d 6.0; page requests: PRS on, PDS on; ATS; scalable mode; PASIDs of 20
            bits; first stage, second stage, nested; ecap 0xcd9824000004
ATS         on, 32 invalidations at once
PASID       on, 20 bits
PRI         on, 32 of 512 outstanding page requests allotted, PASID in responses
VFIO        /dev/vfio/devices/vfio0
open in     qemu (PID 42), /dev/vfio/devices/vfio0 as 7
sysfs       /sys/devices/pci0000:17/0000:17:00.0

Before it can fault, in this order:
  - 0000:17:00.1, of the same IOMMU group, must be unbound from its driver nvme; \`iopftop devices
    0000:17:00.1\` says who uses it
  - qemu (PID 42) has /dev/vfio/devices/vfio0 open as 7: watch it with \`iopftop --pid 42\`, or end it
`);
  });

  it('says what to do next with one that is ready', () => {
    expect(machine('0000:17:00.0')).toContain('It can fault and is ready:\n      iopftop --device 0000:17:00.0\n');
  });

  it('says why one cannot, and nothing of what would not help', () => {
    const text = machine('0000:19:00.0');
    expect(text).toContain('It cannot deliver faults:\n  - it has no PRI: it cannot make page requests\n');
    expect(text).not.toContain('vfio-pci');
  });

  it('says what could not be read, and what it needs all the same', () => {
    const host = new SmallHost(1000).intel();
    host.device({ driver: 'idxd', group: 9, iommu: 'dmar0', config: configSpace(FULL, 64) });
    const text = page(host);
    expect(text).toContain('Whether it can fault is not known:\n  - its ATS, PASID and PRI capabilities');
    expect(text).toContain('It also needs:\n  - its driver is idxd');
    expect(text).toContain('Not read:\n  - extended configuration space: it ends after 64 bytes');
    expect(text).not.toMatch(/^PRI /m);
  });

  it('says what is behind the words for AMD and Arm', () => {
    expect(machine('0000:a1:00.0')).toContain('AMD-Vi; page requests (PPR); guest translation, PASIDs of 16 bits');
    expect(machine('0004:75:00.0')).toMatch(/^stalls {6}yes$/m);
  });

  it.each([40, 60, 80, 110, 200])('breaks lines at %i columns, but no commands and no words', (width) => {
    for (const device of listDevices(new Machine().files)) {
      for (const line of deviceText(device, width).split('\n').slice(1)) {
        if (line.startsWith('      ') || !line.slice(12).includes(' ')) continue;
        expect(line.length, line).toBeLessThanOrEqual(Math.min(width, 110));
      }
    }
  });

  it('lets no control characters through', () => {
    const host = new SmallHost().intel().process(7, '\u001b]0;x\u0007', { 3: '/dev/vfio/devices/vfio0' });
    host.files.add('/usr/share/misc/pci.ids', '8086  \u009b2J\n\t11fb  \u001b[2J\nC 08  \u0007\n');
    const address = '0000:17:00.0';
    host.device({ driver: '\u001b[31m', override: '\u001b[1m', group: 9, iommu: 'dmar0', vfio: 'vfio0' });
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
    expect(page(host, address)).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f]/);
  });
});
