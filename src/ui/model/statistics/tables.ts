// The pages that fault most, and what each device and PASID asked for.
import type { Statistics } from '../../../protocol/messages.ts';
import { count, plural } from '../../text/format.ts';
import { sanitise } from '../../text/sanitise.ts';
import { leastName, left, right } from '../columns.ts';
import { type Section, tableSection } from './section.ts';

const pasidText = (pasid: number | null): string => (pasid === null ? '-' : String(pasid));

const where = (nameWidth: number) => [
  left('device', 'DEVICE', [leastName(nameWidth), nameWidth], 0),
  right('pasid', 'PASID', [5, 7], 0),
];

const namesOf = (rows: readonly { device: string }[]): string[] => rows.map(({ device }) => sanitise(device));

export function pagesSection({ pages }: Statistics, nameWidth: number): Section {
  const columns = [
    ...where(nameWidth),
    right('page', 'PAGE', [10, 18], 0),
    right('faults', 'FAULTS', [7, 7], 1),
    right('repeats', 'REPEATS', [7, 7], 0),
  ];
  const titles = [`Hot pages: the ${plural(pages.length, 'page')} that faulted most`, 'Hot pages'];
  return tableSection({
    titles,
    columns,
    rows: pages,
    cells: ({ device, pasid, page, faults, repeats }) => ({
      device: sanitise(device),
      pasid: pasidText(pasid),
      page,
      faults: count(faults),
      repeats: repeats ? `${count(repeats)}×` : '-',
    }),
    names: namesOf(pages),
  });
}

export function sourcesSection({ sources, otherGroups }: Statistics, nameWidth: number): Section {
  const columns = [
    ...where(nameWidth),
    right('groups', 'GROUPS', [7, 7], 0),
    right('faults', 'FAULTS', [7, 7], 1),
    right('repeated', 'REPEATED', [8, 8], 0),
    right('read', 'R', [7, 7], 2),
    right('write', 'W', [7, 7], 2),
    right('exec', 'X', [7, 7], 3),
    right('priv', 'P', [7, 7], 4),
  ];
  const others = otherGroups ? ` (and ${plural(otherGroups, 'group')} elsewhere)` : '';
  const titles = [`By device and PASID${others}`, 'By device and PASID'];
  return tableSection({
    titles,
    columns,
    rows: sources,
    cells: (source) => ({
      device: sanitise(source.device),
      pasid: pasidText(source.pasid),
      groups: count(source.groups),
      faults: count(source.faults),
      repeated: source.repeated ? count(source.repeated) : '-',
      read: count(source.read),
      write: count(source.write),
      exec: count(source.exec),
      priv: count(source.priv),
    }),
    names: namesOf(sources),
  });
}
