// The rows of the journal: cells as text, from the view. Pure.

import type { DeviceRow, JournalEntry } from '../../../protocol/messages.ts';
import { left, right } from '../../model/columns.ts';
import type { TimeMode } from '../../model/config.ts';
import { TIME_TITLES } from '../../model/times.ts';
import type { Style } from '../../text/style.ts';
import type { Column } from '../../text/table.ts';
import type { Line } from '../lines.ts';
import { journalWords } from './words.ts';

const WHAT_MAX = 1000;

/** From this width on the longest name of an action has room; below, it stands as the counters have it. */
const LONG_ACTION_FROM = 80;
const LONG_ACTION = 'auto-responded';
const CAUSE = 'scenario';

export function journalColumns(time: TimeMode, width: number): Column[] {
  const clock = time === 'absolute' ? 12 : 9;
  const action = width >= LONG_ACTION_FROM ? LONG_ACTION.length : 'detached'.length;
  return [
    right('time', TIME_TITLES[time], [clock, clock], 0),
    left('cause', 'CAUSE', [CAUSE.length, CAUSE.length], 2),
    left('action', 'ACTION', [action, action], 1),
    left('what', 'WHAT', [22, WHAT_MAX], 0),
  ];
}

/** What has no room in a narrow column: at most as long as `detached`. */
const SHORT: Partial<Record<JournalEntry['action'], string>> = {
  [LONG_ACTION]: 'auto',
  continued: 'resumed',
  'owner-ended': 'ended',
  'queue-opened': 'opened',
  'queue-closed': 'closed',
  connected: 'joined',
  disconnected: 'left',
  recovered: 'undone',
  unfinished: 'no end',
  'look-back': 'no end',
  'rule-broken': 'broken',
  configuration: 'config',
  faultless: 'no fault',
  'command-ended': 'ended',
  'left-behind': 'held',
};

const actionText = (action: JournalEntry['action'], width: number): string =>
  width < LONG_ACTION_FROM ? (SHORT[action] ?? action) : action;

const ACTION_STYLE: Record<JournalEntry['action'], Style> = {
  start: 'dim',
  running: 'dim',
  answer: 'plain',
  'auto-responded': 'auto',
  attached: 'accent',
  replaced: 'accent',
  detached: 'accent',
  policy: 'accent',
  alarm: 'warn',
  refused: 'bad',
  taken: 'warn',
  stopped: 'warn',
  continued: 'accent',
  rescued: 'warn',
  'owner-ended': 'warn',
  'queue-opened': 'accent',
  'queue-closed': 'accent',
  connected: 'accent',
  disconnected: 'accent',
  bound: 'accent',
  restored: 'accent',
  recovered: 'warn',
  unfinished: 'warn',
  'look-back': 'warn',
  'rule-broken': 'bad',
  configuration: 'warn',
  faultless: 'warn',
  'command-ended': 'accent',
  'left-behind': 'warn',
  end: 'dim',
};

function actionStyle({ action, code, result, level, change }: JournalEntry): Style {
  if (action === 'answer') return result === 'gone' ? 'auto' : code === 'success' ? 'good' : 'bad';
  if (action === 'alarm') return change === 'cleared' ? 'dim' : level === 'critical' ? 'bad' : 'warn';
  return ACTION_STYLE[action] ?? 'plain';
}

/** `width`: cells that the row has. */
export function journalRow(
  entry: JournalEntry,
  devices: readonly DeviceRow[],
  time: string,
  width: number,
): Omit<Line, 'selected'> {
  return {
    cells: {
      time,
      cause: entry.cause ?? '',
      action: actionText(entry.action, width),
      what: journalWords(entry, devices),
    },
    styles: { action: actionStyle(entry) },
  };
}
