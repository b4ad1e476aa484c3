// One /dev/iommu context over the Kernel port, with raw ioctls encoded from the tables: what every contract test starts
// from. It does not use the typed client, which is tested elsewhere.
import { type Kernel, Open, Poll } from '../../src/kernel/kernel.ts';
import * as ioctls from '../../src/uapi/ioctl.ts';
import {
  HwptAllocFlag,
  HwptDataType,
  iommuHwptPageResponse,
  iommuHwptPgfault,
  PageResponse,
} from '../../src/uapi/iommufd.ts';
import {
  IOMMU_TEST_IOTLB_DEFAULT,
  iommuHwptSelftest,
  LAB_PERM_PARTIAL,
  TestOp,
  testMockDomainFlags,
  testMockDomainReplace,
  testPasid,
  testTriggerIopf,
} from '../../src/uapi/selftest.ts';
import type { Fields, Struct, StructValue } from '../../src/uapi/struct.ts';
import { must, type Result, result } from './result.ts';

type Arg<S> = S extends Struct<infer F> ? StructValue<F> : never;
export type PgfaultRecord = Arg<typeof iommuHwptPgfault>;
export interface Call<F extends Fields> {
  readonly r: Result;
  readonly out: StructValue<F>;
}
export interface MockDevice {
  readonly stdev: number;
  readonly idev: number;
  /** The automatic paging HWPT that the IOAS attached it to, or the HWPT it was made on. */
  readonly hwpt: number;
}
export interface HwptOptions {
  readonly dev: number;
  /** The IOAS, or the parent of a nested HWPT. */
  readonly pt: number;
  readonly flags?: number;
  /** The fault object; sets FAULT_ID_VALID. */
  readonly fault?: number;
  /** Whether it is given the selftest driver's data, as a nested HWPT needs. */
  readonly nested?: boolean;
}
export interface Trigger {
  readonly dev: number;
  readonly grpid?: number;
  readonly pasid?: number;
  readonly addr?: bigint;
  readonly perm?: number;
  /** Without LAST_PAGE: the group goes on. */
  readonly partial?: boolean;
}

export const RECORD = iommuHwptPgfault.size;
export const { SUCCESS, INVALID } = PageResponse;
export const IDLE = Poll.OUT;
export const READY = Poll.IN | Poll.RDNORM | Poll.OUT;
const EVERYTHING = Poll.IN | Poll.OUT | Poll.RDNORM;

export class Context {
  readonly kernel: Kernel;
  readonly fd: number;
  readonly #open = new Set<number>();
  /** PASIDs attached to each stdev: the selftest driver leaks them, and more, when it goes with one still attached. */
  readonly #pasids = new Map<number, Set<number>>();

  constructor(kernel: Kernel) {
    this.kernel = kernel;
    this.fd = this.open('/dev/iommu');
  }

  open(path: string): number {
    const fd = must(`open ${path}`, this.kernel.open(path, Open.RDWR | Open.CLOEXEC));
    this.#open.add(fd);
    return fd;
  }

  dup(fd: number): number {
    const copy = must('dup', this.kernel.dup(fd));
    this.#open.add(copy);
    return copy;
  }

  close(fd: number): Result {
    this.#open.delete(fd);
    return result(this.kernel.close(fd));
  }

