// What was given on the command line.
import type { CommandOptionName } from './command-options.ts';
import type { Command } from './commands.ts';
import type { OptionName } from './options.ts';

export type Value = string | number | boolean | readonly (string | number)[];

/**
 * Values that were given, by option. Numbers are numbers and durations milliseconds; a flag is true, and false only to
 * unset it from the configuration file; a repeatable option is a list.
 */
export type Given = Partial<Record<OptionName | CommandOptionName, Value>>;

/** A command with its arguments and options. */
export interface Call {
  command: Command;
  arguments: string[];
  given: Given;
}
