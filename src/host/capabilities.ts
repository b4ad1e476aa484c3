// ATS, PASID and PRI of a PCI device, from its file `config`.
import { headerTypeOf, type PciCapabilities, readExtended } from './config-space.ts';
import type { Reading } from './reading.ts';

/**
 * The result of reading the extended configuration space. read: all of it; broken: its list breaks off, so a capability
 * that was not found may still exist; unread: this user may not, or it failed; out of reach: the kernel itself reaches the
 * first 256 bytes only; gone: the device does not answer.
 */
export const EXTENDED_SPACES = ['read', 'broken', 'unread', 'out of reach', 'gone'] as const;
export type ExtendedSpace = (typeof EXTENDED_SPACES)[number];

export interface ConfigReading {
  /** What was found; null: nothing could be read. */
  readonly capabilities: PciCapabilities | null;
  readonly extendedSpace: ExtendedSpace;
  readonly gone: boolean;
  /** Of the header, without the multi-function bit; null: it could not be read. */
  readonly headerType: number | null;
}

/** With extended capabilities; assumed to have them if stat(2) fails. */
const SIZE = 4096;

/** `path`: the device's directory; `whose` names the device in messages if they cannot be read. */
export function readCapabilities(reading: Reading, path: string, whose = ''): ConfigReading {
  const config = `${path}/config`;
  const nothing = (extendedSpace: ExtendedSpace, headerType: number | null): ConfigReading => ({
    capabilities: null,
    extendedSpace,
    gone: extendedSpace === 'gone',
    headerType,
  });
  const bytes = reading.bytes(config, `configuration space${whose}`, SIZE);
  if (!bytes) return nothing('unread', null);
  const headerType = headerTypeOf(bytes);
  const found = readExtended(bytes, reading.status(config)?.size ?? SIZE);
  const note = (what: string, why: string): void => reading.note(`${what}${whose}`, config, why);
  switch (found.state) {
    case 'gone':
      note('configuration space', 'it reads as all ones: the device is gone or does not answer');
      return nothing('gone', null);
    case 'cut':
      note('extended configuration space', `it ends after ${found.length} bytes: that needs root`);
      return nothing('unread', headerType);
    case 'out of reach':
      note('extended configuration space', 'the kernel reaches the first 256 bytes only');
      return nothing('out of reach', headerType);
    case 'read': {
      const { capabilities, damage } = found;
      if (damage !== null) note('some extended capabilities', `the list is broken: ${damage}`);
      return { capabilities, extendedSpace: damage === null ? 'read' : 'broken', gone: false, headerType };
    }
  }
}

/** Whether a capability is there; null: that is not known. */
const has = ({ capabilities, extendedSpace }: ConfigReading, name: keyof PciCapabilities): boolean | null => {
  // The kernel does not use what it cannot reach.
  if (capabilities === null) return extendedSpace === 'out of reach' ? false : null;
  return capabilities[name] !== null || (extendedSpace === 'broken' ? null : false);
};

export interface PageRequests {
  /** It has ATS and PRI; null: unknown. */
  readonly has: boolean | null;
  /** Its PRI is on; null: unknown, or it has none. */
  readonly on: boolean | null;
}

const NONE: PageRequests = { has: false, on: null };

/**
 * Whether a device can make page requests, and may: it has ATS, and PRI, which is its PF's where it is a VF
 * (pci_pri_supported()); other devices have neither.
 */
export function readPageRequests(reading: Reading, path: string, bus: string | null, whose: string): PageRequests {
  if (bus !== 'pci') return NONE;
  const own = readCapabilities(reading, path, whose);
  const ats = has(own, 'ats');
  if (ats === false) return NONE;
  const isVirtual = reading.linkName(`${path}/physfn`, `the physical function${whose}`) !== null;
  const shared = isVirtual ? readCapabilities(reading, `${path}/physfn`, `${whose}, of its physical function`) : own;
  const pri = has(shared, 'pri');
  if (pri === false) return NONE;
  return { has: ats && pri, on: shared.capabilities?.pri?.enabled ?? null };
}
