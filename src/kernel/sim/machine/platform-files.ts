// What sysfs says about a device that the device tree describes (drivers/base/platform.c, drivers/of).
import type { Binding } from './binding.ts';
import type { SimFiles } from './files.ts';
import type { HostDevice } from './host-device.ts';
import type { PlatformSpec } from './spec.ts';
import { POWER, relative } from './sysfs.ts';

/** A number of the device tree: four bytes, most significant first. */
const cell = (value: number): Uint8Array => {
  const bytes = new Uint8Array(4);
  new DataView(bytes.buffer).setUint32(0, value);
  return bytes;
};

export function addPlatformFiles(files: SimFiles, device: HostDevice, binding: Binding): void {
  const spec = device.spec as PlatformSpec;
  const { path } = device;
  const [unit, name] = spec.address.split('.');
  const node = `/sys/firmware/devicetree/base/${name}@${unit}`;
  const modalias = `of:N${name}T(null)C${spec.compatible}`;
  files.add(`${path}/modalias`, `${modalias}\n`);
  files.add(`${path}/uevent`, {
    read: () => `${device.driver ? `DRIVER=${device.driver.name}\n` : ''}OF_NAME=${name}\nMODALIAS=${modalias}\n`,
    mode: 0o644,
  });
  files.add(`${path}/driver_override`, {
    read: () => `${device.override ?? '(null)'}\n`,
    write: (text) => binding.setOverride(device, text),
  });
  for (const [file, text] of Object.entries(POWER)) files.add(`${path}/power/${file}`, text);
  files.addLink(`${path}/subsystem`, relative(path, '/sys/bus/platform'));
  files.addLink(`${path}/of_node`, relative(path, node));
  files.add(`${node}/compatible`, `${spec.compatible}\0`);
  files.add(`${node}/name`, `${name}\0`);
  if (spec.pasidBits > 0) files.add(`${node}/pasid-num-bits`, cell(spec.pasidBits));
  if (spec.stall) files.add(`${node}/dma-can-stall`, '');
}
