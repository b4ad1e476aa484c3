// Colours as Ink's properties name them, by Ink's own means (chalk).
import chalk, { type ForegroundColorName, foregroundColorNames } from 'chalk';
import { styleOf } from './cell.ts';
import { Run } from './run.ts';
import type { StyleId } from './style.ts';

const looks = new Map<string, StyleId>();

/** The style of a colour, a background and dim, each as a property of Ink. */
export function lookOf(colour: string | undefined, background: string | undefined, dim = false): StyleId {
  if (!colour && !background && !dim) return 0;
  const key = `${chalk.level}|${colour}|${background}|${dim}`;
  let look = looks.get(key);
  if (look === undefined) {
    let probe = colour ? colorize('x', colour, false) : 'x';
    if (background) probe = colorize(probe, background, true);
    look = styleOf(new Run().read(dim ? chalk.dim(probe) : probe).cells[0]!);
    looks.set(key, look);
  }
  return look;
}

/** As Ink's own function of this name; what it does not know stays plain. */
function colorize(text: string, colour: string, background: boolean): string {
  const [r = 0, g = 0, b = 0] = (colour.replace('ansi256', '').match(/\d+/g) ?? []).map(Number);
  if (colour.startsWith('#')) return background ? chalk.bgHex(colour)(text) : chalk.hex(colour)(text);
  if (colour.startsWith('ansi256')) return background ? chalk.bgAnsi256(r)(text) : chalk.ansi256(r)(text);
  if (colour.startsWith('rgb')) return background ? chalk.bgRgb(r, g, b)(text) : chalk.rgb(r, g, b)(text);
  const name = background ? `bg${colour[0]!.toUpperCase()}${colour.slice(1)}` : colour;
  return foregroundColorNames.includes(colour as ForegroundColorName) ? chalk[name as ForegroundColorName](text) : text;
}

/** Whether Ink's properties have colours at all: chalk would ask the environment, and so does whoever draws. */
export function setColours(on: boolean): void {
  chalk.level = on ? 3 : 0;
}
