// Why SUCCESS may not help: nothing is mapped at the page, or the same page comes again and again.
import type { Alarm, GroupChoiceReport, PendingRow, View } from '../../protocol/messages.ts';
import { count } from '../text/format.ts';
import { sourceName } from '../text/names.ts';
import type { UiState } from './state.ts';

/** This many repeats, with its device's alarm, are a loop. */
const OFTEN = 3;

type Where = Pick<PendingRow, 'devId' | 'pasid'>;

/** The alarm that says that pages of the device or PASID fault again and again after SUCCESS. */
function loopAlarm({ snapshot }: View, { devId, pasid }: Where): Alarm | undefined {
  return snapshot.alarms.find((a) => a.kind === 'refault' && a.devId === devId && a.pasid === pasid);
}

/** What the device, or the PASID, is attached to; a PASID without one of its own comes through the device's (nested). */
export function attachmentOf({ snapshot }: View, { devId, pasid }: Where) {
  const attachments = snapshot.devices.find((d) => d.devId === devId)?.attachments ?? [];
  return attachments.find((a) => a.pasid === pasid) ?? attachments.find((a) => a.pasid === null) ?? null;
}

/**
 * Whether memory can be mapped for it: the IOAS is ours unless the device is behind a guest's page table, or is another
 * process's.
 */
export const canMap = ({ view, hello }: UiState, where: Where): boolean =>
  hello.abilities.map && (view === null || attachmentOf(view, where)?.hwptKind !== 'nested');

/** Whether it can for some device that has something pending. */
export const canMapAny = (state: UiState): boolean =>
  (state.view?.snapshot.devices ?? []).some(({ devId, attachments }) =>
    attachments.some(({ pasid, pending }) => pending && canMap(state, { devId, pasid })),
  );

type Known = Where & Pick<PendingRow, 'mapped' | 'repeats' | 'first'>;

/** What speaks against answering SUCCESS to one group; nothing: []. */
export function doubtsOf(view: View, row: Known): string[] {
  const doubts: string[] = [];
  if (row.mapped === false) {
    const ioas = attachmentOf(view, row)?.ioasId;
    const where = ioas === undefined ? '' : ` (IOAS ${ioas})`;
    doubts.push(
      `No memory is known to be mapped at ${row.first}${where}: after SUCCESS the device faults again unless somebody maps it.`,
    );
  }
  if (row.repeats >= OFTEN && loopAlarm(view, row)) {
    doubts.push(`Refault loop: this page faulted ${count(row.repeats)} times before, also after SUCCESS.`);
  }
  return doubts;
}

/** "3 of 5": of those that were checked, if not all of them were. */
export const shareOf = (n: number, { looked, pending }: GroupChoiceReport): string =>
  `${count(n)} of ${looked < pending ? 'the oldest ' : ''}${count(looked)}`;

/** The same for several groups together. */
export function doubtsOfMany(view: View, report: GroupChoiceReport): string[] {
  const { unmapped, unknown } = report;
  const loops = report.sources.filter((source) => source.repeated && loopAlarm(view, source));
  const looping = loops.reduce((n, source) => n + source.repeated, 0);
  const doubts: string[] = [];
  if (unmapped) {
    const share = shareOf(unmapped, report);
    const [have, again] = unmapped === 1 ? ['has', 'it faults'] : ['have', 'they fault'];
    doubts.push(`${share} ${have} no memory mapped: after SUCCESS ${again} again unless somebody maps it.`);
  }
  if (unmapped && unknown) doubts.push(`For ${shareOf(unknown, report)} it is not known whether memory is mapped.`);
  if (looping) {
    const most = Math.max(...loops.map((source) => source.repeats));
    const are = looping === 1 ? 'is' : 'are';
    doubts.push(`${shareOf(looping, report)} ${are} in a refault loop, up to ${count(most)} times before.`);
  }
  return doubts;
}

/** "4 of gpu0 PASID 1, 1 of nic0": where the groups are, as many as `most`. */
export function sourcesText({ sources, pending }: GroupChoiceReport, most = 4): string {
  const named = sources.slice(0, most);
  const texts = named.map(({ device, pasid, groups }) => `${count(groups)} of ${sourceName(device, pasid)}`);
  const rest = pending - named.reduce((n, { groups }) => n + groups, 0);
  return [...texts, ...(rest > 0 ? [`${count(rest)} elsewhere`] : [])].join(', ');
}
