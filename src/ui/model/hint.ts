// The first minute: what to press, for a new user.
import type { Hello } from '../../protocol/messages.ts';
import { type ActionId, type KeyBinding, keyName } from './keys.ts';
import type { Status } from './state.ts';

const SECONDS = 15;
/** Cells of the line that are not the text's. */
const AROUND = 6;

/** In the status line until the first key, or for some seconds. Keys that the configuration has removed are left out. */
export function firstHint(
  keys: readonly KeyBinding[],
  { readOnly, abilities }: Hello,
  columns: number,
  now: number,
): Status {
  const key = (action: ActionId): string => {
    const first = keys.find(({ id }) => id === action)?.keys[0];
    return first === undefined ? '' : keyName(first);
  };
  const answers = abilities.answer && !readOnly;
  const looking = [
    [readOnly ? '' : key('take'), 'takes the queues over'],
    [readOnly ? '' : key('rescue'), 'frees the devices'],
    [key('owner'), 'shows the process'],
    [key('help'), 'help'],
  ];
  const answering = [
    [key('up') && key('down') && key('up') + key('down'), 'choose a group'],
    [answers ? key('success') : '', 'answers SUCCESS'],
    [answers && abilities.attach ? key('replace') : '', 'replaces the HWPT'],
    [answers ? '' : key('stream'), 'shows the fault stream'],
    [key('help'), 'help'],
  ];
  const tips = abilities.owner ? looking : answering;
  const words = tips.flatMap(([pressed, what]) => (pressed ? [`${pressed} ${what}`] : []));
  while (words.length > 2 && words.join(', ').length > columns - AROUND) words.splice(-2, 1);
  return { kind: 'hint', text: words.join(', '), until: now + SECONDS };
}
