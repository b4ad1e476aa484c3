// Notes about devices of the host: reported once when they are attached, and shown beside them.
import type { DeviceInfo } from '../../host/device-info.ts';
import type { Kernel } from '../../kernel/kernel.ts';
import type { IommufdObjects } from '../objects/objects.ts';
import type { Told } from '../owned/owned-source.ts';
import type { Notice } from '../undo/recover.ts';
import { PriNote } from './pri-note.ts';

type Device = IommufdObjects['devices'][number];

export const notice = (what: Notice['what'], device: string, text: string): Notice => ({
  action: 'notice',
  what,
  text,
  device,
});

/** What is wrong with its faults; null: nothing known. */
function troubleOf({ cannotFault, doubt }: Device): string | null {
  if (cannotFault !== null) return `cannot fault: ${doubt ?? cannotFault}`;
  return doubt === null ? null : `its faults may never arrive: ${doubt}`;
}

function noticeOf({ name, cannotFault, doubt }: Device): Notice[] {
  if (cannotFault !== null) {
    const why = doubt === null ? cannotFault : `${cannotFault}; ${doubt}`;
    return [notice('faultless', name, `${name} is attached without a fault object: ${why}`)];
  }
  return doubt === null
    ? []
    : [notice('faultless', name, `${name} is attached, but its faults may never arrive: ${doubt}`)];
}

/** The attach handle of a group names one of its devices, the one that was attached first or replaced last. */
function groupNoteOf({ devId, group }: Device, all: readonly Device[]): string | null {
  const others = all.filter((other) => group !== null && other.group === group && other.devId !== devId);
  if (others.length === 0) return null;
  const names = others.map(({ name }) => name).join(', ');
  return `one IOMMU group with ${names}: attached together, faults have one name`;
}

/** `devices`: those of `objects`, in the same order. */
export function notesOf(kernel: Kernel, devices: readonly DeviceInfo[], { devices: all }: IommufdObjects): Told {
  const fixed = new Map<number, { trouble: string | null; group: string | null }>(
    all.map((device) => [device.devId, { trouble: troubleOf(device), group: groupNoteOf(device, all) }]),
  );
  const pri = new Map<number, PriNote>();
  all.forEach(({ devId, cannotFault }, i) => {
    const info = devices[i];
    if (info?.pci && cannotFault === null) pri.set(devId, new PriNote(kernel, info));
  });
  return {
    notices: all.flatMap(noticeOf),
    note: (devId) => {
      const { trouble = null, group = null } = fixed.get(devId) ?? {};
      const said = [trouble, pri.get(devId)?.text() ?? null, group];
      return said.filter((text) => text !== null).join('; ') || null;
    },
  };
}