  /** Ends the context as a tidy program would; the fd of the context itself goes last. */
  end(): void {
    for (const [stdev, pasids] of this.#pasids) for (const pasid of pasids) this.pasidDetach(stdev, pasid);
    for (const fd of [...this.#open].reverse()) this.close(fd);
  }

  /** An ioctl on the context's fd; `bytes` for an argument longer or shorter than the struct. */
  call<F extends Fields>(ioctl: { nr: number }, arg: Struct<F>, value: Partial<StructValue<F>>, fd = this.fd): Call<F> {
    const bytes = arg.encode(value);
    const r = result(this.kernel.ioctl(fd, ioctl.nr, bytes));
    return { r, out: arg.decode(bytes) };
  }

  raw(nr: number, bytes: Uint8Array, fd = this.fd): Result {
    return result(this.kernel.ioctl(fd, nr, bytes));
  }

  destroy(id: number): Result {
    return this.call(ioctls.IOMMU_DESTROY, ioctls.IOMMU_DESTROY.arg, { id }).r;
  }

  ioas(): number {
    const { r, out } = this.call(ioctls.IOMMU_IOAS_ALLOC, ioctls.IOMMU_IOAS_ALLOC.arg, {});
    must('IOAS_ALLOC', r === 0 ? 0 : -1);
    return out.outIoasId;
  }

  /** IOAS_ALLOC on any descriptor: 0 or the errno's name. */
  ioasOn(fd: number): Result {
    return this.call(ioctls.IOMMU_IOAS_ALLOC, ioctls.IOMMU_IOAS_ALLOC.arg, {}, fd).r;
  }

  tryMock(pt: number, devFlags = 0): { readonly r: Result; readonly device: MockDevice } {
    const op = TestOp.MOCK_DOMAIN_FLAGS;
    const { r, out } = this.call(ioctls.IOMMU_TEST_CMD, testMockDomainFlags, { op, id: pt, devFlags });
    return { r, device: { stdev: out.outStdevId, idev: out.outIdevId, hwpt: out.outHwptId } };
  }

  mock(pt: number, devFlags = 0): MockDevice {
    const { r, device } = this.tryMock(pt, devFlags);
    if (r !== 0) throw new Error(`MOCK_DOMAIN_FLAGS: ${r}`);
    return device;
  }

  fault(): { readonly id: number; readonly fd: number } {
    const { r, out } = this.call(ioctls.IOMMU_FAULT_QUEUE_ALLOC, ioctls.IOMMU_FAULT_QUEUE_ALLOC.arg, {});
    if (r !== 0) throw new Error(`FAULT_QUEUE_ALLOC: ${r}`);
    this.#open.add(out.outFaultFd);
    return { id: out.outFaultId, fd: out.outFaultFd };
  }

  /** HWPT_ALLOC: the new id, or the errno's name. */
  tryHwpt({ dev, pt, flags = 0, fault, nested = false }: HwptOptions): Result {
    const data = nested ? this.selftestData() : undefined;
    const { r, out } = this.call(ioctls.IOMMU_HWPT_ALLOC, ioctls.IOMMU_HWPT_ALLOC.arg, {
      devId: dev,
      ptId: pt,
      flags: flags | (fault === undefined ? 0 : HwptAllocFlag.FAULT_ID_VALID),
      faultId: fault ?? 0,
      ...data?.fields,
    });
    data?.free();
    return r === 0 ? out.outHwptId : r;
  }

  /** HWPT_ALLOC with exactly these fields: 0 or the errno's name. */
  tryHwptFields(fields: Partial<Arg<typeof ioctls.IOMMU_HWPT_ALLOC.arg>>): Result {
    return this.call(ioctls.IOMMU_HWPT_ALLOC, ioctls.IOMMU_HWPT_ALLOC.arg, fields).r;
  }

  hwpt(options: HwptOptions): number {
    const id = this.tryHwpt(options);
    if (typeof id === 'string') throw new Error(`HWPT_ALLOC: ${id}`);
    return id;
  }

  /** The user data of a nested HWPT on the selftest driver, in memory that the kernel can read. */
  selftestData(iotlb: number = IOMMU_TEST_IOTLB_DEFAULT) {
    const memory = this.kernel.memory(iommuHwptSelftest.size);
    iommuHwptSelftest.write(memory.bytes, { iotlb });
    const fields = { dataType: HwptDataType.SELFTEST, dataLen: iommuHwptSelftest.size, dataUptr: memory.address };
    return { fields, free: () => memory.free() };
  }

  replace(stdev: number, pt: number): Result {
    const op = TestOp.MOCK_DOMAIN_REPLACE;
    return this.call(ioctls.IOMMU_TEST_CMD, testMockDomainReplace, { op, id: stdev, ptId: pt }).r;
  }

  pasidAttach(stdev: number, pasid: number, pt: number): Result {
    const { r } = this.call(ioctls.IOMMU_TEST_CMD, testPasid, { op: TestOp.PASID_ATTACH, id: stdev, pasid, ptId: pt });
    if (r === 0) this.#pasids.set(stdev, (this.#pasids.get(stdev) ?? new Set<number>()).add(pasid));
    return r;
  }

  pasidReplace(stdev: number, pasid: number, pt: number): Result {
    return this.call(ioctls.IOMMU_TEST_CMD, testPasid, { op: TestOp.PASID_REPLACE, id: stdev, pasid, ptId: pt }).r;
  }

  pasidDetach(stdev: number, pasid: number): Result {
    this.#pasids.get(stdev)?.delete(pasid);
    return this.call(ioctls.IOMMU_TEST_CMD, testPasid, { op: TestOp.PASID_DETACH, id: stdev, pasid }).r;
  }

  /** 0 when `pasid` of the stdev is attached to that HWPT (0: to none), else EINVAL. */
  pasidCheck(stdev: number, pasid: number, hwpt: number): Result {
    const value = { op: TestOp.PASID_CHECK_HWPT, id: stdev, pasid, ptId: hwpt };
    return this.call(ioctls.IOMMU_TEST_CMD, testPasid, value).r;
  }

  trigger({ dev, grpid = 0, pasid = 0, addr = 0n, perm = 1, partial = false }: Trigger): Result {
    return this.call(ioctls.IOMMU_TEST_CMD, testTriggerIopf, {
      op: TestOp.TRIGGER_IOPF,
      devId: dev,
      grpid,
      pasid,
      addr,
      perm: (perm | (partial ? LAB_PERM_PARTIAL : 0)) >>> 0,
    }).r;
  }

  /** read(2) of `count` bytes: what it returned, and the records that it brought. */
  read(fd: number, count = 64 * RECORD): { readonly r: Result; readonly records: PgfaultRecord[] } {
    const bytes = new Uint8Array(Math.max(count, RECORD));
    const n = this.kernel.read(fd, bytes, count);
    const records = [];
    for (let at = 0; at + RECORD <= n; at += RECORD) records.push(iommuHwptPgfault.decode(bytes, at));
    return { r: result(n), records };
  }

  /** The cookie of each record that a read brings. */
  cookies(fd: number): number[] {
    return this.read(fd).records.map((record) => record.cookie);
  }

  respond(fd: number, ...answers: readonly (readonly [cookie: number, code: number])[]): Result {
    const bytes = new Uint8Array(answers.length * iommuHwptPageResponse.size);
    answers.forEach(([cookie, code], i) => {
      iommuHwptPageResponse.write(bytes, { cookie, code }, i * iommuHwptPageResponse.size);
    });
    return result(this.kernel.write(fd, bytes));
  }

  poll(fd: number): number {
    const one = { fd, events: EVERYTHING, revents: 0 };
    this.kernel.poll([one], 0);
    return one.revents;
  }
}
