// All keys, once: the handler, the footer, the help screen and the README are made from this table.
import type { ActionId, KeyBinding, Where } from './key-types.ts';

export type { ActionId, KeyBinding, Where } from './key-types.ts';

const LISTS: readonly Where[] = ['devices', 'pending', 'stream'];
const ACTING: readonly Where[] = [...LISTS, 'detail'];
const GROUPS: readonly Where[] = ['pending', 'stream'];
const RULES: readonly Where[] = ['rules'];
const OWNER: readonly Where[] = ['everywhere'];

export const KEYS: readonly KeyBinding[] = [
  {
    id: 'success',
    keys: ['s'],
    label: 'success',
    help: 'Answer SUCCESS: the selected group; on a device, all of its pending groups, after a question.',
    where: ACTING,
    footer: 1,
  },
  {
    id: 'invalid',
    keys: ['i'],
    label: 'invalid',
    help: 'Answer INVALID: the selected group; on a device, all of its pending groups, after a question.',
    where: ACTING,
    footer: 2,
  },
  {
    id: 'map',
    keys: ['m'],
    label: 'map',
    help: 'Map memory at the faulting pages, then answer SUCCESS.',
    where: ACTING,
    footer: 3,
  },
  {
    id: 'replace',
    keys: ['r'],
    label: 'replace',
    help: 'Replace the HWPT of the attachment, from a list; what is pending there becomes INVALID.',
    where: ACTING,
    footer: 4,
  },
  {
    id: 'trigger',
    keys: ['t'],
    label: 'trigger',
    help: 'Trigger a fault on the selected device or PASID (mock and selftest devices).',
    where: ACTING,
    footer: 5,
  },
  {
    id: 'attach',
    keys: ['a'],
    label: 'attach',
    help: 'Attach the device, or one more PASID of it, to a HWPT from a list.',
    where: ['devices'],
    footer: 6,
  },
  {
    id: 'detach',
    keys: ['d'],
    label: 'detach',
    help: 'Detach the device or the PASID; what is pending there becomes INVALID.',
    where: ['devices'],
    footer: 7,
  },
  {
    id: 'mark',
    keys: ['space'],
    label: 'mark',
    help: 'Mark the group, or unmark it, and go one down. What answers acts on all marked groups, after a question.',
    where: GROUPS,
    footer: 5.5,
  },
  {
    id: 'markRange',
    keys: ['v'],
    label: '',
    help: 'Begin a range of marks here; again, or an action, ends it at the cursor.',
    where: GROUPS,
  },
  {
    id: 'markAll',
    keys: ['*'],
    label: '',
    help: 'Mark all groups that the list shows; with a filter, all that fit it.',
    where: GROUPS,
  },
  { id: 'unmark', keys: ['u'], label: '', help: 'Unmark all.', where: GROUPS },
  {
    id: 'toggleRule',
    keys: ['space', 'e'],
    label: 'on/off',
    help: 'Switch the rule on or off.',
    where: RULES,
    footer: 1,
  },
  { id: 'ruleUp', keys: ['K', '<'], label: 'up', help: 'Move the rule up.', where: RULES, footer: 2 },
  { id: 'ruleDown', keys: ['J', '>'], label: 'down', help: 'Move the rule down.', where: RULES, footer: 3 },
  {
    id: 'newRule',
    keys: ['n'],
    label: 'new',
    help: 'A new rule: it is tried on the history before it is armed.',
    where: RULES,
    footer: 4,
  },
  { id: 'editRule', keys: ['enter'], label: 'edit', help: 'Edit the rule.', where: RULES, footer: 5 },
  {
    id: 'deleteRule',
    keys: ['x'],
    label: 'delete',
    help: 'Delete the rule, after a question.',
    where: RULES,
    footer: 6,
  },
  {
    id: 'take',
    keys: ['O'],
    label: 'take over',
    help: 'Take the queues of the other process over, after a typed confirmation: what is read here, it never sees.',
    where: OWNER,
    footer: 0.5,
  },
  {
    id: 'rescue',
    keys: ['R'],
    label: 'rescue',
    help: 'Free the devices of a process that hangs, after a typed confirmation: answers all that waits and all that it has read and never answered.',
    where: OWNER,
    footer: 0.6,
  },
  {
    id: 'stopOwner',
    keys: ['Z'],
    label: 'stop/go on',
    help: 'Stop the other process (SIGSTOP), after a question, or let it go on.',
    where: OWNER,
    footer: 7.2,
  },
  {
    id: 'freeze',
    keys: ['f'],
    label: 'freeze',
    help: 'Hold the picture still, or let it go on. Faults are read and rules answer all the same.',
    where: ['everywhere'],
    footer: 8,
  },
  {
    id: 'open',
    keys: ['enter'],
    label: 'look',
    help: 'Look closer: the fields and bytes of a fault; on a device, its pending groups.',
    where: LISTS,
    footer: 7.5,
  },
  {
    id: 'alarm',
    keys: ['!'],
    label: 'alarm',
    help: 'To what the worst alarm is about: the pending groups of its device, oldest first; again: of the next alarm.',
    where: ['everywhere'],
  },
  {
    id: 'back',
    keys: ['esc'],
    label: 'back',
    help: 'Back: closes the detail, then unmarks all, then takes the filter of the list away.',
    where: ['everywhere'],
    footer: 12,
  },
  {
    id: 'time',
    keys: ['T'],
    label: 'time',
    help: 'Times of arrival: since the start, how long ago, by the wall clock.',
    where: ['everywhere'],
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'Filter the list by a CEL expression: it holds as it is typed; Enter keeps it, Esc puts back what was.',
    where: ['everywhere'],
    footer: 8.3,
  },
  { id: 'unfilter', keys: ['\\'], label: '', help: 'Take the filter of the list away.', where: ['everywhere'] },
  {
    id: 'namedFilter',
    keys: ['F'],
    label: '',
    help: 'Choose one of the named filters of the configuration.',
    where: ['everywhere'],
  },
  {
    id: 'palette',
    keys: [':'],
    label: 'more',
    help: 'All that can be done here, found by typing; also to a group by its number, and the themes.',
    where: ['everywhere'],
    footer: 8.6,
  },
  {
    id: 'copy',
    keys: ['y'],
    label: '',
    help: 'Copy the row to the clipboard of the terminal (OSC 52).',
    where: ['everywhere'],
  },
  {
    id: 'copyChoice',
    keys: ['Y'],
    label: '',
    help: 'Copy the row, its address, or the JSON of it.',
    where: ['everywhere'],
  },
  {
    id: 'mouse',
    keys: ['M'],
    label: '',
    help: 'Mouse on or off: the wheel scrolls, a click selects. Off, the terminal selects text.',
    where: ['everywhere'],
  },
  {
    id: 'next',
    keys: ['tab'],
    label: 'view',
    help: 'To the next view.',
    where: ['everywhere'],
    footer: 9,
  },
  { id: 'previous', keys: ['shift-tab'], label: '', help: 'To the view before.', where: ['everywhere'] },
  { id: 'overview', keys: ['1'], label: '', help: 'To the overview.', where: ['everywhere'] },
  { id: 'devices', keys: ['2'], label: '', help: 'To the devices.', where: ['everywhere'] },
  { id: 'pending', keys: ['3'], label: '', help: 'To the pending groups.', where: ['everywhere'] },
  { id: 'stream', keys: ['4'], label: '', help: 'To the fault stream.', where: ['everywhere'] },
  { id: 'statistics', keys: ['5'], label: '', help: 'To the statistics.', where: ['everywhere'] },
  { id: 'journal', keys: ['6'], label: '', help: 'To the journal.', where: ['everywhere'] },
  { id: 'rules', keys: ['7'], label: '', help: 'To the rules.', where: ['everywhere'] },
  {
    id: 'owner',
    keys: ['8'],
    label: '',
    help: 'To the process whose queues they are (--pid).',
    where: OWNER,
  },
  { id: 'nextPanel', keys: ['right'], label: '', help: 'To the next panel of the view.', where: ['everywhere'] },
  { id: 'previousPanel', keys: ['left'], label: '', help: 'To the panel before.', where: ['everywhere'] },
  { id: 'up', keys: ['up', 'k'], label: '', help: 'One row up.', where: ['everywhere', 'dialog', 'help'] },
  { id: 'down', keys: ['down', 'j'], label: '', help: 'One row down.', where: ['everywhere', 'dialog', 'help'] },
  { id: 'pageUp', keys: ['pgup', 'ctrl-b'], label: '', help: 'One page up.', where: ['everywhere', 'help'] },
  { id: 'pageDown', keys: ['pgdn', 'ctrl-f'], label: '', help: 'One page down.', where: ['everywhere', 'help'] },
  { id: 'home', keys: ['home', 'g'], label: '', help: 'To the first row.', where: ['everywhere', 'help'] },
  {
    id: 'end',
    keys: ['end', 'G'],
    label: '',
    help: 'To the last row; in the stream: follow the newest again.',
    where: ['everywhere'],
  },
  { id: 'redraw', keys: ['ctrl-l'], label: '', help: 'Write the whole screen again.', where: ['everywhere'] },
  { id: 'suspend', keys: ['ctrl-z'], label: '', help: 'Suspend; `fg` comes back.', where: ['everywhere'] },
  {
    id: 'help',
    keys: ['?', 'h'],
    label: 'help',
    help: 'These keys.',
    where: ['everywhere'],
    footer: 10,
  },
  {
    id: 'quit',
    keys: ['q', 'ctrl-c'],
    label: 'quit',
    help: 'Quit; asks first when groups are outstanding. A second Ctrl-C quits at once by the exit plan.',
    where: ['everywhere'],
    footer: 11,
  },
  {
    id: 'confirm',
    keys: ['enter'],
    label: 'choose',
    help: 'Do what is selected in a dialog (Cancel, at first).',
    where: ['dialog'],
    footer: 1,
  },
  {
    id: 'cancel',
    keys: ['esc', 'q'],
    label: 'cancel',
    help: 'Close the dialog, doing nothing.',
    where: ['dialog'],
    footer: 2,
  },
  {
    id: 'close',
    keys: ['esc', 'q', '?', 'h', 'enter'],
    label: 'close',
    help: 'Close the help.',
    where: ['help'],
    footer: 1,
  },
];

