// The mouse, if requested: SGR reports (ESC [ < button ; column ; row M or m) → presses and turns of the wheel.
import type { KeyPress } from './key-press.ts';

/** Presses and the wheel, with places as numbers (modes 1000 and 1006). */
export const MOUSE_ON = '\x1b[?1000h\x1b[?1006h';
export const MOUSE_OFF = '\x1b[?1006l\x1b[?1000l';

const NAMES: Record<number, string> = { 0: 'click', 64: 'wheel-up', 65: 'wheel-down' };
/** Shift, Alt and Ctrl do not make it another button. */
const MODIFIERS = 4 | 8 | 16;

/** `parameters`: the text between ESC [ and the final letter. Null: not of interest (releases, other buttons). */
export function mousePress(parameters: string, final: string): KeyPress | null {
  const match = /^<(\d{1,4});(\d{1,5});(\d{1,5})$/.exec(parameters);
  if (!match || final !== 'M') return null;
  const [button, column, row] = match.slice(1).map(Number) as [number, number, number];
  const name = NAMES[button & ~MODIFIERS];
  return name && column > 0 && row > 0 ? { name, text: '', place: { column: column - 1, row: row - 1 } } : null;
}
