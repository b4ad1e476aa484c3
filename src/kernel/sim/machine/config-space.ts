// PCI configuration space: the bytes that a function has, and the registers that the kernel sets in them
// (include/uapi/linux/pci_regs.h).
import type { Capabilities, PciSpec } from './spec.ts';

/** PCI_EXT_CAP_ID_… */
export const ExtendedCapability = { AER: 0x01, ACS: 0x0d, ATS: 0x0f, SRIOV: 0x10, PRI: 0x13, PASID: 0x1b } as const;

const SIZE = 4096;
const STATUS_CAPABILITIES = 0x10;
const HEADER_BRIDGE = 1;
const HEADER_MULTIFUNCTION = 0x80;
const [PM, MSIX, EXPRESS] = [0x01, 0x11, 0x10];
const [PM_AT, EXPRESS_AT, MSIX_AT] = [0x40, 0x60, 0xb0];
/** Device/port type in the PCI Express capability. */
const [ENDPOINT, ROOT_PORT, INTEGRATED] = [0, 4, 9];
/** Device capabilities, and device capabilities 2: what PASIDs are carried in. */
const ROLE_BASED_ERRORS = 1 << 15;
const FUNCTION_LEVEL_RESET = 1 << 28;
const TLP_PREFIXES = 1 << 21;
const FIRST_EXTENDED = 0x100;
/** Room for each; the longest, SR-IOV, has 0x40 bytes. */
const EXTENDED_STEP = 0x40;

export const AtsControl = { at: 6, ENABLE: 1 << 15 } as const;
export const PasidControl = { at: 6, ENABLE: 1, EXEC: 2, PRIVILEGED: 4 } as const;
const PriControl = { at: 4, ENABLE: 1, RESET: 2 } as const;
export const PriStatus = { at: 6, RESPONSE_FAILURE: 1, STOPPED: 1 << 8, PASID_REQUIRED: 1 << 15 } as const;
const PRI_ALLOCATION_AT = 12;
/** PRQ_DEPTH of the Intel driver, above which no device is allowed to go. */
const PRQ_DEPTH = 2048;

export class ConfigSpace {
  readonly bytes = new Uint8Array(SIZE);
  readonly #view = new DataView(this.bytes.buffer);
  readonly #extended = new Map<number, number>();

  constructor(spec: PciSpec, layout: { functions: number; vfs: number }) {
    this.#header(spec, layout.functions > 1);
    this.#capabilities(spec);
    this.#extend(spec, layout.vfs);
  }

  /** Where an extended capability is; 0: there is none. */
  find(id: number): number {
    return this.#extended.get(id) ?? 0;
  }

  get16(at: number): number {
    return this.#view.getUint16(at, true);
  }

  /** Page requests that it may have outstanding; of what lacks PRI, 0. */
  get priCredits(): number {
    const at = this.find(ExtendedCapability.PRI);
    return at === 0 ? 0 : this.#view.getUint32(at + PRI_ALLOCATION_AT, true);
  }

  /** Sets or clears bits of a 16-bit register. */
  change16(at: number, bits: number, on: boolean): void {
    const value = this.get16(at);
    this.#set16(at, on ? value | bits : value & ~bits);
  }

  /** pci_enable_pri(), pci_disable_pri(): the registers that they write. */
  setPri(on: boolean): void {
    const at = this.find(ExtendedCapability.PRI);
    if (at === 0) return;
    if (on) this.#set32(at + PRI_ALLOCATION_AT, Math.min(this.#view.getUint32(at + 8, true), PRQ_DEPTH));
    this.#set16(at + PriControl.at, on ? PriControl.ENABLE : 0);
    this.change16(at + PriStatus.at, PriStatus.STOPPED, !on);
  }

