// PCI configuration space as sysfs gives it: 4096 bytes, 256 (conventional PCI), or the first 64 without CAP_SYS_ADMIN
// (pci_read_config() in drivers/pci/pci-sysfs.c). A device that is gone reads as all ones.

export interface AtsCapability {
  readonly enabled: boolean;
  /** Invalidation requests that the device takes at once, 1 to 32. */
  readonly queueDepth: number;
  readonly pageAligned: boolean;
}

export interface PasidCapability {
  readonly enabled: boolean;
  /** Bits of a PASID, 0 to 20. */
  readonly width: number;
  readonly executable: boolean;
  readonly privileged: boolean;
}

export interface PriCapability {
  readonly enabled: boolean;
  /** No earlier page requests are outstanding. Only valid while PRI is off. */
  readonly stopped: boolean;
  /** A response with code FAILURE arrived: the device stops all page requests until PRI is reset. */
  readonly responseFailure: boolean;
  /** A response arrived for a group that the device does not know. */
  readonly unexpectedGroupIndex: boolean;
  /** The device requires the PASID in a response. */
  readonly responsePasidRequired: boolean;
  /** Page requests that the device can have outstanding, and how many it may. */
  readonly capacity: number;
  readonly allocation: number;
}

/** null: it was not found; the device lacks it only if the whole list was read. */
export interface PciCapabilities {
  readonly ats: AtsCapability | null;
  readonly pasid: PasidCapability | null;
  readonly pri: PriCapability | null;
}

/** The result of reading the extended capabilities. */
export type Extended =
  | { readonly state: 'read'; readonly capabilities: PciCapabilities; readonly damage: string | null }
  /** Configuration space reads as all ones: the device is gone, or asleep permanently. */
  | { readonly state: 'gone' }
  /** Fewer bytes were read than it has. */
  | { readonly state: 'cut'; readonly length: number }
  /** The kernel itself reaches the first 256 bytes only. `express`: it is a PCI Express function; null: that was not read. */
  | { readonly state: 'out of reach'; readonly express: boolean | null };

const EXTENDED = 0x100;
const HEADER = 0x40;
const Id = { ATS: 0x0f, PRI: 0x13, PASID: 0x1b } as const;

const u16 = (bytes: Uint8Array, at: number): number => (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8);
const u32 = (bytes: Uint8Array, at: number): number => (u16(bytes, at) | (u16(bytes, at + 2) << 16)) >>> 0;
const bit = (value: number, mask: number): boolean => (value & mask) !== 0;

export interface Walk {
  /** Offset by capability id; the first one of each id, as pci_find_ext_capability() has it. */
  readonly offsets: ReadonlyMap<number, number>;
  /** What is wrong with the list; null: nothing. */
  readonly damage: string | null;
}

/**
 * The list of extended capabilities, as pci_find_next_ext_capability() walks it. A list that goes in circles or out of the
 * bytes ends there.
 */
export function walkExtended(bytes: Uint8Array): Walk {
  const offsets = new Map<number, number>();
  const seen = new Set<number>();
  let at = EXTENDED;
  while (at !== 0) {
    if (at < EXTENDED || at + 4 > bytes.length) return { offsets, damage: `an offset of 0x${at.toString(16)}` };
    if (seen.has(at)) return { offsets, damage: `the list goes back to 0x${at.toString(16)}` };
    seen.add(at);
    const header = u32(bytes, at);
    // A header of zeros means no capabilities; all ones means no device.
    if (header === 0) return { offsets, damage: null };
    if (header === 0xffff_ffff) return { offsets, damage: `ones at 0x${at.toString(16)}` };
    const id = header & 0xffff;
    if (!offsets.has(id)) offsets.set(id, at);
    at = (header >>> 20) & 0xffc;
  }
  return { offsets, damage: null };
}

const HEADER_TYPE = 0x0e;
const MULTI_FUNCTION = 0x80;

