// A simulated host with one /dev/iommu open, and what its tests do with it over and over.
import { type Kernel, KernelRefusal } from '../../../../src/kernel/kernel.ts';
import { Machine } from '../../../../src/kernel/sim/machine/machine.ts';
import type { MachineSpec } from '../../../../src/kernel/sim/machine/spec.ts';
import { SimKernel } from '../../../../src/kernel/sim/sim.ts';
import { errnoName } from '../../../../src/uapi/errno.ts';
import * as ioctls from '../../../../src/uapi/ioctl.ts';
import { HwptAllocFlag, HwptDataType, iommuHwptVtdS1 } from '../../../../src/uapi/iommufd.ts';
import {
  VFIO_PASID_FLAG,
  vfioDeviceAttachIommufdPtPasid,
  vfioDeviceBindIommufd,
  vfioDeviceDetachIommufdPt,
} from '../../../../src/uapi/vfio.ts';
import { Context } from '../../../contract/context.ts';
import { type Result, result } from '../../../contract/result.ts';

export class Host extends Context {
  readonly machine: Machine;
  readonly sim: SimKernel;

  constructor(changes: Partial<MachineSpec> = {}) {
    const machine = new Machine(changes);
    const kernel = new SimKernel({ machine });
    super(kernel as Kernel);
    this.machine = machine;
    this.sim = kernel;
  }

  get files() {
    return this.machine.files;
  }

  text(path: string): string {
    return new TextDecoder().decode(this.files.read(path));
  }

  /** Writes into an attribute: 'ok', or the name of the errno. */
  write(path: string, text: string): string {
    return refusal(() => this.files.write(path, text)) ?? 'ok';
  }

  /** Name of the VFIO device of a PCI device; undefined: it has none. */
  vfioName(address: string): string | undefined {
    return refusal(() => this.files.list(`${device(address)}/vfio-dev`))
      ? undefined
      : this.files.list(`${device(address)}/vfio-dev`)[0];
  }

  /** Opens the device's VFIO file and binds it to the context, or to another one. */
  bind(address: string, iommufd = this.fd): VfioFile {
    const name = this.vfioName(address);
    if (name === undefined) throw new Error(`${address} has no VFIO device`);
    return new VfioFile(this, this.open(`/dev/vfio/devices/${name}`), iommufd);
  }

  /** The errno of HWPT_ALLOC, or the id. */
  vtdNested(dev: number, pt: number, data: { addrWidth: number; flags?: bigint; length?: number }, fault?: number) {
    const memory = this.kernel.memory(32);
    iommuHwptVtdS1.write(memory.bytes, { flags: data.flags ?? 0n, addrWidth: data.addrWidth, pgtblAddr: 0x1000n });
    const { r, out } = this.call(ioctls.IOMMU_HWPT_ALLOC, ioctls.IOMMU_HWPT_ALLOC.arg, {
      devId: dev,
      ptId: pt,
      flags: fault === undefined ? 0 : HwptAllocFlag.FAULT_ID_VALID,
      faultId: fault ?? 0,
      dataType: HwptDataType.VTD_S1,
      dataLen: data.length ?? iommuHwptVtdS1.size,
      dataUptr: memory.address,
    });
    memory.free();
    return r === 0 ? out.outHwptId : r;
  }
}

/** A VFIO device file; binding it is the first thing that happens. */
export class VfioFile {
  readonly fd: number;
  /** What BIND said. */
  readonly bound: Result;
  readonly devId: number;
  readonly #host: Host;

  constructor(host: Host, fd: number, iommufd: number) {
    this.#host = host;
    this.fd = fd;
    const { r, out } = host.call(ioctls.VFIO_DEVICE_BIND_IOMMUFD, vfioDeviceBindIommufd, { iommufd }, fd);
    this.bound = r;
    this.devId = out.outDevid;
  }

  attach(ptId: number, pasid?: number): Result {
    const value = { ptId, flags: pasid === undefined ? 0 : VFIO_PASID_FLAG, pasid: pasid ?? 0 };
    const arg = vfioDeviceAttachIommufdPtPasid;
    return this.#host.call(ioctls.VFIO_DEVICE_ATTACH_IOMMUFD_PT, arg, value, this.fd).r;
  }

  detach(): Result {
    return this.#host.call(ioctls.VFIO_DEVICE_DETACH_IOMMUFD_PT, vfioDeviceDetachIommufdPt, {}, this.fd).r;
  }

  /** Attaches it to a new HWPT over a new IOAS, with a new fault object unless told. */
  deliver(flags = 0) {
    const ioas = this.#host.ioas();
    const fault = this.#host.fault();
    const hwpt = this.#host.hwpt({ dev: this.devId, pt: ioas, fault: fault.id, flags });
    return { ioas, fault, hwpt, attached: this.attach(hwpt) };
  }
}

export const device = (address: string): string => `/sys/bus/pci/devices/${address}`;

/** The name of the errno that a call is refused with; undefined: it is not. */
export function refusal(call: () => unknown): string | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    if (!(error instanceof KernelRefusal)) throw error;
    return errnoName(error.errno);
  }
}

export { result };