  #set16(at: number, value: number): void {
    this.#view.setUint16(at, value, true);
  }

  #set32(at: number, value: number): void {
    this.#view.setUint32(at, value, true);
  }

  #header(spec: PciSpec, multifunction: boolean): void {
    // A VF reads as all ones here; sysfs knows what it is from its PF (pci_iov_add_virtfn()).
    this.#set16(0, spec.physfn === undefined ? spec.vendor : 0xffff);
    this.#set16(2, spec.physfn === undefined ? spec.device : 0xffff);
    this.#set16(4, spec.driver === null ? 0 : 0x0406);
    this.#set16(6, STATUS_CAPABILITIES);
    this.#set32(8, spec.class * 0x100 + spec.revision);
    this.bytes[0xe] = (isBridge(spec) ? HEADER_BRIDGE : 0) | (multifunction ? HEADER_MULTIFUNCTION : 0);
    if (!isBridge(spec)) {
      this.#set16(0x2c, spec.subsystem[0]);
      this.#set16(0x2e, spec.subsystem[1]);
    }
    this.bytes[0x34] = PM_AT;
  }

  #capabilities(spec: PciSpec): void {
    this.bytes.set([PM, EXPRESS_AT], PM_AT);
    this.#set16(PM_AT + 2, 3);
    this.bytes.set([EXPRESS, MSIX_AT], EXPRESS_AT);
    const integrated = spec.parent.split('/').length === 1;
    const type = isBridge(spec) ? ROOT_PORT : integrated ? INTEGRATED : ENDPOINT;
    this.#set16(EXPRESS_AT + 2, 2 | (type << 4));
    this.#set32(EXPRESS_AT + 4, ROLE_BASED_ERRORS + ((spec.reset ?? !isBridge(spec)) ? FUNCTION_LEVEL_RESET : 0));
    this.#set32(EXPRESS_AT + 0x24, TLP_PREFIXES);
    this.bytes.set([MSIX, 0], MSIX_AT);
    this.#set16(MSIX_AT + 2, 31);
  }

  #extend({ capabilities, physfn }: PciSpec, vfs: number): void {
    const list = extendedOf(capabilities, vfs);
    list.forEach(({ id, version, registers }, i) => {
      const at = FIRST_EXTENDED + i * EXTENDED_STEP;
      const next = i === list.length - 1 ? 0 : at + EXTENDED_STEP;
      this.#set32(at, (id | (version << 16) | (next << 20)) >>> 0);
      this.#extended.set(id, at);
      for (const [offset, value] of registers) this.#set16(at + offset, value);
    });
    if (physfn !== undefined) return;
    // pci_prepare_ats() leaves the smallest unit, and nothing is enabled yet.
    if (this.find(ExtendedCapability.PRI) !== 0) this.setPri(false);
  }
}

const isBridge = ({ class: code }: PciSpec): boolean => code >> 8 === 0x0604;

interface Extended {
  readonly id: number;
  readonly version: number;
  /** 16-bit registers: offset from the capability, value. */
  readonly registers: readonly (readonly [offset: number, value: number])[];
}

function extendedOf({ ats, pasid, pri, sriov, acs }: Capabilities, vfs: number): Extended[] {
  const list: Extended[] = [{ id: ExtendedCapability.AER, version: 2, registers: [] }];
  if (acs !== undefined) {
    list.push({ id: ExtendedCapability.ACS, version: 1, registers: [[4, acs], [6, acs]] }); // biome-ignore format: a pair a register
  }
  if (ats) {
    // Page Aligned Request; depth 0 stands for 32.
    list.push({ id: ExtendedCapability.ATS, version: 1, registers: [[4, (ats.queueDepth & 31) | 0x20]] });
  }
  if (sriov) list.push({ id: ExtendedCapability.SRIOV, version: 1, registers: sriovRegisters(sriov, vfs) });
  if (pri) {
    const status = (pri.pasidRequired ?? true) ? PriStatus.PASID_REQUIRED : 0;
    const capacity = [[8, pri.capacity & 0xffff], [10, pri.capacity >>> 16]] as const; // biome-ignore format: one register in two halves
    list.push({ id: ExtendedCapability.PRI, version: 1, registers: [[PriStatus.at, status], ...capacity] });
  }
  if (pasid) {
    const bits = (pasid.exec ? PasidControl.EXEC : 0) | (pasid.privileged ? PasidControl.PRIVILEGED : 0);
    list.push({ id: ExtendedCapability.PASID, version: 1, registers: [[4, bits | (pasid.width << 8)]] });
  }
  return list;
}

/** Control VF Enable and Memory Space Enable, InitialVFs, TotalVFs, NumVFs, first offset, stride, VF device. */
const sriovRegisters = (
  { totalVfs, vfDevice }: NonNullable<Capabilities['sriov']>,
  vfs: number,
): Extended['registers'] => [
  [0x08, vfs > 0 ? 0x9 : 0],
  [0x0c, totalVfs],
  [0x0e, totalVfs],
  [0x10, vfs],
  [0x14, 8],
  [0x16, 1],
  [0x1a, vfDevice],
];
