// What would be lost if a device were taken from its driver: mounted disks, network interfaces that are up, its VFs, VFIO users.
import { oneLine } from '../text/one-line.ts';
import type { DeviceInfo } from './device-info.ts';
import type { Reading } from './reading.ts';

/** What has to be known of a device for it. */
type Used = Pick<DeviceInfo, 'path' | 'openers' | 'function'>;

const IFF_UP = 1;

/** Devices of a class in sysfs that hang on the device: their names. */
function belowIt(reading: Reading, { path }: Used, ofClass: string): string[] {
  return reading
    .list(`/sys/class/${ofClass}`, `the ${ofClass} devices`)
    .filter((name) => reading.realPath(`/sys/class/${ofClass}/${name}`)?.startsWith(`${path}/`));
}

/** Mount points by what is mounted there: major:minor, and the source as it is written (btrfs has numbers of its own). */
function mountPoints(reading: Reading): Map<string, string> {
  const points = new Map<string, string>();
  const lines = (reading.text('/proc/self/mountinfo', 'what is mounted') ?? '').split('\n');
  for (const line of lines) {
    const [, , numbers, , point, ...rest] = line.split(' ');
    const source = rest[rest.indexOf('-') + 2];
    if (numbers === undefined || point === undefined) continue;
    points.set(numbers, point);
    if (source !== undefined) points.set(source, point);
  }
  return points;
}

function diskUses(reading: Reading, device: Used): string[] {
  const disks = belowIt(reading, device, 'block');
  if (disks.length === 0) return [];
  const points = mountPoints(reading);
  const swaps = reading.text('/proc/swaps', 'the swap areas') ?? '';
  return disks.flatMap((disk) => {
    const numbers = reading.text(`/sys/class/block/${disk}/dev`, 'the number of a disk') ?? '';
    const point = points.get(numbers) ?? points.get(`/dev/${disk}`);
    const holders = reading.list(`/sys/class/block/${disk}/holders`, 'what stands on a disk');
    return [
      ...(point === undefined ? [] : [`${disk} is mounted at ${point}`]),
      ...holders.map((holder) => `${holder} stands on ${disk}`),
      ...(swaps.split('\n').some((line) => line.startsWith(`/dev/${disk} `)) ? [`${disk} is a swap area`] : []),
    ];
  });
}

const networkUses = (reading: Reading, device: Used): string[] =>
  belowIt(reading, device, 'net')
    .filter((name) => (Number(reading.text(`/sys/class/net/${name}/flags`, 'a network interface')) & IFF_UP) !== 0)
    .map((name) => `network interface ${name} is up`);

/** In words, one for each use; []: nothing is known to use it. */
export function usesOf(reading: Reading, device: Used): string[] {
  const { path, openers, function: of } = device;
  const vfs = of?.virtualFunctions ?? 0;
  const display = reading.text(`${path}/boot_vga`, 'whether it is the display') === '1';
  return [
    ...openers.map(({ pid, comm, path: open }) => `${comm} (PID ${pid}) has ${open} open`),
    ...diskUses(reading, device),
    ...networkUses(reading, device),
    ...(vfs > 0 ? [`it has ${vfs} VF${vfs === 1 ? '' : 's'}`] : []),
    ...(display ? ['it is the display that the machine started with'] : []),
  ].map(oneLine);
}
