// The help screen, from the key table.

import { whyNot } from '../../model/abilities.ts';
import { type KeyBinding, keyName, OF_THE_OWNER, type Where } from '../../model/keys.ts';
import { centred } from '../../model/layout.ts';
import { shownView, type UiState } from '../../model/state.ts';
import { cell } from '../../text/table.ts';
import { wrap } from '../../text/wrap.ts';
import type { BoxLine, BoxModel } from '../lines-box.tsx';

export const SECTIONS: [string, (binding: KeyBinding) => boolean][] = [
  ['Acting on the selected row', (b) => b.where.includes('devices')],
  ['Marking groups', (b) => b.where[0] === ('pending' satisfies Where)],
  ['On the rules page', (b) => b.where[0] === ('rules' satisfies Where)],
  ['The process that owns the queues (--pid)', (b) => OF_THE_OWNER.includes(b.id)],
  ['Everywhere', (b) => b.where.includes('everywhere') && !OF_THE_OWNER.includes(b.id)],
  ['In a dialog', (b) => b.where[0] === ('dialog' satisfies Where)],
];

export const LEGEND = [
  'States: P pending, S answered SUCCESS, I answered INVALID, A the kernel answered INVALID.',
  'Alarms: C critical, W warning; the worst is in the first line of every page, all are in the journal.',
  'Processes: R runs, S sleeps, D waits uninterruptibly, T stopped, t held by a debugger, Z ended.',
  'Permissions: R read, W write, X execute, P privileged. L: last of its group.',
  'Where text is typed: Ctrl-A, E, U, K and W as in a shell; in a filter Tab shows names, ↑↓ earlier filters.',
  'Ages and read→answer times count from when iopftop read the group: the kernel does not timestamp faults.',
];

const KEY_WIDTH = 14;
const MAX_WIDTH = 116;

/** All lines of the help on the keys of a table, wrapped to `width`. */
export function helpLines(table: readonly KeyBinding[], width: number): BoxLine[] {
  const lines: BoxLine[] = [];
  for (const [title, belongs] of SECTIONS) {
    const bindings = table.filter(belongs);
    if (!bindings.length) continue;
    lines.push({ text: title, style: 'title' });
    for (const binding of bindings) lines.push(...entry(binding, width));
    lines.push({ text: '', style: 'plain' });
  }
  for (const text of LEGEND) lines.push(...wrap(text, width).map((line): BoxLine => ({ text: line, style: 'dim' })));
  return lines;
}

function entry(binding: KeyBinding, width: number): BoxLine[] {
  const keys = cell(`  ${binding.keys.map(keyName).join(' ') || '(no key)'}`, KEY_WIDTH);
  return wrap(binding.help, width - KEY_WIDTH).map((text, i) => ({
    text: `${i === 0 ? keys : ' '.repeat(KEY_WIDTH)}${text}`,
    style: 'plain',
  }));
}

/** The help in its box, scrolled to `state.help.top` or as far as there is something. */
export function helpBox(state: UiState): BoxModel {
  const width = Math.min(MAX_WIDTH, state.columns - 4);
  const owned = shownView(state)?.snapshot.owner;
  const table = state.keys.filter(({ id }) => (owned || !OF_THE_OWNER.includes(id)) && whyNot(state, id) === null);
  const all = helpLines(table, width - 4);
  const height = Math.min(all.length + 2, state.rows - 2);
  const top = Math.min(state.help?.top ?? 0, Math.max(0, all.length - (height - 2)));
  const lines = all.slice(top, top + height - 2).map((line) => ({ ...line, text: cell(line.text, width - 4) }));
  const more = all.length > height - 2 ? ' — ↑↓ for more' : '';
  return { rect: centred(state.columns, state.rows, width, height), title: `Help${more}`, lines, style: 'accent' };
}