/** pci_hdr_type(); null: too few bytes could be read. Any user may read them. */
export function headerTypeOf(bytes: Uint8Array): number | null {
  const type = bytes[HEADER_TYPE];
  return type === undefined ? null : type & ~MULTI_FUNCTION;
}

/** All ones in the whole header. A VF has them only in its vendor and device ids. */
export const isGone = (bytes: Uint8Array): boolean =>
  bytes.length >= HEADER && bytes.subarray(0, HEADER).every((byte) => byte === 0xff);

function ats(bytes: Uint8Array, at: number): AtsCapability {
  const MOST = 32;
  const capability = u16(bytes, at + 4);
  return {
    enabled: bit(u16(bytes, at + 6), 0x8000),
    queueDepth: capability & 0x1f || MOST,
    pageAligned: bit(capability, 0x20),
  };
}

function pasid(bytes: Uint8Array, at: number): PasidCapability {
  const capability = u16(bytes, at + 4);
  return {
    enabled: bit(u16(bytes, at + 6), 0x1),
    width: (capability >>> 8) & 0x1f,
    executable: bit(capability, 0x2),
    privileged: bit(capability, 0x4),
  };
}

function pri(bytes: Uint8Array, at: number): PriCapability {
  const status = u16(bytes, at + 6);
  return {
    enabled: bit(u16(bytes, at + 4), 0x1),
    stopped: bit(status, 0x100),
    responseFailure: bit(status, 0x1),
    unexpectedGroupIndex: bit(status, 0x2),
    responsePasidRequired: bit(status, 0x8000),
    capacity: u32(bytes, at + 8),
    allocation: u32(bytes, at + 12),
  };
}

/** `size`: bytes that the configuration space has, as stat(2) gives it; `bytes`: those that could be read. */
export function readExtended(bytes: Uint8Array, size: number): Extended {
  if (isGone(bytes)) return { state: 'gone' };
  // Not even the header: nothing is known, whatever stat(2) says (a file that is masked in a container is empty).
  if (bytes.length < HEADER) return { state: 'cut', length: bytes.length };
  if (size > EXTENDED && bytes.length <= EXTENDED) return { state: 'cut', length: bytes.length };
  if (bytes.length <= EXTENDED) {
    const express = isExpress(bytes);
    if (express !== false) return { state: 'out of reach', express };
    return { state: 'read', capabilities: { ats: null, pasid: null, pri: null }, damage: null };
  }
  const { offsets, damage } = walkExtended(bytes);
  let cut: string | null = null;
  const of = <T>(id: number, length: number, decode: (bytes: Uint8Array, at: number) => T): T | null => {
    const at = offsets.get(id);
    if (at === undefined) return null;
    const read = decode(bytes, at);
    if (at + length <= bytes.length && !bytes.subarray(at + 4, at + length).every((byte) => byte === 0xff)) return read;
    cut = `the capability at 0x${at.toString(16)} cannot be read whole`;
    return null;
  };
  const capabilities = { ats: of(Id.ATS, 8, ats), pasid: of(Id.PASID, 8, pasid), pri: of(Id.PRI, 16, pri) };
  return { state: 'read', capabilities, damage: damage ?? cut };
}

const STATUS = 0x06;
const HAS_LIST = 0x10;
const LIST_AT = 0x34;
const EXPRESS = 0x10;
/** PCI_FIND_CAP_TTL */
const MOST_CAPABILITIES = 48;

/**
 * Whether the list of conventional capabilities has PCI Express in it, as pci_find_capability() walks it; null: the list is
 * broken, or was not read so far.
 */
function isExpress(bytes: Uint8Array): boolean | null {
  if ((u16(bytes, STATUS) & HAS_LIST) === 0) return false;
  let at = (bytes[LIST_AT] ?? 0) & 0xfc;
  for (let i = 0; i < MOST_CAPABILITIES; i++) {
    if (at < HEADER) return at === 0 ? false : null;
    const id = bytes[at];
    if (id === undefined || id === 0xff) return null;
    if (id === EXPRESS) return true;
    at = (bytes[at + 1] ?? 0) & 0xfc;
  }
  return null;
}
