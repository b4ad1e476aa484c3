// Processes: who has a node of the device open, or has it mapped after it was closed.
import { all, type Case, type Evidence, NONE, seen, unseen } from './evidence.ts';

/** A BAR that a process has mapped by its file in sysfs (pci_mmap_resource). */
const resourceEvidence = ({ device: { path }, openers }: Case): Evidence =>
  seen(...openers.mappedFiles((file) => file.startsWith(`${path}/resource`)));

/** Drivers whose nodes sysfs does not list below the device: see graphics.ts. */
const HAVE_OTHERS: readonly string[] = ['nvidia', 'amdgpu'];

export function nodeEvidence(where: Case): Evidence {
  const { below, openers } = where;
  const numbers = new Set([
    ...below.characters.map(({ rdev }) => `character ${rdev}`),
    ...below.blocks.map(({ rdev }) => `block ${rdev}`),
  ]);
  const users = numbers.size === 0 ? [] : openers.of((rdev, kind) => numbers.has(`${kind} ${rdev}`));
  // Without a node there is nothing for a process to open.
  const hidden = numbers.size > 0 || HAVE_OTHERS.includes(where.device.driver ?? '') ? openers.hidden : null;
  return all([seen(...users), resourceEvidence(where), hidden === null ? NONE : unseen(hidden)]);
}
