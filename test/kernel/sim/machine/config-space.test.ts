// Config space as bytes, read here with code of its own: what the capabilities say before and after drivers are at work.
import { describe, expect, it } from 'vitest';
import { DEFAULT_MACHINE } from '../../../../src/kernel/sim/machine/default.ts';
import { HwptAllocFlag } from '../../../../src/uapi/iommufd.ts';
import { device, Host } from './host.ts';

const [ATS, SRIOV, PRI, PASID, ACS] = [0x0f, 0x10, 0x13, 0x1b, 0x0d];

const view = (host: Host, address: string): DataView => {
  const bytes = host.files.read(`${device(address)}/config`);
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
};

/** Ids and offsets of the extended capabilities, by following the list. */
function extended(config: DataView): Map<number, number> {
  const found = new Map<number, number>();
  for (let at = 0x100; at !== 0; ) {
    const header = config.getUint32(at, true);
    found.set(header & 0xffff, at);
    at = header >>> 20;
  }
  return found;
}

/** 16 bits of a capability. */
function register(host: Host, address: string, id: number, offset: number): number {
  const config = view(host, address);
  const at = extended(config).get(id);
  if (at === undefined) throw new Error(`${address} has no capability ${id}`);
  return config.getUint16(at + offset, true);
}

const has = (host: Host, address: string) => [ATS, PRI, PASID].map((id) => extended(view(host, address)).has(id));

describe('the header and the list of capabilities', () => {
  const host = new Host();

  it('an endpoint: type 0, with a PCI Express capability', () => {
    const config = view(host, '0000:17:00.0');
    expect(config.byteLength).toBe(4096);
    expect([config.getUint16(0, true), config.getUint16(2, true), config.getUint8(0xe) & 0x7f]).toEqual([
      0x8086, 0x11fb, 0,
    ]);
    const ids: number[] = [];
    for (let at = config.getUint8(0x34); at !== 0; at = config.getUint8(at + 1)) ids.push(config.getUint8(at));
    expect(ids).toEqual([0x01, 0x10, 0x11]);
  });

  it('a bridge: type 1, a root port with ACS', () => {
    const config = view(host, '0000:18:02.0');
    expect(config.getUint8(0xe) & 0x7f).toBe(1);
    expect([...extended(config).keys()]).toContain(ACS);
  });

  it('a VF reads as all ones where its ids would be', () => {
    expect(view(host, '0000:3b:01.0').getUint32(0, true)).toBe(0xffff_ffff);
    expect(register(host, '0000:3b:00.0', SRIOV, 0x10)).toBe(2);
  });

  it.each([
    ['0000:17:00.0', [true, true, true]],
    ['0000:19:00.0', [true, false, false]],
    ['0000:1a:00.0', [false, false, false]],
    ['0000:76:01.0', [true, false, false]],
    ['0004:75:00.0', [true, false, true]],
  ])('%s has ATS, PRI, PASID: %j', (address, expected) => {
    expect(has(host, address)).toEqual(expected);
  });
});

describe('PRI on VT-d', () => {
  it('is on from the start where the unit takes page requests, with PASID and ATS (intel_iommu_probe_finalize())', () => {
    const host = new Host();
    expect(register(host, '0000:17:00.0', PRI, 4)).toBe(1);
    expect(register(host, '0000:17:00.0', PRI, 6)).toBe(0x8000);
    expect(register(host, '0000:17:00.0', PRI, 12)).toBe(512);
    expect(register(host, '0000:17:00.0', ATS, 6) >> 15).toBe(1);
    expect(register(host, '0000:17:00.0', PASID, 6)).toBe(1 | 4);
  });

  it('is off, and stopped, where the unit has none, or responses carry no PASID', () => {
    const host = new Host();
    for (const address of ['0000:81:00.0', '0000:17:04.0']) {
      expect(register(host, address, PRI, 4)).toBe(0);
      expect(register(host, address, PRI, 6) & 0x100).toBe(0x100);
    }
  });

  it('in legacy mode ATS is on, by domain_context_mapping(), and PASIDs and PRI are off', () => {
    const iommus = DEFAULT_MACHINE.iommus.map((iommu) =>
      iommu.kind === 'intel' ? { ...iommu, scalable: false } : iommu,
    );
    const host = new Host({ iommus });
    const address = '0000:17:00.0';
    expect(register(host, address, ATS, 6) >> 15).toBe(1);
    expect([register(host, address, PASID, 6), register(host, address, PRI, 4)]).toEqual([0, 0]);
  });

  it('trouble shows until VFIO resets the device', () => {
    const host = new Host();
    expect(register(host, '0000:17:03.0', PRI, 6)).toBe(0x8101);
    expect(host.bind('0000:17:03.0').bound).toBe(0);
    expect([register(host, '0000:17:03.0', PRI, 6), register(host, '0000:17:03.0', PRI, 4)]).toEqual([0x8000, 1]);
  });

  it('no PASIDs behind a port that does not isolate (pci_enable_pasid())', () => {
    expect(register(new Host(), '0000:5e:00.0', PASID, 6)).toBe(0);
  });
});

describe('PRI on AMD', () => {
  it('is on while the default domain is identity, off once VFIO has it, on with a v2 table', () => {
    const host = new Host();
    const address = '0000:a1:00.0';
    const enabled = () => register(host, address, PRI, 4);
    const seen = [enabled()];
    const vfio = host.bind(address);
    seen.push(enabled());
    const hwpt = host.hwpt({ dev: vfio.devId, pt: host.ioas(), flags: HwptAllocFlag.PASID });
    vfio.attach(hwpt);
    seen.push(enabled());
    vfio.detach();
    seen.push(enabled());
    vfio.attach(host.hwpt({ dev: vfio.devId, pt: host.ioas() }));
    seen.push(enabled());
    host.close(vfio.fd);
    seen.push(enabled());
    expect(seen).toEqual([1, 0, 1, 0, 0, 1]);
  });
});
