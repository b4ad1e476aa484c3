// Is anybody using a device? What would be lost, or would hang, if it were taken from its driver: by what the kernel
// reports, not by a list of ways to use one. What cannot be seen from here is reported, and counts as a use.

import type { Files } from '../kernel/files.ts';
import { joinLines } from '../text/one-line.ts';
import { type Openers, openersOf, openWords } from './openers.ts';
import { Reading } from './reading.ts';
import { acceleratorEvidence } from './use/accelerators.ts';
import { readBelow } from './use/below.ts';
import { diskEvidence } from './use/disks.ts';
import { all, type Case, type Evidence, seen, type Used, unseen } from './use/evidence.ts';
import { functionEvidence } from './use/functions.ts';
import { graphicsEvidence } from './use/graphics.ts';
import { networkEvidence } from './use/network.ts';
import { nodeEvidence } from './use/nodes.ts';

export type { Evidence, Used };

/** Class 05: memory controller, CXL memory among them. */
const MEMORY = '05';

/** Memory given to the system has no user that could be named. */
const memoryEvidence = ({ device: { driver }, classCode }: Case): Evidence =>
  driver !== null && classCode.startsWith(MEMORY)
    ? unseen('whether its memory is part of the memory of the system')
    : seen();

/** VFIO's own nodes, those of its group and of other members: whoever has one has the group (iommu_device_claim_dma_owner). */
const groupEvidence = ({ device, openers }: Case): Evidence => seen(...openersOf(openers, device).map(openWords));

/** Read again if it can be; what was refused when the device was read counts here. */
const caseOf = (reading: Reading, device: Used, openers: Openers): Case => ({
  reading,
  device: { ...device, driver: reading.linkName(`${device.path}/driver`, 'its driver') },
  classCode: reading.text(`${device.path}/class`, 'its class')?.replace(/^0x/, '') ?? '',
  openers,
  below: readBelow(reading, device.path),
});

/** What a VF is used for, as far as its nodes, disks and interfaces show it. */
function evidenceOfVf(where: Case, path: string): Evidence {
  const { reading, device, openers } = where;
  const id = Number(reading.linkName(`${path}/iommu_group`, 'the IOMMU group of a VF') ?? 'none');
  const group = Number.isInteger(id) ? { id, type: null, name: null, members: [], viable: true } : null;
  const own = caseOf(reading, { ...device, path, vfio: null, group }, openers);
  return all([
    groupEvidence(own),
    diskEvidence(own),
    networkEvidence(own),
    nodeEvidence(own),
    acceleratorEvidence(own),
  ]);
}

/**
 * Everything that is known to use the device, and every possible use that cannot be seen from here. Opens block devices for
 * reading (openExclusive), and creates nodes for those that have none; otherwise it only reads files.
 */
export function evidenceOf(files: Files, device: Used, openers: Openers): Evidence {
  const reading = new Reading(files);
  const where = caseOf(reading, device, openers);
  const { seen: known, unseen: unknown } = all([
    groupEvidence(where),
    diskEvidence(where),
    networkEvidence(where),
    acceleratorEvidence(where),
    nodeEvidence(where),
    functionEvidence(where, (path) => evidenceOfVf(where, path)),
    graphicsEvidence(where),
    memoryEvidence(where),
    where.below.endless ? unseen(`what is below ${device.path}: there is too much of it`) : seen(),
  ]);
  const unread = reading.unread.map(({ what, path, why }) => `${what}: ${why} (${path})`);
  return { seen: known.map(joinLines), unseen: [...new Set([...unknown, ...unread].map(joinLines))] };
}
