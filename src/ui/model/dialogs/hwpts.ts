// HWPTs in words: everything to tell one from the others.
import type { Command, HwptRow, Snapshot } from '../../../protocol/messages.ts';
import { plural } from '../../text/format.ts';
import type { Choice } from './dialog.ts';

const queueOf = ({ faultId }: HwptRow): string => (faultId === null ? 'no fault queue' : `fault queue ${faultId}`);

/** "HWPT 7 · paging · IOAS 3 · fault queue 5 · 2 users". */
function describeHwpt(hwpt: HwptRow): string {
  return `HWPT ${hwpt.hwptId} · ${hwpt.kind} · IOAS ${hwpt.ioasId} · ${queueOf(hwpt)} · ${plural(hwpt.users, 'user')}`;
}

export function nameHwpt(snapshot: Snapshot, hwptId: number | null): string {
  const hwpt = snapshot.hwpts.find((h) => h.hwptId === hwptId);
  return hwpt ? describeHwpt(hwpt) : `HWPT ${hwptId}`;
}

/** The same in columns, for a list of them. */
function inColumns(hwpts: readonly HwptRow[]): string[] {
  const cells = hwpts.map((hwpt) => [
    `HWPT ${hwpt.hwptId}`,
    hwpt.kind,
    `IOAS ${hwpt.ioasId}`,
    queueOf(hwpt),
    plural(hwpt.users, 'user'),
  ]);
  const widths = [0, 1, 2, 3, 4].map((column) => Math.max(...cells.map((row) => row[column]!.length)));
  return cells.map((row) =>
    row
      .map((text, column) => text.padEnd(widths[column]!))
      .join(' · ')
      .trimEnd(),
  );
}

const ARRIVE = 'Its faults arrive here, to be answered by you or by a rule.';

function noteOf({ kind, faultId }: HwptRow): string {
  if (faultId === null) return 'No fault queue: faults are answered INVALID by the kernel, unseen.';
  return kind === 'nested' ? `${ARRIVE} The page table is the guest's: no map.` : ARRIVE;
}

const NEW_NOTES = {
  'new-paging': 'Empty, over our IOAS: memory mapped there is reachable at once.',
  'new-nested': "A guest's page table over the paging HWPT; not every IOMMU can (EOPNOTSUPP).",
} as const;

/** A choice for each HWPT except the present one, and for new ones. */
export function hwptChoices(
  hwpts: readonly HwptRow[],
  now: number | null,
  make: (hwpt: number | 'new-paging' | 'new-nested') => Command,
): Choice[] {
  const existing = hwpts.filter((hwpt) => hwpt.hwptId !== now);
  const labels = inColumns(existing);
  return [
    ...existing.map((hwpt, i) => ({ label: labels[i]!, does: { command: make(hwpt.hwptId) }, note: noteOf(hwpt) })),
    ...(['new-paging', 'new-nested'] as const).map((made) => ({
      label: `new ${made.slice('new-'.length)} HWPT with a fault queue`,
      does: { command: make(made) },
      note: NEW_NOTES[made],
    })),
  ];
}
