// The mock driver (selftest.c) as iommufd meets it.
import { Errno } from '../../uapi/errno.ts';
import { HwptDataType } from '../../uapi/iommufd.ts';
import { iommuHwptSelftest, MOCK_PASID_WIDTH, MockDeviceFlag } from '../../uapi/selftest.ts';
import { struct } from '../../uapi/struct.ts';
import type { DriverDomain, HwInfo, IommuDriver, NestedData, UserData } from './iommu-driver.ts';
import type { IopfDomain } from './iopf.ts';
import type { DomainGeometry } from './iopt.ts';

const TYPE_SELFTEST = 0xfeed_beef;
const SELFTEST_REGVAL = 0xdead_beef;
const CAP_PCI_ATS_NOT_SUPPORTED = 8n;
const testHwInfo = struct('iommu_test_hw_info', 8, { flags: 'u32', testReg: 'u32' });
/** enum in iommufd_test.h: MOCK_IOMMUPT_… */
const PagetableType = { DEFAULT: 0, HUGE: 1 } as const;
/** MOCK_APERTURE_START, MOCK_APERTURE_LAST, MOCK_PAGE_SIZE */
const DEFAULT_GEOMETRY: DomainGeometry = { apertureStart: 1n << 24n, apertureLast: (1n << 31n) - 1n, pageSize: 2048n };
/** What pt_iommu_amdv1_mock_init() gives for the mock's configuration; seen on 7.2. */
const HUGE_GEOMETRY: DomainGeometry = { apertureStart: 0n, apertureLast: (1n << 38n) - 1n, pageSize: 4096n };
/** offsetofend(struct iommu_hwpt_selftest, iotlb) */
const MIN_CONFIG = iommuHwptSelftest.offsetOf.pagetableType;
/** IOMMU_TEST_PASID_RESERVED: attaching a second domain to it fails every other time, so that rollback can be tested. */
const FAKE_ERROR_PASID = 1024;

export class MockDriver implements IommuDriver {
  readonly name = 'mock';
  readonly #flags: number;
  readonly maxPasids: number;
  readonly capabilities = CAP_PCI_ATS_NOT_SUPPORTED;
  readonly attachesPasids = true;
  readonly userPasidTable = true;
  readonly sharesPri = false;
  readonly reserved = [];
  #owner: object | undefined;
  #fakeError = false;

  constructor(flags: number) {
    this.#flags = flags;
    // With "pasid-num-bits" 0 it is 1, PASID 0 itself.
    this.maxPasids = flags & MockDeviceFlag.PASID ? 1 << MOCK_PASID_WIDTH : 1;
  }

  get dirtyTracking(): boolean {
    return (this.#flags & MockDeviceFlag.NO_DIRTY) === 0;
  }

  /** mock_domain_hw_info() */
  hwInfo(type: number): HwInfo | number {
    if (type !== 0 && type !== TYPE_SELFTEST) return -Errno.EOPNOTSUPP;
    return { type: TYPE_SELFTEST, data: testHwInfo.encode({ testReg: SELFTEST_REGVAL }) };
  }

  /** mock_domain_alloc_paging_flags() */
  allocPaging(_flags: number, data: UserData | undefined): DomainGeometry | number {
    const config = data ? userConfig(data) : { iotlb: 0, pagetableType: PagetableType.DEFAULT };
    if (typeof config === 'number') return config;
    const type = config.pagetableType;
    if (type !== PagetableType.DEFAULT && type !== PagetableType.HUGE) return -Errno.EOPNOTSUPP;
    return type === PagetableType.HUGE ? HUGE_GEOMETRY : DEFAULT_GEOMETRY;
  }

  /** mock_domain_alloc_nested() */
  allocNested(_flags: number, data: UserData): NestedData | number {
    return userConfig(data);
  }

  claim(owner: object): number {
    if (this.#owner !== undefined && this.#owner !== owner) return -Errno.EPERM;
    this.#owner = owner;
    return 0;
  }

  release(): void {
    this.#owner = undefined;
  }

  /** mock_domain_nop_attach(), mock_domain_set_dev_pasid_nop() */
  attach(pasid: number, domain: DriverDomain): number {
    if (pasid === 0) return domain.dirty && !this.dirtyTracking ? -Errno.EINVAL : 0;
    if (pasid !== FAKE_ERROR_PASID) return 0;
    this.#fakeError = !this.#fakeError;
    return this.#fakeError ? 0 : -Errno.ENOMEM;
  }

  /** mock_domain_set_dev_pasid_nop() with the blocking domain */
  detached(pasid: number): void {
    if (pasid === FAKE_ERROR_PASID) this.#fakeError = false;
  }

  /** mock_dev_enable_iopf() */
  delivers(domain: IopfDomain): boolean {
    return domain.iopfHandler !== undefined;
  }
}

/** iommu_copy_struct_from_user() of the driver's data; another driver's type is refused before its length is checked. */
function userConfig({ type, length, read }: UserData): ReturnType<typeof iommuHwptSelftest.decode> | number {
  if (type !== HwptDataType.SELFTEST) return -Errno.EOPNOTSUPP;
  if (length < MIN_CONFIG || length > iommuHwptSelftest.size) return -Errno.EINVAL;
  const data = read();
  if (typeof data === 'number') return data;
  const whole = new Uint8Array(iommuHwptSelftest.size);
  whole.set(data);
  return iommuHwptSelftest.decode(whole);
}