/** What a read-only run refuses. */
export const CHANGING: readonly ActionId[] = [
  'success',
  'invalid',
  'map',
  'replace',
  'trigger',
  'attach',
  'detach',
  'toggleRule',
  'ruleUp',
  'ruleDown',
  'newRule',
  'editRule',
  'deleteRule',
  'take',
  'rescue',
  'stopOwner',
];

/** What has a meaning only where the queues are another process's (--pid). */
export const OF_THE_OWNER: readonly ActionId[] = ['take', 'rescue', 'stopOwner', 'owner'];

const NAMES: Record<string, string> = {
  space: 'Space',
  up: '↑',
  down: '↓',
  esc: 'Esc',
  enter: 'Enter',
  tab: 'Tab',
  'shift-tab': 'Shift-Tab',
  pgup: 'PgUp',
  pgdn: 'PgDn',
  home: 'Home',
  end: 'End',
};

/** How a key is written for people: `ctrl-c` is `Ctrl-C`. */
export function keyName(key: string): string {
  return NAMES[key] ?? key.replace(/^ctrl-(.)$/, (_, letter: string) => `Ctrl-${letter.toUpperCase()}`);
}

/** The action of a key in a place by the table `keys`, or null. */
export function actionFor(keys: readonly KeyBinding[], key: string, where: Where): ActionId | null {
  const binding = keys.find((b) => b.keys.includes(key) && isFor(b, where));
  return binding?.id ?? null;
}

function isFor(binding: KeyBinding, where: Where): boolean {
  return (
    binding.where.includes(where) || (where !== 'dialog' && where !== 'help' && binding.where.includes('everywhere'))
  );
}

/** What the footer shows in a place, in order. */
export function footerKeys(keys: readonly KeyBinding[], where: Where): KeyBinding[] {
  return keys
    .filter((b) => b.footer !== undefined && b.keys.length > 0 && isFor(b, where))
    .sort((a, b) => a.footer! - b.footer!);
}
