// IOMMU_TEST_CMD (iommufd/selftest.c): the operations on mock devices. Those on accesses, dirty bits, vIOMMUs and
// dma-bufs are not simulated and return EOPNOTSUPP, like an unknown operation.
import { Errno } from '../../uapi/errno.ts';
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import {
  LAB_PERM_PARTIAL,
  MockDeviceFlag,
  TestOp,
  testMockDomainFlags,
  testMockDomainReplace,
  testPasid,
  testTriggerIopf,
} from '../../uapi/selftest.ts';
import { at, struct } from '../../uapi/struct.ts';
import type { IommufdContext } from './context.ts';
import { IommufdDevice } from './device.ts';
import { Hwpt, HwptNested, HwptPaging, Ioas } from './hwpt.ts';
import { MockDev } from './mock-device.ts';
import { MockDriver } from './mock-driver.ts';
import { IommufdObject } from './objects.ts';
import { ULONG_MAX } from './ranges.ts';
import type { Ucmd } from './ucmd.ts';

/** IOMMU_TEST_OP_MD_CHECK_IOTLB, which the program above has no use for. */
const OP_CHECK_IOTLB = 14;
const SIZE = testMockDomainFlags.size;
const head = { size: 'u32', op: 'u32', id: 'u32', reserved: 'u32' } as const;
const last = at(64, 'u64');
const addReserved = struct('iommu_test_cmd', SIZE, { ...head, start: 'u64', length: 'u64', last });
const checkMap = struct('iommu_test_cmd', SIZE, { ...head, iova: 'u64', length: 'u64', uptr: 'u64', last });
const checkIotlb = struct('iommu_test_cmd', SIZE, { ...head, index: 'u32', iotlb: 'u32', last });

/** struct selftest_obj of TYPE_IDEV: a mock device and its binding. */
class SelftestDevice extends IommufdObject {
  readonly type = 'selftest';
  idev: IommufdDevice | undefined;

  /** iommufd_selftest_destroy() */
  destroy(): void {
    this.idev?.detach(0);
    this.idev?.unbind();
  }
}

const stdev = (ctx: IommufdContext, id: number) => ctx.objects.get(id, SelftestDevice)?.idev;

/** iommufd_test() */
export function selftest(ctx: IommufdContext, ucmd: Ucmd): number {
  switch (ucmd.view.getUint32(testTriggerIopf.offsetOf.op, true)) {
    case TestOp.TRIGGER_IOPF:
      return triggerIopf(ctx, ucmd);
    case TestOp.ADD_RESERVED:
      return reserve(ctx, ucmd);
    case TestOp.MOCK_DOMAIN:
      return mockDomain(ctx, ucmd, 0);
    case TestOp.MOCK_DOMAIN_FLAGS:
      return mockDomain(ctx, ucmd, ucmd.read(testMockDomainFlags).devFlags);
    case TestOp.MOCK_DOMAIN_REPLACE:
      return mockDomainReplace(ctx, ucmd);
    case TestOp.MD_CHECK_MAP:
      return mdCheckMap(ctx, ucmd);
    case OP_CHECK_IOTLB:
      return mdCheckIotlb(ctx, ucmd);
    case TestOp.PASID_ATTACH:
      return pasidAttach(ctx, ucmd);
    case TestOp.PASID_REPLACE:
      return pasidReplace(ctx, ucmd);
    case TestOp.PASID_DETACH:
      return pasidDetach(ctx, ucmd);
    case TestOp.PASID_CHECK_HWPT:
      return pasidCheckHwpt(ctx, ucmd);
    default:
      return -Errno.EOPNOTSUPP;
  }
}

/** iommufd_test_trigger_iopf(), with the lab's own bit for a fault that is not the last of its group. */
function triggerIopf(ctx: IommufdContext, ucmd: Ucmd): number {
  const field = testTriggerIopf.offsetOf;
  const idev = ctx.objects.get(ucmd.view.getUint32(field.devId, true), IommufdDevice);
  if (!idev) return -Errno.ENOENT;
  const pasid = ucmd.view.getUint32(field.pasid, true);
  let perm = ucmd.view.getUint32(field.perm, true);
  let flags: number = PgfaultFlag.LAST_PAGE;
  if (pasid !== 0) flags |= PgfaultFlag.PASID_VALID;
  if (ctx.features.partialTrigger && perm & LAB_PERM_PARTIAL) {
    perm = (perm & ~LAB_PERM_PARTIAL) >>> 0;
    flags &= ~PgfaultFlag.LAST_PAGE;
  }
  const grpid = ucmd.view.getUint32(field.grpid, true);
  idev.dev.report({ flags, pasid, grpid, perm, addr: ucmd.view.getBigUint64(field.addr, true) });
  return 0;
}

