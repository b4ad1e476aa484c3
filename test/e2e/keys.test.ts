// Every key of the table, in a real terminal.
// @module-tag long
import { expect, it } from 'vitest';
import { KEYS } from '../../src/ui/model/keys.ts';
import { bundledHarness } from './bundle.ts';
import { bytesOf, focusOf, hasPanel, keysOf, selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

const harness = bundledHarness();
let terminal: TestTerminal;

type Step = [press: string, until: (screen: string) => boolean];
const has = (text: string) => (screen: string) => screen.includes(text);
const group = (n: number) => (screen: string) => selectedGroup(screen) === n;
const focus = (panel: string) => (screen: string) => focusOf(screen) === panel;

interface Case {
  play?: string;
  /** Before the key, and what the key does. `KEY` stands for it. */
  steps: Step[];
}

const KEY = 'KEY';
const not = (test: (screen: string) => boolean) => (screen: string) => !test(screen);
const alone = (panel: string) => (screen: string) => hasPanel(panel)(screen) && !hasPanel('Summary')(screen);
/** The stream in an order of its own: stopped at the fault before the last. */
const STOPPED: Step[] = [
  ['4', alone('Fault stream')],
  [bytesOf('up'), focus('Fault stream')],
];
const FILTERED: Step[] = [
  ['/', has('Filter pending groups:')],
  ['devId == 2\r', has('filter devId == 2')],
];
/** Two rules, the first one selected. */
const RULES: Step[] = [['7', focus('Rules')]];

const CASES: Record<string, Case> = {
  next: { steps: [[KEY, alone('Devices')]] },
  previous: { steps: [[KEY, has('No rule: every group waits for you')]] },
  nextPanel: { steps: [[KEY, focus('Devices')]] },
  previousPanel: { steps: [[KEY, focus('Devices')]] },
  overview: {
    steps: [
      ['3', alone('Pending groups')],
      [KEY, hasPanel('Summary')],
    ],
  },
  devices: { steps: [[KEY, alone('Devices')]] },
  pending: { steps: [[KEY, alone('Pending groups')]] },
  stream: { steps: [[KEY, alone('Fault stream')]] },
  statistics: { steps: [[KEY, hasPanel('Statistics')]] },
  journal: { steps: [[KEY, hasPanel('Journal')]] },
  rules: { steps: [[KEY, has('No rule: every group waits for you')]] },
  owner: { play: 'owner', steps: [[KEY, has('What can be done')]] },
  take: { play: 'owner', steps: [[KEY, has('Take over — PID 1234')]] },
  rescue: { play: 'owner', steps: [[KEY, has('Rescue — PID 1234')]] },
  stopOwner: { play: 'owner', steps: [[KEY, has('Stop — PID 1234')]] },
  down: { steps: [[KEY, group(2)]] },
  up: {
    steps: [
      ['G', group(5)],
      [KEY, group(4)],
    ],
  },
  pageDown: { play: 'many', steps: [[KEY, (screen) => selectedGroup(screen) > 3]] },
  pageUp: {
    play: 'many',
    steps: [
      ['G', group(505)],
      [KEY, (s) => selectedGroup(s) < 505 && selectedGroup(s) > 400],
    ],
  },
  home: {
    play: 'many',
    steps: [
      ['G', group(505)],
      [KEY, group(1)],
    ],
  },
  end: { play: 'many', steps: [[KEY, group(505)]] },
  success: { steps: [[KEY, has('Done: SUCCESS → group 1')]] },
  invalid: { steps: [[KEY, has('Done: INVALID → group 1')]] },
  map: { steps: [[KEY, has('Done: memory mapped, SUCCESS → group 1')]] },
  replace: { steps: [[KEY, has('Replace the HWPT — mock0')]] },
  attach: {
    steps: [
      ['2', alone('Devices')],
      [KEY, has('Attach a PASID — mock0')],
    ],
  },
  detach: {
    steps: [
      ['2', alone('Devices')],
      [KEY, has('Detach — mock0')],
    ],
  },
  trigger: {
    steps: [
      [KEY, (s) => s.includes('Done: triggered 1 fault') && s.includes('of 6 groups')],
      ['G', group(6)],
    ],
  },
  mark: { steps: [[KEY, (s) => s.includes('1 marked') && group(2)(s)]] },
  markRange: {
    steps: [
      [KEY, has('(range)')],
      ['jj', has('3 marked (range)')],
      [KEY, (s) => s.includes('3 marked,')],
    ],
  },
  markAll: { play: 'many', steps: [[KEY, has('505 marked')]] },
  unmark: {
    steps: [
      ['  ', has('2 marked')],
      [KEY, not(has('marked,'))],
    ],
  },
  toggleRule: { play: 'rules', steps: [...RULES, [KEY, has('Done: first is off')]] },
  ruleUp: { play: 'rules', steps: [...RULES, ['j', has('▶   2')], [KEY, has('Done: second is number 1')]] },
  ruleDown: { play: 'rules', steps: [...RULES, [KEY, has('Done: first is number 2')]] },
  newRule: { play: 'rules', steps: [...RULES, [KEY, has('New rule')]] },
  editRule: { play: 'rules', steps: [...RULES, [KEY, has('Rule — first')]] },
  deleteRule: { play: 'rules', steps: [...RULES, [KEY, has('Delete the rule — first')]] },
  freeze: {
    play: 'busy',
    steps: [
      [KEY, (screen) => /FROZEN \d+s, [1-9]\d* faults? behind/.test(screen)],
      [KEY, (s) => !s.includes('FROZEN')],
    ],
  },
  open: { steps: [[KEY, has('iommu_hwpt_pgfault')]] },
  back: {
    steps: [
      ['\r', has('iommu_hwpt_pgfault')],
      [KEY, not(has('iommu_hwpt_pgfault'))],
    ],
  },
  alarm: { steps: [[KEY, has('No alarm is active.')]] },
  time: { steps: [...STOPPED, [KEY, has(' AGO ')]] },
  filter: { steps: [[KEY, has('Filter pending groups:')]] },
  unfilter: { steps: [...FILTERED, [KEY, not(has('filter devId'))]] },
  namedFilter: { steps: [[KEY, has('no named filters')]] },
  palette: { steps: [[KEY, has('Commands: type to find')]] },
  copy: { steps: [[KEY, has('Copied ')]] },
  copyChoice: { steps: [[KEY, has('─ Copy ─')]] },
  mouse: { steps: [[KEY, has('ouse')]] },
  redraw: { steps: [[KEY, has('q quit')]] },
  help: { steps: [[KEY, has('Acting on the selected row')]] },
  quit: { steps: [[KEY, has('(5 now)')]] },
  confirm: {
    steps: [
      ['r', has('Replace')],
      [bytesOf('down'), has('▶ HWPT')],
      [KEY, has('Done: replaced by HWPT 6')],
    ],
  },
  cancel: {
    steps: [
      ['r', has('Replace')],
      [KEY, (screen) => !screen.includes('Replace the')],
    ],
  },
  close: {
    steps: [
      ['?', has('Acting on')],
      [KEY, (screen) => !screen.includes('Acting on')],
    ],
  },
};

const rows = Object.keys(CASES).flatMap((id) => keysOf(id).map((key): [string, string] => [id, key]));

it('has a case for every action', () => {
  const tested = [...Object.keys(CASES), 'suspend'];
  expect([...new Set(KEYS.map((b) => b.id))].filter((id) => !tested.includes(id))).toEqual([]);
});

it.each(rows)('%s: %s', async (id, key) => {
  const { play = 'some', steps } = CASES[id]!;
  terminal = new TestTerminal(`${harness.command} ${play}`, { columns: 100, rows: 30 });
  await terminal.until((screen) => selectedGroup(screen) === 1);
  for (const [press, until] of steps) {
    terminal.press(press === KEY ? bytesOf(key) : press);
    await terminal.until(until);
  }
});
