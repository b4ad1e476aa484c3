// Reading the screen's text as an operator does.
import { KEYS } from '../../src/ui/model/keys.ts';

/** The panel whose row has the cursor mark. */
export function focusOf(screen: string): string {
  let panel = '';
  for (const line of screen.split('\n')) {
    panel = /─ (Devices|Pending groups|Fault stream|Rules|Detail) /.exec(line)?.[1] ?? panel;
    if (line.includes('│▶')) return panel;
  }
  return '';
}

/** Whether there is a panel with that title. */
export const hasPanel = (title: string) => (screen: string) => screen.includes(`─ ${title} ─`);

/** The line under the cursor. */
export function selected(screen: string): string {
  return screen.split('\n').find((line) => line.includes('▶')) ?? '';
}

/** The group that is selected in the pending panel. */
export function selectedGroup(screen: string): number {
  return Number(/▶ +[\d.]+ m?s +(\d+)/.exec(selected(screen))?.[1] ?? 0);
}

const BYTES: Record<string, string> = {
  up: '\x1b[A',
  down: '\x1b[B',
  right: '\x1b[C',
  left: '\x1b[D',
  pgup: '\x1b[5~',
  pgdn: '\x1b[6~',
  home: '\x1b[H',
  end: '\x1b[F',
  tab: '\t',
  'shift-tab': '\x1b[Z',
  enter: '\r',
  esc: '\x1b',
  space: ' ',
};

/** What a terminal sends for a key of the key table. */
export function bytesOf(key: string): string {
  const control = /^ctrl-(.)$/.exec(key)?.[1];
  return control ? String.fromCharCode(control.charCodeAt(0) - 0x60) : (BYTES[key] ?? key);
}

/** All keys of an action. */
export function keysOf(id: string): string[] {
  return KEYS.filter((binding) => binding.id === id).flatMap((binding) => [...binding.keys]);
}

/** A small terminal, a usual one and a large one. */
export const THREE_SIZES = [
  [80, 24],
  [120, 40],
  [200, 60],
] as const;
/** Everything is tried on the smallest; on the others only in a long run. */
export const [SMALLEST, ...LARGER] = THREE_SIZES;