/** iommufd_test_add_reserved() */
function reserve(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(addReserved);
  if (cmd.length === 0n) return -Errno.EINVAL;
  const lastIova = cmd.start + cmd.length - 1n;
  if (lastIova > ULONG_MAX) return -Errno.EOVERFLOW;
  const ioas = ctx.objects.get(cmd.id, Ioas);
  return ioas ? ioas.iopt.reserve(cmd.start, lastIova, undefined) : -Errno.ENOENT;
}

const DEVICE_FLAGS = MockDeviceFlag.NO_DIRTY | MockDeviceFlag.PASID;

/** iommufd_test_mock_domain(): a new mock device, bound, and attached to `id`. */
function mockDomain(ctx: IommufdContext, ucmd: Ucmd, flags: number): number {
  const cmd = ucmd.read(testMockDomainFlags);
  const sobj = ctx.objects.alloc(new SelftestDevice());
  const abort = (rc: number) => {
    ctx.objects.abort(sobj);
    return rc;
  };
  if ((flags & ~DEVICE_FLAGS) !== 0) return abort(-Errno.EINVAL);
  const idev = IommufdDevice.bindTo(ctx.objects, new MockDev(new MockDriver(flags)), ctx);
  if (typeof idev === 'number') return abort(idev);
  const { rc, ptId } = idev.attach(0, cmd.id);
  if (rc !== 0) {
    idev.unbind();
    return abort(rc);
  }
  sobj.idev = idev;
  ctx.objects.finalize(sobj);
  return ucmd.respond(testMockDomainFlags, { outStdevId: sobj.id, outHwptId: ptId, outIdevId: idev.id });
}

/** iommufd_test_mock_domain_replace() */
function mockDomainReplace(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(testMockDomainReplace);
  const idev = stdev(ctx, cmd.id);
  if (!idev) return -Errno.ENOENT;
  const { rc, ptId } = idev.replace(0, cmd.ptId);
  return rc === 0 ? ucmd.respond(testMockDomainReplace, { ptId }) : rc;
}

/** iommufd_test_pasid_attach() */
function pasidAttach(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(testPasid);
  const idev = stdev(ctx, cmd.id);
  if (!idev) return -Errno.ENOENT;
  const { rc, ptId } = idev.attach(cmd.pasid, cmd.ptId);
  return rc === 0 ? ucmd.respond(testPasid, { ptId }) : rc;
}

/** iommufd_test_pasid_replace() */
function pasidReplace(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(testPasid);
  const idev = stdev(ctx, cmd.id);
  if (!idev) return -Errno.ENOENT;
  const { rc, ptId } = idev.replace(cmd.pasid, cmd.ptId);
  return rc === 0 ? ucmd.respond(testPasid, { ptId }) : rc;
}

/** iommufd_test_pasid_detach() */
function pasidDetach(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(testPasid);
  const idev = stdev(ctx, cmd.id);
  if (!idev) return -Errno.ENOENT;
  idev.detach(cmd.pasid);
  return 0;
}

/** iommufd_test_pasid_check_hwpt(): 0 where `ptId` is what the PASID is attached to, or 0 and it is attached to nothing. */
function pasidCheckHwpt(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(testPasid);
  const idev = stdev(ctx, cmd.id);
  if (!idev) return -Errno.ENOENT;
  const attached = idev.dev.handles.get(cmd.pasid)?.domain;
  if (cmd.ptId === 0) return attached ? -Errno.EINVAL : 0;
  const hwpt = ctx.objects.find(cmd.ptId);
  if (!hwpt) return -Errno.ENOENT;
  return hwpt instanceof Hwpt && hwpt === attached ? 0 : -Errno.EINVAL;
}

/** iommufd_test_md_check_pa(): whether the HWPT maps exactly the pages at `uptr`. */
function mdCheckMap(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(checkMap);
  const hwpt = ctx.objects.get(cmd.id, HwptPaging);
  if (!hwpt) return -Errno.ENOENT;
  const page = hwpt.geometry.pageSize;
  if (cmd.iova % page || cmd.length % page || cmd.uptr % page || cmd.uptr + cmd.length > ULONG_MAX) {
    return -Errno.EINVAL;
  }
  for (let offset = 0n; offset < cmd.length; offset += page) {
    const va = cmd.uptr + offset;
    const rc = ctx.memory.check(va, page);
    if (rc !== 0) return rc;
    const iova = cmd.iova + offset;
    const area = hwpt.ioas.iopt.areaAt(iova);
    if (!area || area.userVa + (iova - area.start) !== va) return -Errno.EINVAL;
  }
  return 0;
}

/** iommufd_test_md_check_iotlb() */
function mdCheckIotlb(ctx: IommufdContext, ucmd: Ucmd): number {
  const cmd = ucmd.read(checkIotlb);
  const hwpt = ctx.objects.get(cmd.id, HwptNested);
  if (!hwpt) return -Errno.ENOENT;
  return hwpt.iotlb[cmd.index] === cmd.iotlb ? 0 : -Errno.EINVAL;
}
