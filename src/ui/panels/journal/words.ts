// What an entry of the journal says, in the words of a kernel developer.
import type { DeviceRow, JournalEntry } from '../../../protocol/messages.ts';
import { ALARM_LETTER } from '../../model/alarms/words.ts';
import { count, plural } from '../../text/format.ts';
import { deviceName, sourceName } from '../../text/names.ts';
import { sanitise } from '../../text/sanitise.ts';
import { policyWords } from './policy-words.ts';

type Devices = readonly DeviceRow[];

/** The journal's lines are open: what an entry says beyond its type may be anything. */
const text = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? sanitise(String(value)) : '';
const number = (value: unknown): number => (typeof value === 'number' ? value : 0);

/** "nvme0 PASID 3". */
function place({ devId, pasid }: JournalEntry, devices: Devices): string {
  if (devId === undefined) return '';
  return sourceName(deviceName(devices, devId), pasid);
}

/** "group 7", "1,638 groups 2-1639". */
function groups({ groups = '', count: n = 1 }: JournalEntry): string {
  if (n === 1) return `group ${text(groups).replace(/^(\d+)-\1$/, '$1')}`;
  return `${plural(n, 'group')} ${text(groups)}`.trim();
}

function answer(entry: JournalEntry, devices: Devices): string {
  const { code = '', result, mapped } = entry;
  const of = place(entry, devices);
  const by = entry.rule ? ` by ${sanitise(entry.rule)}` : '';
  const given = `${mapped === true ? 'memory mapped, ' : ''}${code.toUpperCase()} to ${groups(entry)}${of ? ` of ${of}` : ''}${by}`;
  return result === 'gone' ? `${given}: too late, the kernel had answered INVALID (EINVAL)` : given;
}

const invalidated = (entry: JournalEntry): string => {
  const n = number(entry.invalidated);
  return n ? `; ${plural(n, 'pending group')} became INVALID` : '';
};

function start({ version, target, onExit, readOnly, dryRun, startedAt }: JournalEntry): string {
  const modes = [readOnly === true ? 'read-only' : '', dryRun === true ? 'dry run' : ''].filter(Boolean);
  const words = [`iopftop ${text(version)} on ${text(target)}`, ...modes, `on exit ${text(onExit)}`, text(startedAt)];
  return words.join(', ');
}

/** The file is a new one: it begins with this. */
const running = ({ startedAt }: JournalEntry): string =>
  `the journal's file was emptied meanwhile; this run started ${text(startedAt)}`;

function end({ reason, signal, outstanding, plan, answered, gone, unmapped }: JournalEntry): string {
  const why = `${text(reason)}${text(signal) ? ` ${text(signal)}` : ''}`;
  const left = number(outstanding);
  if (!left) return `${why}, nothing was outstanding`;
  const before = number(gone) ? `, ${count(number(gone))} by the kernel before` : '';
  const again = number(unmapped) ? `, ${count(number(unmapped))} with no memory mapped` : '';
  return `${why}, ${plural(left, 'group')} outstanding: ${text(plan)}, ${count(number(answered))} answered${before}${again}`;
}

const notice = (entry: JournalEntry): string => text(entry.text);

const WORDS: Record<JournalEntry['action'], (entry: JournalEntry, devices: Devices) => string> = {
  start,
  running,
  answer,
  'auto-responded': (entry, devices) => `the kernel answered INVALID to ${groups(entry)} of ${place(entry, devices)}`,
  attached: (entry, devices) => `${place(entry, devices)} to HWPT ${text(entry.hwptId)}`,
  replaced: (entry, devices) =>
    `${place(entry, devices)}: HWPT ${text(entry.hwptId)} in place of ${text(entry.oldHwptId)}${invalidated(entry)}`,
  detached: (entry, devices) => `${place(entry, devices)} from HWPT ${text(entry.oldHwptId)}${invalidated(entry)}`,
  policy: policyWords,
  alarm: (entry) => {
    const letter = entry.level === 'critical' ? ALARM_LETTER.critical : ALARM_LETTER.warning;
    return `${letter} ${entry.change === 'cleared' ? 'over: ' : ''}${text(entry.text)}`;
  },
  refused: (entry) => {
    const more = number(entry.more);
    return `${entry.cmd ? `${text(entry.cmd)}: ` : ''}${text(entry.result)}${more ? ` (and ${count(more)} more)` : ''}`;
  },
  taken: notice,
  stopped: notice,
  continued: notice,
  rescued: notice,
  'owner-ended': notice,
  'queue-opened': notice,
  'queue-closed': notice,
  connected: notice,
  disconnected: notice,
  bound: notice,
  restored: notice,
  recovered: notice,
  unfinished: notice,
  'look-back': notice,
  'rule-broken': notice,
  configuration: notice,
  faultless: notice,
  'command-ended': notice,
  'left-behind': notice,
  end,
};

/** One line; of an action that is not known here, its name says what it was. */
export function journalWords(entry: JournalEntry, devices: Devices): string {
  return WORDS[entry.action]?.(entry, devices) ?? text(entry.result);
}
