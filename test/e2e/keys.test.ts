// Every key of the table, in a real terminal.
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { KEYS } from '../../src/ui/keys.ts';
import { bundleHarness, type Harness } from './bundle.ts';
import { bytesOf, focusOf, keysOf, selectedGroup } from './look.ts';
import { TestTerminal } from './terminal.ts';

let harness: Harness;
let terminal: TestTerminal;
beforeAll(async () => {
  harness = await bundleHarness();
});
afterAll(() => harness.remove());
afterEach(() => terminal.close());

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
const CASES: Record<string, Case> = {
  next: { steps: [[KEY, focus('Fault stream')]] },
  previous: { steps: [[KEY, focus('Devices')]] },
  devices: { steps: [[KEY, focus('Devices')]] },
  pending: {
    steps: [
      ['1', focus('Devices')],
      [KEY, focus('Pending groups')],
    ],
  },
  stream: { steps: [[KEY, focus('Fault stream')]] },
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
  success: { steps: [[KEY, has('Done: group 1: success')]] },
  invalid: { steps: [[KEY, has('Done: group 1: invalid')]] },
  map: { steps: [[KEY, has('Done: group 1: map')]] },
  replace: { steps: [[KEY, has('Replace the HWPT — mock0')]] },
  attach: {
    steps: [
      ['1', focus('Devices')],
      [KEY, has('Attach a PASID — mock0')],
    ],
  },
  detach: {
    steps: [
      ['1', focus('Devices')],
      [KEY, has('Detach — mock0')],
    ],
  },
  trigger: {
    steps: [
      [KEY, (s) => s.includes('Done: triggered 1 fault') && s.includes('of 6 groups')],
      ['G', group(6)],
    ],
  },
  freeze: {
    play: 'busy',
    steps: [
      [KEY, (screen) => /FROZEN \d+s \+[1-9]/.test(screen)],
      [KEY, (s) => !s.includes('FROZEN')],
    ],
  },
  redraw: { steps: [[KEY, has('q quit')]] },
  help: { steps: [[KEY, has('Acting on the selected row')]] },
  quit: { steps: [[KEY, has('5 groups outstanding')]] },
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
  terminal = new TestTerminal('true');
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
