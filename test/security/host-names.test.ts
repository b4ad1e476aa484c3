// A host whose every name tries to move the terminal, and to forge a line: in what devices and doctor say of it.
import { describe, expect, it } from 'vitest';
import { deviceText } from '../../src/cli/devices/device-text.ts';
import { devicesJson } from '../../src/cli/devices/json.ts';
import { devicesTable } from '../../src/cli/devices/table.ts';
import { doctorText } from '../../src/cli/doctor/text.ts';
import { examine } from '../../src/doctor/report.ts';
import { listDevices } from '../../src/host/find.ts';
import { listIommus } from '../../src/host/iommu-kinds.ts';
import { readHostFacts } from '../../src/host/read-device.ts';
import { Reading } from '../../src/host/reading.ts';
import type { Files } from '../../src/kernel/files.ts';
import { Machine } from '../../src/kernel/sim/machine/machine.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import { jsonLine } from '../../src/text/json-line.ts';
import { neutral } from '../../src/text/neutral.ts';
import { tellFigure } from '../helpers/figures.ts';
import { standIn } from '../helpers/stand-in.ts';
import { SmallHost } from '../host/small-host.ts';
import { EVIL, FORGED, OBEYED } from './evil.ts';

/** Behind each name, so that what begins it is still found. */
const TAIL = `${EVIL}\n${FORGED}\n`;
const NAMES: [what: string, path: RegExp][] = [
  ['a driver', /\/driver$/],
  ['driver_override', /driver_override$/],
  ['the type of a group', /\/type$/],
  ['a class', /\/class$/],
  ['a vendor', /\/vendor$/],
  ['an IOMMU', /\/iommu$/],
  ['a group', /\/iommu_group$/],
  ['a process', /\/comm$/],
  ['what a process has open', /\/fd\/\d+$/],
  ['the release of the kernel', /osrelease$/],
  ['the command line of the kernel', /cmdline$/],
  ['a module', /modules/],
  ['the configuration of the kernel', /config/],
];

type Change = (value: never) => unknown;
const CHANGES: Partial<Record<string, Change>> = {
  read: (bytes: Uint8Array) => Buffer.from(`${Buffer.from(bytes).toString('latin1').trimEnd()}${TAIL}`),
  readLink: (link: string) => link + TAIL,
  list: (names: string[]) => [...names, TAIL],
};

/** The same files; what those at `path` say has the tail. */
function evil(files: Files, path: RegExp, count: () => void): Files {
  return new Proxy(files, {
    get: (target, method: string) => {
      const real = Reflect.get(target, method) as (...args: unknown[]) => unknown;
      return (...args: unknown[]) => {
        const value = Reflect.apply(real, target, args);
        const change = CHANGES[method];
        if (!change || !path.test(String(args[0]))) return value;
        count();
        return change(value as never);
      };
    },
  });
}

/** All that the two commands can print, as it leaves the program. */
function printed(path: RegExp): { texts: string[]; changed: number } {
  let changed = 0;
  const host = new SmallHost().intel().process(42, 'qemu', { 7: '/dev/vfio/devices/vfio0' });
  host.device({ driver: 'vfio-pci', override: 'vfio-pci', group: 9, iommu: 'dmar0', vfio: 'vfio0', vfs: [0, 16] });
  host.device({ address: '0000:17:00.1', driver: 'nvme', group: 9, iommu: 'dmar0' });
  const texts: string[] = [];
  for (const plain of [new Machine().files, host.files]) {
    const files = evil(plain, path, () => changed++);
    const reading = new Reading(files);
    const facts = readHostFacts(reading);
    const devices = listDevices(files, facts);
    texts.push(devicesTable(devices, 100, reading.unread), devicesJson(devices, listIommus(reading), reading.unread));
    for (const device of devices) texts.push(deviceText(device, 100, reading.unread));
  }
  const machine = new Machine();
  const kernel = standIn(new SimKernel({ machine }), { files: evil(machine.files, path, () => changed++) });
  for (const device of [null, '0000:17:00.0', '0000:19:00.0']) {
    const report = examine(kernel, device, false);
    texts.push(doctorText(report, { width: 100, colour: false }), jsonLine(report));
  }
  return { texts: texts.map(neutral), changed };
}

describe('names that try to move the terminal', () => {
  it.each(NAMES)('%s', (_, path) => {
    const { texts, changed } = printed(path);
    expect(changed).toBeGreaterThan(0);
    for (const text of texts) {
      expect(text.match(OBEYED)?.[0].charCodeAt(0)).toBeUndefined();
      expect(text).not.toMatch(new RegExp(`^${FORGED}`, 'm'));
    }
  });

  it('are tried in all of these', () => {
    tellFigure({
      topic: 'Security',
      what: 'files of /sys and /proc that contain terminal escapes and a forged line',
      value: `${NAMES.length} kinds, in devices and doctor: none came out, no line was forged`,
      repeat: 'npm test -- test/security',
    });
  });
});
