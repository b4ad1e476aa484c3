// The lines at the top: pieces in order, the least important left out first.

import { duration, seconds } from '../../text/duration.ts';
import { count, plural, rate } from '../text/format.ts';
import { PIECE_GAP, type Piece } from '../text/pieces.ts';
import { sanitise } from '../text/sanitise.ts';
import type { Style } from '../text/style.ts';
import { ageStyle, oldestNs } from './ages.ts';
import { ALARM_STYLE, shortAlarm } from './alarms/words.ts';
import { keyName } from './keys.ts';
import { PAGE_TITLES, PAGES, type Page } from './layout.ts';
import { hasEnded, standsStill } from './owner/state-words.ts';
import { isShown } from './pages.ts';
import { shownView, type UiState } from './state.ts';

const piece = (text: string, style: Style, priority: number): Piece => ({ text, style, priority });

export function titlePieces(state: UiState): Piece[] {
  const { target, version, readOnly, dryRun, command } = state.hello;
  const { journal } = shownView(state)?.snapshot ?? {};
  const scenario = target.scenario === null ? '' : `scenario ${sanitise(target.scenario)}`;
  return [
    piece(`iopftop ${version}`, 'title', 3),
    piece(target.mock ? ' MOCK ' : '', 'mock', 0),
    // Not shown twice
    piece(target.label === 'MOCK' ? '' : sanitise(target.label), 'plain', 2),
    piece(scenario, 'accent', 2),
    piece(command === undefined ? '' : `exec ${sanitise(command)}`, 'accent', 2),
    piece(target.seed === null ? '' : `seed ${target.seed}`, 'dim', 6),
    piece(readOnly ? 'READ-ONLY' : '', 'warn', 0),
    piece(dryRun ? 'DRY RUN' : '', 'warn', 0),
    ...ownerTitle(state),
    ...alarmTitle(state),
    piece(frozenText(state), 'alarm', 0),
    // The journal's page says why
    piece(journal?.error ? 'JOURNAL FAILS' : '', 'bad', 1),
  ];
}

/** Whether another process's queues are only watched, and whether it is stopped. */
function ownerTitle(state: UiState): Piece[] {
  const owner = state.view?.snapshot.owner;
  if (!owner) return [];
  if (hasEnded(owner)) return [piece(' OWNER ENDED ', 'alarm', 0)];
  const still = standsStill(owner) ? [piece(' STOPPED ', 'alarm', 0)] : [];
  const busy = [...state.asked.values()].some(({ cmd }) => cmd === 'rescue');
  if (busy) return [piece(' RESCUING ', 'alarm', 0), ...still];
  return [piece(owner.taken ? ' TAKEN OVER ' : 'WATCHING', owner.taken ? 'mock' : 'accent', 0), ...still];
}

/** "FROZEN 12s, 384 faults behind": for how long, and how many faults have come since. */
function frozenText(state: UiState): string {
  if (!state.frozen || !state.view) return '';
  const more = state.view.snapshot.counters.faults - state.frozen.view.snapshot.counters.faults;
  const behind = state.columns < AIRY_FROM ? ` +${count(more)}` : `, ${plural(more, 'fault')} behind`;
  return ` FROZEN ${seconds(Math.max(0, state.now - state.frozen.at))}${behind} `;
}

export function numberPieces(state: UiState): Piece[] {
  const snapshot = shownView(state)?.snapshot;
  if (!snapshot) return [piece('waiting for the engine…', 'dim', 0)];
  const { counters, latency } = snapshot;
  const oldest = oldestNs(state);
  const late = latency.count
    ? `read→answer p50 ${duration(latency.p50Ns)} p99 ${duration(latency.p99Ns)}`
    : 'read→answer: none yet';
  return [
    piece(`${rate(snapshot.rate)} faults/s`, 'plain', 2),
    piece(`pending ${count(counters.pending)}`, counters.pending ? 'warn' : 'plain', 0),
    piece(oldest === null ? '' : `oldest ${duration(oldest)}`, ageStyle(oldest), 1),
    piece(late, 'plain', 5),
    piece(`S ${count(counters.success)}`, 'good', 3),
    piece(`I ${count(counters.invalid)}`, 'bad', 3),
    piece(`A ${count(counters.auto)}`, 'auto', 3),
    piece(counters.unseen ? `unseen ${count(counters.unseen)}` : '', 'warn', 3),
    piece(`dropped ${count(counters.dropped)}`, counters.dropped ? 'bad' : 'dim', counters.dropped ? 1 : 6),
    piece(`refused ${count(counters.refused)}`, counters.refused ? 'warn' : 'dim', 7),
    piece(`repeated ${count(counters.repeated)}`, 'dim', 8),
  ];
}

/** Below, no room is left for spaces beside MOCK, READ-ONLY, an alarm and FROZEN. */
const AIRY_FROM = 70;

/** The worst alarm of this moment, in sight on every page and also while the screen is frozen. */
function alarmTitle(state: UiState): Piece[] {
  const { alarms, devices } = state.view?.snapshot ?? { alarms: [], devices: [] };
  const [worst, ...more] = alarms;
  if (!worst) return [];
  const around = state.columns < AIRY_FROM ? '' : ' ';
  return [
    piece(`${around}${shortAlarm(worst, devices)}${around}`, worst.level === 'critical' ? 'alarm' : 'warn', 0),
    piece(more.length ? `+${more.length}` : '', ALARM_STYLE[more[0]?.level ?? 'warning'], 1),
  ];
}

/** The row of the screen that the tabs are on. */
export const TAB_ROW = 2;

/** The pages, with their keys; the one on the screen stands out. Titles are shortened one after another until all fit. */
export function tabPieces(state: UiState): Piece[] {
  const width = (pieces: Piece[]) => pieces.reduce((sum, { text }) => sum + text.length + PIECE_GAP, 0);
  const titles = { ...PAGE_TITLES };
  for (const [page, short] of SHORT_TITLES) {
    const pieces = tabsOf(state, titles, true);
    if (width(pieces) <= state.columns) return pieces;
    titles[page] = short;
  }
  const pieces = tabsOf(state, titles, true);
  return width(pieces) <= state.columns ? pieces : tabsOf(state, titles, false);
}

/** In order of use; a page may be shortened twice. */
const SHORT_TITLES: [Page, string][] = [
  ['statistics', 'Stats'],
  ['pending', 'Pend'],
  ['devices', 'Devs'],
  ['journal', 'Log'],
  ['overview', 'All'],
  ['stream', 'Strm'],
  ['rules', 'Rule'],
  ['owner', 'Own'],
  ['statistics', 'Stat'],
  ['devices', 'Dev'],
  ['stream', 'Str'],
  ['rules', 'Rul'],
];

function tabsOf(state: UiState, titles: Record<Page, string>, notes: boolean): Piece[] {
  return PAGES.filter((page) => isShown(state, page)).map((page) => {
    const [key] = state.keys.find(({ id }) => id === page)?.keys ?? [];
    const name = `${key === undefined ? '' : `${keyName(key)} `}${titles[page]}`;
    return piece(`${name}${notes ? tabNote(state, page) : ''}`, page === state.page ? 'tab' : 'dim', 0);
  });
}

/** What is worth knowing about a page that is not on the screen. */
function tabNote(state: UiState, page: Page): string {
  const snapshot = shownView(state)?.snapshot;
  if (page !== 'pending' || !snapshot?.counters.pending) return '';
  return ` ${count(snapshot.counters.pending)}`;
}
