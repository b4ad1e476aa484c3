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
    help: 'Answer SUCCESS: the selected group; on a device, all of its pending groups (asks first).',
    where: ACTING,
    footer: 1,
  },
  {
    id: 'invalid',
    keys: ['i'],
    label: 'invalid',
    help: 'Answer INVALID: the selected group; on a device, all of its pending groups (asks first).',
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
    help: 'Replace the HWPT of the attachment, from a list; groups pending there become INVALID.',
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
    help: 'Attach the device, or one more of its PASIDs, to a HWPT from a list.',
    where: ['devices'],
    footer: 6,
  },
  {
    id: 'detach',
    keys: ['d'],
    label: 'detach',
    help: 'Detach the device or the PASID; groups pending there become INVALID.',
    where: ['devices'],
    footer: 7,
  },
  {
    id: 'mark',
    keys: ['space'],
    label: 'mark',
    help: 'Mark or unmark the group, and move down. Answers go to all marked groups (asks first).',
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
    help: 'Mark all groups that the list shows; with a filter, all that match it.',
    where: GROUPS,
  },
  { id: 'unmark', keys: ['u'], label: '', help: 'Unmark all.', where: GROUPS },
  {
    id: 'toggleRule',
    keys: ['space', 'e'],
    label: 'on/off',
    help: 'Turn the rule on or off.',
    where: RULES,
    footer: 1,
  },
  { id: 'ruleUp', keys: ['K', '<'], label: 'up', help: 'Move the rule up.', where: RULES, footer: 2 },
  { id: 'ruleDown', keys: ['J', '>'], label: 'down', help: 'Move the rule down.', where: RULES, footer: 3 },
  {
    id: 'newRule',
    keys: ['n'],
    label: 'new',
    help: 'Add a rule: it is tried on the history before it is armed.',
    where: RULES,
    footer: 4,
  },
  { id: 'editRule', keys: ['enter'], label: 'edit', help: 'Edit the rule.', where: RULES, footer: 5 },
  {
    id: 'deleteRule',
    keys: ['x'],
    label: 'delete',
    help: 'Delete the rule (asks first).',
    where: RULES,
    footer: 6,
  },
  {
    id: 'take',
    keys: ['O'],
    label: 'take over',
    help: "Take over the other process's queues, after a typed confirmation: it never sees what is read here.",
    where: OWNER,
    footer: 0.5,
  },
  {
    id: 'rescue',
    keys: ['R'],
    label: 'rescue',
    help: 'Free the devices of a process that hangs, after a typed confirmation: answers all groups that wait and all that it has read and never answered.',
    where: OWNER,
    footer: 0.6,
  },
  {
    id: 'stopOwner',
    keys: ['Z'],
    label: 'stop/resume',
    help: 'Stop the other process (SIGSTOP) or resume it; stopping asks first.',
    where: OWNER,
    footer: 7.2,
  },
  {
    id: 'freeze',
    keys: ['f'],
    label: 'freeze',
    help: 'Freeze or resume the display. Faults are still read, and rules still answer.',
    where: ['everywhere'],
    footer: 8,
  },
  {
    id: 'open',
    keys: ['enter'],
    label: 'open',
    help: 'Open the fields and bytes of a fault; on a device, its pending groups.',
    where: LISTS,
    footer: 7.5,
  },
  {
    id: 'alarm',
    keys: ['!'],
    label: 'alarm',
    help: "Go to the worst alarm: its device's pending groups, oldest first; again: to the next alarm.",
    where: ['everywhere'],
  },
  {
    id: 'back',
    keys: ['esc'],
    label: 'back',
    help: 'Back: closes the detail, then unmarks all, then clears the filter of the list.',
    where: ['everywhere'],
    footer: 12,
  },
  {
    id: 'time',
    keys: ['T'],
    label: 'time',
    help: 'Show arrival times since the start, as how long ago, or by the wall clock.',
    where: ['everywhere'],
  },
  {
    id: 'filter',
    keys: ['/'],
    label: 'filter',
    help: 'Filter the list by a CEL expression: it applies as you type; Enter keeps it, Esc restores the old one.',
    where: ['everywhere'],
    footer: 8.3,
  },
  { id: 'unfilter', keys: ['\\'], label: '', help: 'Clear the filter of the list.', where: ['everywhere'] },
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
    help: 'Find any command by typing; also go to a group by its number, or choose a theme.',
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
    help: 'Copy the row, its address, or its JSON.',
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
    help: 'Go to the next view.',
    where: ['everywhere'],
    footer: 9,
  },
  { id: 'previous', keys: ['shift-tab'], label: '', help: 'Go to the previous view.', where: ['everywhere'] },
  { id: 'overview', keys: ['1'], label: '', help: 'Go to the overview.', where: ['everywhere'] },
  { id: 'devices', keys: ['2'], label: '', help: 'Go to the devices.', where: ['everywhere'] },
  { id: 'pending', keys: ['3'], label: '', help: 'Go to the pending groups.', where: ['everywhere'] },
  { id: 'stream', keys: ['4'], label: '', help: 'Go to the fault stream.', where: ['everywhere'] },
  { id: 'statistics', keys: ['5'], label: '', help: 'Go to the statistics.', where: ['everywhere'] },
  { id: 'journal', keys: ['6'], label: '', help: 'Go to the journal.', where: ['everywhere'] },
  { id: 'rules', keys: ['7'], label: '', help: 'Go to the rules.', where: ['everywhere'] },
  {
    id: 'owner',
    keys: ['8'],
    label: '',
    help: 'Go to the process that owns the queues (--pid).',
    where: OWNER,
  },
  { id: 'nextPanel', keys: ['right'], label: '', help: 'Go to the next panel of the view.', where: ['everywhere'] },
  { id: 'previousPanel', keys: ['left'], label: '', help: 'Go to the previous panel.', where: ['everywhere'] },
  { id: 'up', keys: ['up', 'k'], label: '', help: 'One row up.', where: ['everywhere', 'dialog', 'help'] },
  { id: 'down', keys: ['down', 'j'], label: '', help: 'One row down.', where: ['everywhere', 'dialog', 'help'] },
  { id: 'pageUp', keys: ['pgup', 'ctrl-b'], label: '', help: 'One page up.', where: ['everywhere', 'help'] },
  { id: 'pageDown', keys: ['pgdn', 'ctrl-f'], label: '', help: 'One page down.', where: ['everywhere', 'help'] },
  { id: 'home', keys: ['home', 'g'], label: '', help: 'Go to the first row.', where: ['everywhere', 'help'] },
  {
    id: 'end',
    keys: ['end', 'G'],
    label: '',
    help: 'Go to the last row; in the stream: follow the newest again.',
    where: ['everywhere'],
  },
  { id: 'redraw', keys: ['ctrl-l'], label: '', help: 'Redraw the whole screen.', where: ['everywhere'] },
  { id: 'suspend', keys: ['ctrl-z'], label: '', help: 'Suspend; `fg` resumes.', where: ['everywhere'] },
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
    help: 'Do the selected choice of a dialog (Cancel, at first).',
    where: ['dialog'],
    footer: 1,
  },
  {
    id: 'cancel',
    keys: ['esc', 'q'],
    label: 'cancel',
    help: 'Close the dialog without doing anything.',
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

/** What applies only if the queues are another process's (--pid). */
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
