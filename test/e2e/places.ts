// Where the screen can be: what is pressed from its first view, a step at a time, and what shows that it is there.

export type Place = readonly [name: string, ...steps: (readonly [keys: string, shows: string | RegExp])[]];

/** A panel in its own view, not in the overview. */
const alone = (panel: string): RegExp => new RegExp(`^(?![^]*─ Summary ─)[^]*─ ${panel} ─`);
const toDevices = ['2', alone('Devices')] as const;
const toRules = ['7', alone('Rules')] as const;

/** What stands over a view or takes keys. */
export const OVERLAYS: readonly Place[] = [
  ['the answer dialog of a device', toDevices, ['s', '─ Answer SUCCESS — ']],
  ['the answer dialog of marked groups', ['*', /\d+ marked,/], ['i', '─ Answer INVALID — ']],
  ['the dialog that maps', toDevices, ['m', '─ Map and answer SUCCESS — ']],
  ['the HWPT picker', toDevices, ['r', '─ Replace the HWPT — ']],
  ['the attach dialog', toDevices, ['a', '─ Attach a PASID — ']],
  ['the detach dialog', toDevices, ['d', '─ Detach — ']],
  ['the rule editor', toRules, ['n', '─ New rule '], ['pasid ==', 'pasid ==']],
  ['the filter line', ['/', 'Filter pending groups:'], ['age > 1', 'age > 1']],
  ['the palette', [':', '─ Commands: '], ['repl', '> repl']],
  ['the copy dialog', ['Y', '─ Copy ─']],
  ['the help', ['?', 'Acting on']],
  ['the detail pane', ['\r', '─ Detail ─']],
  ['a frozen picture', ['f', 'FROZEN']],
  ['the quit dialog', ['q', '─ Quit ─']],
];

export const VIEWS: readonly Place[] = [
  ['overview'],
  ['devices', toDevices],
  ['pending', ['3', alone('Pending groups')]],
  ['stream', ['4', alone('Fault stream')]],
  ['statistics', ['5', alone('Statistics')]],
  ['journal', ['6', alone('Journal')]],
  ['rules', toRules],
];

/** Where there is a rule, and a device that has pending groups. */
export const DONE: readonly Place[] = [
  ['a rule that is edited', toRules, ['\r', '─ Rule — ']],
  ['a rule switched off', toRules, [' ', ' is off']],
  ['a rule that is moved', toRules, ['K', ' is already the first.']],
  ['the question before a rule is deleted', toRules, ['x', '─ Delete the rule — ']],
  ['a rule that is deleted', toRules, ['x', '─ Delete the rule — '], ['j', '▶ Delete '], ['\r', 'No rule: ']],
  ['a device that is answered', toDevices, ['s', '─ Answer SUCCESS — '], ['j', /▶ (?!Cancel)/], ['\r', 'Done: ']],
  ['the palette on a rule', toRules, [':', '─ Commands: ']],
  ['an answer in the journal', ['s', /Done: /], ['6', alone('Journal')]],
  ['a filter that is wrong', ['/', 'Filter '], ["device == '\x1b[200~\u202e\x9b2Jx\x1b[201~", "device == '"]],
];
