// The table and the page of devices with names of any writing, as a terminal shows them.
import xterm from '@xterm/headless';
import { afterEach, describe, expect, it } from 'vitest';
import { deviceText } from '../../../src/cli/devices/device-text.ts';
import { devicesTable } from '../../../src/cli/devices/table.ts';
import type { DeviceInfo } from '../../../src/host/device-info.ts';
import { listDevices } from '../../../src/host/find.ts';
import { keepOnlyAscii } from '../../../src/text/visible.ts';
import { SmallHost } from '../../host/small-host.ts';

/** Wide, combining, from right to left, as wide as the terminal pleases, and what a terminal would obey. */
const NAMES = ['显卡零', '显卡一', 'e\u0301', 'é', 'שלום', '\u202egpu', '👩‍👩‍👧', '한국어', 'a\x1b[2Jb', 'nvme'];

function devices(): DeviceInfo[] {
  const host = new SmallHost().intel();
  host.device({ driver: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0' });
  const [like] = listDevices(host.files);
  return NAMES.map((name): DeviceInfo => {
    const pci = { ...like!.pci!, device: { id: '11fb', name: `card ${name}` } };
    const opener = { pid: 7, comm: name, fd: 3, path: `/dev/${name}` };
    return { ...like!, pci, driver: name, driverOverride: name, openers: [opener], uses: [`${name} has it`] };
  });
}

/** The lines of a text on a terminal of that width, and each as an array of its cells ('' behind a wide character). */
async function shown(text: string, cols: number): Promise<{ lines: string[]; cells: string[][] }> {
  const rows = text.split('\n').length;
  const terminal = new xterm.Terminal({ cols, rows, allowProposedApi: true });
  await new Promise<void>((resolve) => terminal.write(text.replaceAll('\n', '\r\n'), resolve));
  const read = Array.from({ length: rows }, (_, row) => terminal.buffer.active.getLine(row)!);
  return {
    lines: read.map((line) => line.translateToString(true)),
    cells: read.map((line) => Array.from({ length: cols }, (_, x) => line.getCell(x)!.getChars())),
  };
}

afterEach(() => keepOnlyAscii(false));

describe.each([
  ['a terminal with Unicode', false],
  ['one without', true],
])('names on %s', (_, only) => {
  it.each([60, 80, 100, 120, 200])('stand straight in the table of %i columns, and differ', async (width) => {
    keepOnlyAscii(only);
    const text = devicesTable(devices(), width);
    const { lines, cells } = await shown(text, width);
    // nothing went into a line of its own
    expect(lines.map((line) => line.trimEnd())).toEqual(text.split('\n').map((line) => line.trimEnd()));
    const head = lines[0]!;
    const starts = [...head.matchAll(/(?<=^| {2})\S/g)].map(({ index }) => index);
    for (const row of cells.slice(1, NAMES.length + 1)) {
      for (const start of starts.slice(1)) {
        expect([start, row[start - 1]! || ' ', row[start]! || ' ']).toEqual([
          start,
          ' ',
          expect.stringMatching(/^[^ ]$/),
        ]);
      }
    }
    if (head.includes('DRIVER')) expect(new Set(lines.slice(1, NAMES.length + 1)).size).toBe(NAMES.length);
  });

  it.each([60, 80, 120])('stand straight on the page, at %i columns', async (width) => {
    keepOnlyAscii(only);
    const pages = devices().map((device) => deviceText(device, width));
    expect(new Set(pages).size).toBe(NAMES.length);
    for (const page of pages) {
      const { lines } = await shown(page, width);
      const own = page.split('\n');
      expect(lines.length).toBe(own.length);
      for (const [i, line] of lines.entries()) expect(line).toBe(own[i]!.trimEnd());
      for (const label of ['driver', 'open in', 'in use']) {
        expect(lines.find((line) => line.startsWith(label))).toMatch(new RegExp(`^${label.padEnd(12)}\\S`));
      }
    }
  });

  it('are plain ASCII only where it has to be', () => {
    keepOnlyAscii(only);
    const all = devicesTable(devices(), 200) + devices().map((device) => deviceText(device, 100));
    expect(/[^\n -~]/.test(all)).toBe(!only);
    expect(all).toContain(only ? '<U+663E><U+5361><U+96F6>' : '显卡零');
    for (const either of ['e<U+0301>', '<U+202E>gpu', 'a<U+001B>[2Jb']) expect(all).toContain(either);
  });
});
