// Which devices are meant, and whether VFIO has them: judged before anything is opened or changed.

import type { DeviceInfo } from '../../host/device-info.ts';
import { findDevice } from '../../host/find.ts';
import { type Finding, verdictOf } from '../../host/verdict.ts';
import type { Files } from '../../kernel/files.ts';
import { Refusal } from '../../text/refusal.ts';
import type { HostOptions } from '../options.ts';

/** The named devices, in order. Throws Refusal: one does not exist, or is named twice. */
export function findAll(files: Files, names: readonly string[]): DeviceInfo[] {
  const devices = names.map((name) => findDevice(files, name));
  const seen = new Map<string, string>();
  devices.forEach(({ address, path }, i) => {
    const before = seen.get(path);
    if (before !== undefined) {
      throw new Refusal('refused', `--device ${before} and --device ${names[i]} are both ${address}`, 'name it once');
    }
    seen.set(path, names[i]!);
  });
  return devices;
}

/** What `--bind` fixes, and what the kernel itself reports best when tried. */
const LEFT_OUT: readonly string[] = ['bind-driver', 'in-use', 'host-use', 'host-use-unseen', 'noats', 'pri-no-credits'];

/** What VFIO does not have, and never will. */
const UNOPENABLE: readonly string[] = ['bridge', 'selftest', 'gone', 'firmware-mapping'];

/** Whether the device must first be given to VFIO. */
export const isUnbound = (device: DeviceInfo): boolean =>
  verdictOf(device).findings.some(({ id }) => id === 'bind-driver');

/** Why faults of the device may never arrive, according to the files; null: no known reason. */
export const doubtOf = (device: DeviceInfo): string | null =>
  verdictOf(device).findings.find(({ kind, id }) => kind === 'cannot' || id === 'noats')?.text ?? null;

/** It has no PASIDs; a VF has those of its PF. Not where that could not be read. */
function lacksPasids({ function: of, capabilities, extendedSpace }: DeviceInfo): boolean {
  const own = extendedSpace === 'broken' && capabilities?.pasid === null ? null : capabilities;
  const known = of?.kind === 'virtual' ? of.sharedCapabilities : own;
  return known !== null && known.pasid === null;
}

/** The members that keep its group from VFIO and are not to be taken from their drivers, too. */
const blockersOf = ({ group }: DeviceInfo, chosen: readonly DeviceInfo[]): string[] =>
  (group?.members ?? [])
    .filter(({ blocks, address }) => blocks && !chosen.some((other) => other.address === address))
    .map(({ address }) => address);

/** Do not advise what would be refused. */
function howToBind({ uses, unseenUses }: DeviceInfo, finding: Finding | undefined): string | null {
  const [use] = uses;
  if (use !== undefined) return `--bind refuses a device in use: ${use}`;
  const [unseen] = unseenUses;
  return unseen === undefined ? (finding?.text ?? null) : `--bind takes it only if it is known to be unused: ${unseen}`;
}

/** Nobody ends a use for a device that is refused anyway, and nobody overlooks one. */
function alsoInUse({ uses, unseenUses }: DeviceInfo): string {
  if (uses.length > 0) return `; it is also in use: ${uses.join(', ')}`;
  return unseenUses.length > 0
    ? `; it may also be in use, which cannot be seen from here: ${unseenUses.join('; ')}`
    : '';
}

/**
 * Throws Refusal for what must be done first, with the command for it. Whether the device can fault is not asked here: the
 * kernel says that when it is attached.
 */
export function checkDevice(device: DeviceInfo, { bind, pasids }: HostOptions, chosen: readonly DeviceInfo[]): void {
  const { address } = device;
  const { findings } = verdictOf(device);
  const never = findings.find(({ id }) => UNOPENABLE.includes(id));
  if (never) {
    throw new Refusal('refused', `${address} cannot be opened: ${never.text}`, '`iopftop devices` lists the others');
  }
  // Its VFs are a use of it, which is said as such when it is taken.
  if (device.refusal && !(bind && device.refusal.id === 'has-vfs')) {
    const { text, command } = device.refusal;
    const how = `${command === null ? '' : `run \`${command}\`; `}nothing was changed`;
    throw new Refusal('refused', `${address}: ${text}${alsoInUse(device)}`, withDoubt(how, device));
  }
  if (isUnbound(device) && !bind) {
    const finding = findings.find(({ id }) => id === 'bind-driver');
    const has = device.driver === null ? 'it has no driver' : `its driver is ${device.driver}`;
    const free = device.uses.length === 0 && device.unseenUses.length === 0;
    const by = device.bus === 'pci' && free ? '--bind does that, and undoes it at the end' : howToBind(device, finding);
    throw new Refusal('refused', `${address} is not with VFIO: ${has}`, withDoubt(by, device));
  }
  const blockers = blockersOf(device, chosen);
  const leftOut = bind && blockers.length === 0 ? [...LEFT_OUT, 'group-member'] : LEFT_OUT;
  // The kernel attaches a PASID to such a device and does nothing (__iommu_set_group_pasid skips those without max_pasids).
  if (pasids.length > 0 && lacksPasids(device)) {
    throw new Refusal('refused', `${address} has no PASIDs: it lacks the capability`, 'remove --pasid');
  }
  const needs = findings.find(({ kind, id }) => kind === 'needs' && !leftOut.includes(id));
  if (!needs) return;
  const more = blockers.map((member) => `--device ${member}`).join(' ');
  const run = needs.command === null ? '`iopftop doctor` says more' : `run \`${needs.command}\``;
  // Its users are then checked before it is taken.
  const how = needs.id === 'group-member' ? `name it too: ${more} --bind` : run;
  throw new Refusal('refused', `${address} cannot be opened: ${needs.text}`, withDoubt(how, device));
}

/** The required steps may be in vain. */
function withDoubt(hint: string | null, device: DeviceInfo): string | null {
  const doubt = doubtOf(device);
  return doubt === null ? hint : [hint, `but its faults may never arrive: ${doubt}`].filter(Boolean).join('; ');
}
