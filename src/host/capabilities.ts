// ATS, PASID and PRI of a PCI device, out of its file `config`.
import { headerTypeOf, type PciCapabilities, readExtended } from './config-space.ts';
import type { Reading } from './reading.ts';

export interface ConfigReading {
  /** null: they could not be read. */
  readonly capabilities: PciCapabilities | null;
  readonly gone: boolean;
  /** Of the header, without the multi-function bit; null: it could not be read. */
  readonly headerType: number | null;
}

/** With extended capabilities; what stat(2) refuses to tell is taken to have them. */
const SIZE = 4096;

export const NOTHING: ConfigReading = { capabilities: null, gone: false, headerType: null };

/** `path`: the device's directory; `whose` says whose they are where they cannot be read. */
export function readCapabilities(reading: Reading, path: string, whose = ''): ConfigReading {
  const config = `${path}/config`;
  const bytes = reading.bytes(config, `configuration space${whose}`, SIZE);
  if (!bytes) return NOTHING;
  const headerType = headerTypeOf(bytes);
  const found = readExtended(bytes, reading.status(config)?.size ?? SIZE);
  if (found.state === 'gone') {
    reading.note(`configuration space${whose}`, config, 'it reads as ones: the device is gone or does not answer');
    return { capabilities: null, gone: true, headerType: null };
  }
  if (found.state === 'cut') {
    reading.note(
      `extended configuration space${whose}`,
      config,
      `it ends after ${found.length} bytes: that needs root`,
    );
    return { capabilities: null, gone: false, headerType };
  }
  if (found.damage !== null) {
    reading.note(`some extended capabilities${whose}`, config, `the list is broken: ${found.damage}`);
  }
  return { capabilities: found.capabilities, gone: false, headerType };
}

/**
 * Whether a device can make page requests: it has ATS, and PRI, which is its PF's where it is a VF (pci_pri_supported());
 * what is no PCI device has neither. null: it could not be read.
 */
export function readPageRequests(reading: Reading, path: string, bus: string | null, whose: string): boolean | null {
  if (bus !== 'pci') return false;
  const own = readCapabilities(reading, path, whose).capabilities;
  if (own === null) return null;
  if (own.ats === null) return false;
  if (reading.linkName(`${path}/physfn`, `the physical function${whose}`) === null) return own.pri !== null;
  const shared = readCapabilities(reading, `${path}/physfn`, `${whose}, of its physical function`).capabilities;
  return shared && shared.pri !== null;
}
