// Binding devices to drivers and taking them away, as the files of a bus do it (drivers/base/{bus,dd}.c, pci/pci-driver.c).
import { Errno } from '../../../uapi/errno.ts';
import type { HostDevice } from './host-device.ts';
import type { DriverSpec } from './spec.ts';

/** What happens to a device's files when a driver gets or releases it. */
export interface BindingHooks {
  /** A negative errno: the driver's probe refuses. */
  probe(device: HostDevice, driver: DriverSpec): number;
  remove(device: HostDevice, driver: DriverSpec): void;
}

const PAGE = 4096;
const VFIO = /^vfio-/;

/** sysfs_streq(): a trailing newline does not count. */
const nameIn = (text: string): string => text.replace(/\n$/, '');

export class Binding {
  readonly #devices: readonly HostDevice[];
  readonly #drivers: readonly DriverSpec[];
  readonly #hooks: BindingHooks;
  /** drv->dynids: what was written to new_id. */
  readonly #dynamicIds = new Map<DriverSpec, Set<string>>();
  /** bus drivers_autoprobe */
  autoprobe = true;

  constructor(devices: readonly HostDevice[], drivers: readonly DriverSpec[], hooks: BindingHooks) {
    this.#devices = devices;
    this.#drivers = drivers;
    this.#hooks = hooks;
  }

  #device(bus: string, text: string): HostDevice | undefined {
    const name = nameIn(text);
    return this.#devices.find(({ spec }) => spec.bus === bus && spec.address === name);
  }

  /** bind_store() */
  bind(driver: DriverSpec, text: string): number {
    const device = this.#device(driver.bus, text);
    if (!device || !this.#matches(driver, device)) return -Errno.ENODEV;
    const rc = this.attach(driver, device);
    return rc === 0 ? text.length : rc;
  }

  /** unbind_store() */
  unbind(driver: DriverSpec, text: string): number {
    const device = this.#device(driver.bus, text);
    if (!device || device.driver !== driver) return -Errno.ENODEV;
    this.#hooks.remove(device, driver);
    device.driver = undefined;
    return text.length;
  }

  /** drivers_probe_store(): any driver that takes it; none is not an error. */
  driversProbe(bus: 'pci' | 'platform', text: string): number {
    const device = this.#device(bus, text);
    if (!device) return -Errno.ENODEV;
    this.#attachAny(device);
    return text.length;
  }

  /** __device_set_driver_override() */
  setOverride(device: HostDevice, text: string): number {
    if (text.length >= PAGE - 1) return -Errno.EINVAL;
    const name = text.split('\n')[0]?.split('\0')[0];
    device.override = name || undefined;
    return text.length;
  }

  /** new_id_store(): vendor and device in hex; what else may follow is not told apart here. */
  newId(driver: DriverSpec, text: string): number {
    const match = /^\s*([0-9a-f]{1,8})\s+([0-9a-f]{1,8})/i.exec(text);
    if (!match) return -Errno.EINVAL;
    const id = [match[1], match[2]].map((part = '') => part.padStart(4, '0').toLowerCase()).join(':');
    const ids = this.#dynamicIds.get(driver) ?? new Set();
    if (ids.has(id) || driver.ids?.includes(id)) return -Errno.EEXIST;
    this.#dynamicIds.set(driver, ids.add(id));
    for (const device of this.#devices)
      if (!device.driver && this.#matches(driver, device)) this.attach(driver, device);
    return text.length;
  }

  /** remove_id_store() */
  removeId(driver: DriverSpec, text: string): number {
    const [vendor = '', device = ''] = text.trim().toLowerCase().split(/\s+/);
    return this.#dynamicIds.get(driver)?.delete(`${vendor}:${device}`) ? text.length : -Errno.ENODEV;
  }

  /** device_driver_attach(), really_probe() */
  attach(driver: DriverSpec, device: HostDevice): number {
    if (device.driver) return -Errno.EBUSY;
    const dma = driver.managedDma ? 0 : (device.group?.claimForKernel() ?? 0);
    if (dma !== 0) return dma;
    const rc = this.#hooks.probe(device, driver);
    if (rc === 0) device.driver = driver;
    return rc;
  }

  /** device_attach() */
  #attachAny(device: HostDevice): void {
    if (device.driver) return;
    for (const driver of this.#drivers) {
      if (this.#matches(driver, device) && this.attach(driver, device) === 0) return;
    }
  }

  /** pci_match_device(), platform_match() */
  #matches(driver: DriverSpec, { spec, override }: HostDevice): boolean {
    if (spec.bus !== driver.bus) return false;
    if (override !== undefined) return override === driver.name;
    // Their own tables match by override alone.
    const ids = [...(this.#dynamicIds.get(driver) ?? []), ...(VFIO.test(driver.name) ? [] : (driver.ids ?? []))];
    if (spec.bus === 'platform') return ids.includes(spec.compatible);
    const id = `${hex4(spec.vendor)}:${hex4(spec.device)}`;
    return ids.includes(id) || (driver.class !== undefined && (spec.class & driver.class[1]) === driver.class[0]);
  }
}

const hex4 = (value: number): string => value.toString(16).padStart(4, '0');
