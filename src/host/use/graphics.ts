// Graphics: displays that are on, and nodes in /dev that belong to a GPU although sysfs does not list them below it.
import { basename, type Reading } from '../reading.ts';
import { all, type Case, type Evidence, NONE, seen, unseen } from './evidence.ts';

/** drm_sysfs.c: enabled_show says whether a connector has an encoder. */
const connectors = ({ reading, below }: Case): Evidence =>
  seen(
    ...below.directories
      .filter((path) => /\/drm\/card\d+\/card\d+-[^/]+$/.test(path))
      .filter((path) => reading.text(`${path}/enabled`, 'whether a display is on') === 'enabled')
      .map((path) => `a display is on at ${basename(path)}`),
  );

const bootDisplay = ({ reading, device: { path } }: Case): Evidence => {
  const says = (file: string): boolean => reading.text(`${path}/${file}`, 'whether it is the display') === '1';
  return says('boot_vga') || says('boot_display') ? seen('it is the display the machine booted with') : NONE;
};

/** vt.c: `1` where the console is drawn by it; fbcon says "frame buffer device". */
function consoles({ reading, below }: Case): Evidence {
  const buffer = below.directories.find((path) => /\/graphics\/fb\d+$/.test(path));
  const root = '/sys/class/vtconsole';
  const bound = reading.list(root, 'the consoles').some((name) => {
    const text = (file: string): string => reading.text(`${root}/${name}/${file}`, 'a console') ?? '';
    return text('name').includes('frame buffer') && text('bind') === '1';
  });
  const serial = below.directories
    .filter((path) => /\/tty\/tty[^/]+$/.test(path))
    .filter((path) => reading.text(`${path}/console`, 'whether it is a console') === 'Y');
  return seen(
    ...(buffer !== undefined && bound ? [`the console is on ${basename(buffer)}`] : []),
    ...serial.map((path) => `the kernel's console is on ${basename(path)}`),
  );
}

/** NV_MAJOR_DEVICE_NUMBER and NV_MINOR_DEVICE_NUMBER_CONTROL_DEVICE of NVIDIA's modules, which make no devices in sysfs. */
const NVIDIA = 195;
const NVIDIA_CONTROL = 255;

/** Numbers of the character devices of a driver, as in /proc/devices; null: it has none, or that cannot be read. */
function majorOf(reading: Reading, name: string): string | null {
  const lines = (reading.text('/proc/devices', 'the numbers of drivers') ?? '').split('\n');
  const line = lines.map((text) => text.trim().split(/\s+/)).find(([, driver]) => driver === name);
  return line?.[0] ?? null;
}

function nvidia({ reading, device, openers }: Case): Evidence {
  if (device.driver !== 'nvidia') return NONE;
  const path = `/proc/driver/nvidia/gpus/${device.address}/information`;
  const minor = /^Device Minor:\s*(\d+)/m.exec(reading.text(path, 'what NVIDIA says of the GPU') ?? '')?.[1];
  const memory = majorOf(reading, 'nvidia-uvm');
  const users = openers.of((rdev) => {
    const [major, number] = rdev.split(':');
    if (major === memory) return true;
    if (major !== `${NVIDIA}`) return false;
    // Without its number every GPU's node may be its.
    return minor === undefined || number === minor || number === `${NVIDIA_CONTROL}`;
  });
  const unknown = minor === undefined ? [`which of /dev/nvidia* is its node: ${path} does not say`] : [];
  return all([seen(...users), unseen(...unknown)]);
}

/** One node for all GPUs of amdgpu (drivers/gpu/drm/amd/amdkfd/kfd_chardev.c). */
function kfd({ reading, device, openers }: Case): Evidence {
  if (device.driver !== 'amdgpu') return NONE;
  const rdev = reading.text('/sys/class/kfd/kfd/dev', 'the number of /dev/kfd');
  return rdev === null ? NONE : seen(...openers.of((number) => number === rdev));
}

export const graphicsEvidence = (where: Case): Evidence =>
  all([bootDisplay(where), connectors(where), consoles(where), nvidia(where), kfd(where)]);
