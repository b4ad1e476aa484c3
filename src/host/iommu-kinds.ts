// The IOMMU that a device is behind, and the capabilities it shows in sysfs.
import { hex } from '../text/hex.ts';
import { CommandLine } from './command-line.ts';
import type { Reading } from './reading.ts';

export type IommuKind = 'intel' | 'amd' | 'smmuv3' | 'selftest' | 'other';

/** VT-d: bits of the capability and extended capability registers (drivers/iommu/intel/iommu.h). */
export interface IntelAbilities {
  readonly version: string | null;
  /** 0x… */
  readonly cap: string;
  readonly ecap: string;
  /** PRS: it takes page requests. */
  readonly pageRequests: boolean;
  /** PDS: it drains page requests, which the driver requires. */
  readonly pageRequestDrain: boolean;
  /** DT: it answers ATS. */
  readonly deviceTlb: boolean;
  readonly pasid: boolean;
  /** PSS + 1; 0 without PASIDs. */
  readonly pasidBits: number;
  /** SMTS; whether the driver uses it is separate. */
  readonly scalableMode: boolean;
  /** What the kernel's command line requests (intel_iommu=sm_on); null: nothing, so the kernel's default applies. */
  readonly scalableModeWanted: boolean | null;
  /** FLTS, SLTS, NEST: translation of the first stage, of the second stage, and of both. */
  readonly firstStage: boolean;
  readonly secondStage: boolean;
  readonly nested: boolean;
  /** SLADS */
  readonly dirtyTracking: boolean;
  /** SC: iommufd accepts a device that snoops. */
  readonly snoopControl: boolean;
}

/** AMD: bits of the extended features (drivers/iommu/amd/amd_iommu_types.h). */
export interface AmdAbilities {
  readonly cap: string | null;
  /** 0x… */
  readonly features: string;
  readonly features2: string | null;
  /** PPRSup: it takes page requests. */
  readonly pageRequests: boolean;
  /** GTSup: guest translation, with PASIDs. */
  readonly guestTranslation: boolean;
  /** EPHSup: the driver requires it for page requests. */
  readonly enhancedPpr: boolean;
  /** PASmax + 1; 0 without guest translation. */
  readonly pasidBits: number;
  readonly dirtyTracking: boolean;
}

export interface IommuInfo {
  /** dmar0, ivhd0, smmu3.0x…; as in /sys/class/iommu. */
  readonly name: string;
  readonly kind: IommuKind;
  /** The driver of the IOMMU if it is a separate device: arm-smmu-v3, virtio_iommu. */
  readonly driver: string | null;
  readonly intel: IntelAbilities | null;
  readonly amd: AmdAbilities | null;
}

const CLASS = '/sys/class/iommu';

export const KIND_NAMES: Record<IommuKind, string> = {
  intel: 'Intel VT-d',
  amd: 'AMD-Vi',
  smmuv3: 'Arm SMMUv3',
  selftest: 'iommufd selftest',
  other: 'another IOMMU',
};

const parseHex = (text: string | null): bigint | null =>
  text !== null && /^(0x)?[0-9a-f]{1,16}$/i.test(text) ? BigInt(`0x${text.replace(/^0x/i, '')}`) : null;

const has = (value: bigint, bit: number): boolean => ((value >> BigInt(bit)) & 1n) === 1n;
const field = (value: bigint, low: number, bits: number): number =>
  Number((value >> BigInt(low)) & ((1n << BigInt(bits)) - 1n));

export function intelAbilities(
  version: string | null,
  cap: bigint,
  ecap: bigint,
  scalableModeWanted: boolean | null = null,
): IntelAbilities {
  const pasid = has(ecap, 40);
  return {
    version,
    cap: hex(cap),
    ecap: hex(ecap),
    pageRequests: has(ecap, 29),
    pageRequestDrain: has(ecap, 42),
    deviceTlb: has(ecap, 2),
    pasid,
    pasidBits: pasid ? field(ecap, 35, 5) + 1 : 0,
    scalableMode: has(ecap, 43),
    scalableModeWanted,
    firstStage: has(ecap, 47),
    secondStage: has(ecap, 46),
    nested: has(ecap, 26),
    dirtyTracking: has(ecap, 45),
    snoopControl: has(ecap, 7),
  };
}

export function amdAbilities(cap: bigint | null, features: bigint, features2: bigint | null): AmdAbilities {
  const guestTranslation = has(features, 4);
  return {
    cap: cap === null ? null : hex(cap),
    features: hex(features),
    features2: features2 === null ? null : hex(features2),
    pageRequests: has(features, 1),
    guestTranslation,
    enhancedPpr: has(features, 50),
    pasidBits: guestTranslation ? field(features, 32, 5) + 1 : 0,
    dirtyTracking: has(features, 52),
  };
}

function readIntel(reading: Reading, path: string): IntelAbilities | null {
  const cap = parseHex(reading.text(`${path}/intel-iommu/cap`, 'the capabilities of the IOMMU'));
  const ecap = parseHex(reading.text(`${path}/intel-iommu/ecap`, 'the extended capabilities of the IOMMU'));
  if (cap === null || ecap === null) return null;
  const version = reading.text(`${path}/intel-iommu/version`, 'the version of the IOMMU');
  return intelAbilities(version, cap, ecap, CommandLine.read(reading).scalableMode);
}

/** `features` has two words, EFR:EFR2; in older kernels one. */
function readAmd(reading: Reading, path: string): AmdAbilities | null {
  const text = reading.text(`${path}/amd-iommu/features`, 'the features of the IOMMU');
  const [first, second] = text?.split(':') ?? [];
  const features = parseHex(first ?? null);
  if (features === null) return null;
  return amdAbilities(
    parseHex(reading.text(`${path}/amd-iommu/cap`, 'the capabilities of the IOMMU')),
    features,
    parseHex(second ?? null),
  );
}

function kindOf(reading: Reading, path: string, name: string, driver: string | null): IommuKind {
  if (reading.isThere(`${path}/intel-iommu`) || /^dmar\d+$/.test(name)) return 'intel';
  if (reading.isThere(`${path}/amd-iommu`) || /^ivhd\d+$/.test(name)) return 'amd';
  if (driver === 'arm-smmu-v3' || name.startsWith('smmu3.')) return 'smmuv3';
  return name.startsWith('iommufd_selftest_iommu') ? 'selftest' : 'other';
}

/** The IOMMU whose directory in sysfs is at `path`. */
export function readIommu(reading: Reading, path: string, name: string): IommuInfo {
  const driver = reading.linkName(`${path}/device/driver`, 'the driver of the IOMMU');
  const kind = kindOf(reading, path, name, driver);
  return {
    name,
    kind,
    driver,
    intel: kind === 'intel' ? readIntel(reading, path) : null,
    amd: kind === 'amd' ? readAmd(reading, path) : null,
  };
}

/** All IOMMUs of the host, by name. */
export const listIommus = (reading: Reading): IommuInfo[] =>
  reading.list(CLASS, 'the IOMMUs').map((name) => readIommu(reading, `${CLASS}/${name}`, name));
