// The device itself, and whether an IOMMU is behind it that passes its faults on.
import type { DeviceInfo } from '../../host/device-info.ts';
import { DeviceNotFound } from '../../host/find.ts';
import { KIND_NAMES } from '../../host/iommu-kinds.ts';
import { type CheckGroup, check, fail, look, type Observation, pass } from '../check.ts';
import { type DeviceGround, deviceOf, judged } from './ground.ts';

const whatItIs = ({ address, pci, bus, driver }: DeviceInfo): string => {
  const names = pci ? [pci.vendor, pci.device].map(({ name, id }) => name ?? id).join(' ') : `on the bus ${bus ?? '?'}`;
  return `${address}: ${names}, ${driver === null ? 'no driver' : `driver ${driver}`}`;
};

function exists({ found }: DeviceGround): Observation {
  if (!(found instanceof DeviceNotFound)) return pass(whatItIs(found));
  return fail(`${found.message}: ${found.hint}`, look('iopftop devices'));
}

function group(ground: DeviceGround): Observation {
  const { group, address } = deviceOf(ground);
  const otherwise = () => {
    if (group === null) return fail('it is in no IOMMU group', look(`ls -l /sys/bus/*/devices/${address}/iommu_group`));
    const { id, type, members } = group;
    const others = members.length === 0 ? 'nothing else is in it' : `with ${members.map((m) => m.address).join(', ')}`;
    return pass(`group ${id}${type === null ? '' : ` (${type})`}, ${others}`);
  };
  return judged(ground, ['no-group'], otherwise);
}

function iommu(ground: DeviceGround): Observation {
  const { iommu } = deviceOf(ground);
  const ids = ['emulated', 'no-iommu', 'iommu-driver', 'amd', 'stall', 'stall-unknown', 'no-stall'];
  return judged(ground, ids, () =>
    iommu === null ? fail('no IOMMU is behind it') : pass(`${iommu.name}, ${KIND_NAMES[iommu.kind]}`),
  );
}

function ability(ground: DeviceGround): Observation {
  return judged(
    ground,
    ['iommu-ability', 'iommu-unread', 'scalable-mode'],
    () => pass('it takes page requests (PRS), drains them (PDS), has scalable mode and device TLBs'),
    look('cat /sys/class/iommu/*/intel-iommu/ecap'),
  );
}

const answers = (ground: DeviceGround): Observation =>
  judged(
    ground,
    ['gone'],
    () => pass('its configuration space does not read as all ones'),
    look(`lspci -s ${deviceOf(ground).address}`),
  );

export const IDENTITY: CheckGroup<DeviceGround> = {
  name: 'device',
  checks: [
    check('device.exists', 'the device is there', 'it is found by its address or the name of its VFIO device', exists),
    check('device.answers', 'the device answers', 'a device that is gone or asleep reads as all ones', answers, {
      after: ['device.exists'],
      unless: notPci,
    }),
    check('device.group', 'it has an IOMMU group', 'VFIO gives devices to user space by groups', group, {
      after: ['device.exists'],
    }),
    check(
      'device.iommu',
      'its IOMMU passes faults on',
      'the driver of the IOMMU has to report them to iommufd',
      iommu,
      {
        after: ['device.group', 'device.answers'],
      },
    ),
    check(
      'device.iommu-ability',
      'what its IOMMU can do',
      'VT-d takes page requests only if it has all of these',
      ability,
      {
        after: ['device.iommu'],
        unless: notIntel,
      },
    ),
  ],
};

export function notPci({ found }: DeviceGround): string | null {
  return found instanceof DeviceNotFound || found.pci ? null : 'it is not a PCI device';
}

/** Checked for PCI devices behind VT-d only. */
export function notIntel({ found }: DeviceGround): string | null {
  if (found instanceof DeviceNotFound || found.iommu?.kind === 'intel') return null;
  return 'its IOMMU is not Intel VT-d';
}
