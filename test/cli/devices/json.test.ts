import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { expect, it } from 'vitest';
import { devicesJson } from '../../../src/cli/devices/json.ts';
import { listDevices } from '../../../src/host/find.ts';
import { listIommus } from '../../../src/host/iommu-kinds.ts';
import { Reading } from '../../../src/host/reading.ts';
import type { Files } from '../../../src/kernel/files.ts';
import { Machine } from '../../../src/kernel/sim/machine/machine.ts';
import { ROOT } from '../../helpers/bin.ts';
import { SmallHost } from '../../host/small-host.ts';

const ajv = new Ajv2020({ allowUnionTypes: true });
const validate = ajv.compile(JSON.parse(readFileSync(join(ROOT, 'schema/iopftop-devices-1.schema.json'), 'utf8')));

function report(files: Files): { text: string; devices: Record<string, unknown>[] } {
  const reading = new Reading(files);
  const text = devicesJson(listDevices(files), listIommus(reading), reading.unread);
  return { text, ...JSON.parse(text) };
}

it.each([
  ['as root', new Machine()],
  ['as a user', new Machine({ uid: 1000 })],
  ['of nothing', new SmallHost()],
])('the report of a machine %s is what its schema says', (_, { files }) => {
  expect(validate(JSON.parse(report(files).text)), ajv.errorsText(validate.errors)).toBe(true);
});

it('has all that is known of a device, with its verdict', () => {
  const dsa = report(new Machine().files).devices.find(({ address }) => address === '0000:17:01.0');
  expect(dsa).toMatchObject({
    driver: 'idxd',
    capabilities: { pri: { enabled: true, capacity: 512 } },
    iommu: { kind: 'intel', intel: { pageRequests: true } },
    verdict: { outcome: 'needs', findings: [{ kind: 'needs', id: 'bind-driver' }] },
  });
});

it('what a device calls itself cannot command a terminal', () => {
  const host = new SmallHost().intel();
  host.files.add('/usr/share/misc/pci.ids', '8086  a\u009b2Jb\u007f\n');
  host.device({ group: 9, iommu: 'dmar0' });
  const { text, devices } = report(host.files);
  expect(text).toContain('a\\u009b2Jb\\u007f');
  expect(devices).toMatchObject([{ pci: { vendor: { name: 'a\u009b2Jb\u007f' } } }]);
});
