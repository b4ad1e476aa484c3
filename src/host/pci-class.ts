import type { PciIdentity } from './device-info.ts';

/** To PCI, and to CardBus. */
const BRIDGES: readonly string[] = ['0604', '0607'];

/** Other devices are behind it, and VFIO takes devices with a header of type 0 only (vfio_pci_core_register_device). */
export const isBridge = (pci: PciIdentity | null): boolean =>
  pci !== null && BRIDGES.includes(pci.class.id.slice(0, 4));
