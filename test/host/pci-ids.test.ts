import { expect, it } from 'vitest';
import { PciIds } from '../../src/host/pci-ids.ts';
import { Reading } from '../../src/host/reading.ts';
import { SmallHost } from './small-host.ts';

const TEXT = `# a comment

1234  First Corporation
\t0001  One
\t\t1234 0001  A subsystem
# between
\t0002  Two

8086  Intel Corporation
\t0b25  Data Streaming Accelerator
\t1234  Not the vendor
# List of classes
C 01  Mass storage controller
\t06  SATA controller
\t\t01  AHCI 1.0
\t08  Non-Volatile memory controller
C 06  Bridge
`;
const ids = new PciIds(TEXT);

it.each([
  ['1234', '0001', 'First Corporation', 'One'],
  ['1234', '0002', 'First Corporation', 'Two'],
  ['8086', '0b25', 'Intel Corporation', 'Data Streaming Accelerator'],
  // of the vendor after it, of a subsystem, of none
  ['1234', '0b25', 'First Corporation', null],
  ['8086', '0001', 'Intel Corporation', null],
  ['ffff', '0001', null, null],
])('%s:%s', (vendor, device, vendorName, deviceName) => {
  expect(ids.vendor(vendor)).toEqual({ id: vendor, name: vendorName });
  expect(ids.device(vendor, device)).toEqual({ id: device, name: deviceName });
});

it.each([
  ['010601', 'SATA controller (AHCI 1.0)'],
  ['010600', 'SATA controller'],
  ['018000', 'Mass storage controller'],
  ['060400', 'Bridge'],
  ['ff0000', null],
])('class %s', (id, name) => {
  expect(ids.class(id)).toEqual({ id, name });
});

it('is read from where distributions have it, the first one that is there', () => {
  const host = new SmallHost();
  expect(PciIds.read(new Reading(host.files)).vendor('8086').name).toBeNull();
  host.files.add('/usr/share/hwdata/pci.ids', TEXT);
  expect(PciIds.read(new Reading(host.files)).vendor('8086').name).toBe('Intel Corporation');
  host.files.add('/usr/share/misc/pci.ids', '8086  The other\n');
  expect(PciIds.read(new Reading(host.files)).vendor('8086').name).toBe('The other');
});
