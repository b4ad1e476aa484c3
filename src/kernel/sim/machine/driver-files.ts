// The files of a bus that bind devices to drivers (drivers/base/bus.c, pci/pci-driver.c).
import type { Binding } from './binding.ts';
import type { SimFiles } from './files.ts';
import type { DriverSpec } from './spec.ts';
import { relative } from './sysfs.ts';

export function addDriver(files: SimFiles, driver: DriverSpec, binding: Binding): void {
  const bus = `/sys/bus/${driver.bus}`;
  const at = `${bus}/drivers/${driver.name}`;
  const add = (name: string, write: (text: string) => number) => files.add(`${at}/${name}`, { write });
  add('bind', (text) => binding.bind(driver, text));
  add('unbind', (text) => binding.unbind(driver, text));
  add('uevent', (text) => text.length);
  if (driver.bus === 'pci') {
    add('new_id', (text) => binding.newId(driver, text));
    add('remove_id', (text) => binding.removeId(driver, text));
  }
  if (driver.module !== null) files.addLink(`${at}/module`, relative(at, `/sys/module/${driver.module}`));
  files.add(`${bus}/drivers_probe`, { write: (text) => binding.driversProbe(driver.bus, text) });
  files.add(`${bus}/drivers_autoprobe`, {
    read: () => (binding.autoprobe ? '1\n' : '0\n'),
    write: (text) => {
      binding.autoprobe = !text.startsWith('0');
      return text.length;
    },
  });
}
