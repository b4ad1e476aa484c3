// Where our own arguments end: after `--`, and for a command that takes all the rest, at the first word that is no option.
import { COMMANDS, type Command } from './commands.ts';
import type { Option } from './option.ts';
import { isOption, readOption } from './spelling.ts';

export interface Split {
  readonly own: readonly string[];
  readonly rest: readonly string[];
}

/** The arguments of a command that takes all the rest, without the `--` between. */
export function splitRest(args: readonly string[], options: readonly Option[]): Split {
  let end = 0;
  while (end < args.length) {
    const arg = args[end] as string;
    if (arg === '--') return { own: args.slice(0, end), rest: args.slice(end + 1) };
    if (!isOption(arg)) break;
    end += readOption(args, end, options).length;
  }
  return { own: args.slice(0, end), rest: args.slice(end) };
}

export const takesRest = (command: Command): boolean => command.arguments.at(-1)?.rest === true;

/** The arguments that are ours, with the words of a command. */
export function ownWords(args: readonly string[]): readonly string[] {
  const command = COMMANDS.find((c) => takesRest(c) && c.words.every((word, i) => word === args[i]));
  if (command) return [...command.words, ...splitRest(args.slice(command.words.length), command.options).own];
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}
