// What the devices of the simulated machine are made of.
import type { Capabilities, PciSpec } from './spec.ts';

export const INTEL = 0x8086;

/** Of an accelerator that shares virtual memory: all that a fault takes. */
export const FAULTING = {
  ats: { queueDepth: 32 },
  pri: { capacity: 512 },
  pasid: { width: 20, privileged: true },
} satisfies Capabilities;

/** Source validation, redirection, upstream forwarding: what isolates the functions behind a port. */
const ISOLATING = 0x1d;

export type Slot = Pick<PciSpec, 'address' | 'parent' | 'driver' | 'iommu' | 'group'> & Partial<PciSpec>;

export const pci = (
  spec: Slot & Pick<PciSpec, 'vendor' | 'device' | 'class'>,
  capabilities: Capabilities = {},
): PciSpec => ({
  bus: 'pci',
  subsystem: [spec.vendor, 0],
  revision: 0,
  numaNode: 0,
  memory: 0x10000,
  capabilities,
  ...spec,
});

/** Data Streaming Accelerator of Granite Rapids-D, which vfio-pci takes (PCI_DEVICE_ID_INTEL_DSA_GNRD). */
export const dsa = (place: Slot, capabilities: Capabilities = FAULTING): PciSpec =>
  pci({ vendor: INTEL, device: 0x11fb, class: 0x088000, ...place }, capabilities);

/** That of Sapphire Rapids, which is on the denylist of vfio-pci. */
export const deniedDsa = (place: Slot): PciSpec =>
  pci({ vendor: INTEL, device: 0x0b25, class: 0x088000, ...place }, FAULTING);

export const rootPort = (place: Omit<Slot, 'driver'>, acs: number | undefined = ISOLATING): PciSpec =>
  pci(
    { vendor: INTEL, device: 0x352a, class: 0x060400, memory: 0, groupType: 'DMA-FQ', ...place, driver: 'pcieport' },
    acs === undefined ? {} : { acs },
  );
