// Where our own arguments end: at `--`, or, for a command that takes the rest, at the first word that is not an option.
// yargs could stop there too (halt-at-non-option), but --help is looked for in our arguments before yargs is loaded.
import { COMMANDS, type Command } from './commands.ts';
import type { Option } from './option.ts';
import { readings } from './spelling.ts';

export interface Split {
  readonly own: readonly string[];
  readonly rest: readonly string[];
}

/** The arguments of a command that takes all the rest, without the `--` between. */
export function splitRest(args: readonly string[], options: readonly Option[]): Split {
  let end = 0;
  for (const reading of readings(args, options)) {
    if (reading.word !== null) break;
    end = reading.end;
  }
  return { own: args.slice(0, end), rest: args.slice(args[end] === '--' ? end + 1 : end) };
}

export const takesRest = (command: Command): boolean => command.arguments.at(-1)?.rest === true;

/** The arguments that are ours, with the words of a command. */
export function ownWords(args: readonly string[]): readonly string[] {
  const command = COMMANDS.find((c) => takesRest(c) && c.words.every((word, i) => word === args[i]));
  if (command) return [...command.words, ...splitRest(args.slice(command.words.length), command.options).own];
  const end = args.indexOf('--');
  return end < 0 ? args : args.slice(0, end);
}
