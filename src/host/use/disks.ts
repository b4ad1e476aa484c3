// Disks: whether the kernel has claimed one, as it says itself, and in words by whom.
import { ifRefused, refusalOf } from '../../kernel/kernel.ts';
import { Errno } from '../../uapi/errno.ts';
import { basename, type Reading } from '../reading.ts';
import type { BlockNode } from './below.ts';
import { all, type Case, type Evidence, NONE, seen, unseen } from './evidence.ts';

type State = 'free' | 'claimed' | { readonly unknown: string };

/** sysfs has `!` for a slash in the name in /dev. */
const nodeName = ({ name }: BlockNode): string => name.replaceAll('!', '/');

/** Nodes that may already exist for the disk: created by devtmpfs, linked by udev. */
const candidates = (node: BlockNode): string[] => [`/dev/${nodeName(node)}`, `/dev/block/${node.rdev}`];

function stateAt(reading: Reading, path: string): State {
  const refused = refusalOf(() => reading.files.openExclusive(path));
  if (refused === null) return 'free';
  return refused.errno === Errno.EBUSY ? 'claimed' : { unknown: refused.errnoName };
}

const isNodeOf = (reading: Reading, path: string, { rdev }: BlockNode): boolean => {
  const status = ifRefused(
    () => reading.files.target(path),
    () => null,
  );
  return status?.kind === 'block' && status.rdev === rdev;
};

/** A temporary node of our own: in /dev, because other places are mounted without device nodes (nodev). */
function stateAtOwnNode(reading: Reading, { rdev }: BlockNode): State {
  const { files } = reading;
  const path = `/dev/.iopftop-${process.pid}-${rdev.replace(':', '-')}`;
  const refused = refusalOf(() => files.makeBlockNode(path, rdev));
  if (refused) return { unknown: `it has no node in /dev, and none can be created: ${refused.errnoName}` };
  const state = stateAt(reading, path);
  const left = refusalOf(() => files.remove(path));
  return left ? { unknown: `${path}, created to examine it, cannot be removed: ${left.errnoName}` } : state;
}

function stateOf(reading: Reading, node: BlockNode): State {
  const path = candidates(node).find((candidate) => isNodeOf(reading, candidate, node));
  return path === undefined ? stateAtOwnNode(reading, node) : stateAt(reading, path);
}

/** Mount points by what is mounted there: major:minor, and the source as written (btrfs has its own numbers). */
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

/** File systems of several devices list them in sysfs. */
function btrfsOf(reading: Reading, { name }: BlockNode): string[] {
  const root = '/sys/fs/btrfs';
  return reading
    .list(root, 'the btrfs file systems')
    .filter((id) => reading.isThere(`${root}/${id}/devices/${name}`))
    .map((id) => `${name} belongs to the btrfs file system ${id}`);
}

/** By its numbers, or by its name if the path is in another mount namespace. */
const isSameNode = (reading: Reading, path: string, node: BlockNode): boolean =>
  isNodeOf(reading, path, node) || basename(path.replace(/ \(deleted\)$/, '')) === basename(nodeName(node));

/** Loop devices on it: they keep it open, but claim nothing (loop_configure). */
function loopsOn(reading: Reading, node: BlockNode): string[] {
  return reading.list('/sys/class/block', 'the block devices').flatMap((loop) => {
    if (!/^loop\d+$/.test(loop)) return [];
    const path = reading.text(`/sys/class/block/${loop}/loop/backing_file`, 'what a loop device stands on');
    return path?.startsWith('/dev/') && isSameNode(reading, path, node) ? [`${loop} stands on ${node.name}`] : [];
  });
}

const NVMET = '/sys/kernel/config/nvmet/subsystems';
const LIO = '/sys/kernel/config/target/core';

/** Exports to other machines, which claim nothing: namespaces of nvmet (nvmet_bdev_ns_enable: no holder), LIO's fileio. */
function exportsOf(reading: Reading, node: BlockNode): string[] {
  const text = (path: string): string => reading.text(path, 'what is exported') ?? '';
  const is = (path: string): boolean => path.startsWith('/') && isSameNode(reading, path, node);
  const list = (path: string): string[] => reading.list(path, 'what is exported').map((name) => `${path}/${name}`);
  const namespaces = list(NVMET).flatMap((subsystem) => list(`${subsystem}/namespaces`));
  const stores = list(LIO).flatMap(list);
  const of = (paths: readonly string[], attribute: string): string[] =>
    paths.filter((path) => text(`${path}/enable`) === '1' && is(text(`${path}/${attribute}`)));
  return [
    ...of(namespaces, 'device_path').map((path) => `${node.name} is exported over NVMe (${path})`),
    ...of(stores, 'udev_path').map((path) => `${node.name} is exported by the SCSI target (${path})`),
  ];
}

/** Who uses it, as far as this namespace shows it. */
function wordsFor(reading: Reading, node: BlockNode, points: ReadonlyMap<string, string>, swaps: string): string[] {
  const { name, path, rdev } = node;
  const device = `/dev/${nodeName(node)}`;
  const point = points.get(rdev) ?? points.get(device);
  const holders = reading.list(`${path}/holders`, 'what stands on a disk');
  return [
    ...(point === undefined ? [] : [`${name} is mounted at ${point}`]),
    ...holders.map((holder) => `${holder} stands on ${name}`),
    ...(swaps.split('\n').some((line) => line.startsWith(`${device} `)) ? [`${name} is a swap area`] : []),
    ...btrfsOf(reading, node),
    ...loopsOn(reading, node),
    ...exportsOf(reading, node),
  ];
}

/** A whole disk is claimed with its partitions (bd_may_claim): the text for those is enough. */
const isPartOf = (part: BlockNode, whole: BlockNode): boolean => part.path.startsWith(`${whole.path}/`);

export function diskEvidence({ reading, below }: Case): Evidence {
  const { blocks, headless } = below;
  const lost = headless.map((name) => `the disk behind the NVMe path ${name} is not there`);
  if (blocks.length === 0) return lost.length === 0 ? NONE : unseen(...lost);
  const points = mountPoints(reading);
  const swaps = reading.text('/proc/swaps', 'the swap areas') ?? '';
  const words = new Map(blocks.map((node) => [node, wordsFor(reading, node, points, swaps)]));
  const states = new Map(blocks.map((node) => [node, stateOf(reading, node)]));
  const told = (node: BlockNode): boolean => words.get(node)?.length !== 0 || states.get(node) === 'claimed';
  const found = blocks.map((node): Evidence => {
    const known = words.get(node) ?? [];
    if (known.length > 0) return seen(...known);
    const state = states.get(node) as State;
    if (state === 'free') return NONE;
    if (blocks.some((other) => isPartOf(other, node) && told(other))) return NONE;
    if (state !== 'claimed') return unseen(`whether ${node.name} (${node.rdev}) is claimed: ${state.unknown}`);
    // A partition of a claimed disk is claimed too: the text for the disk says by whom.
    const whole = blocks.find((other) => isPartOf(node, other));
    if (whole && words.get(whole)?.length !== 0) return NONE;
    return seen(
      `the kernel has ${node.name} claimed (mounted in another namespace, or part of a RAID, pool or file system of several disks)`,
    );
  });
  return all([...found, ...(lost.length > 0 ? [unseen(...lost)] : [])]);
}
