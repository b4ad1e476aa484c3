// What the completions of all shells are made of: for each option and argument, what can follow.
import { type Argument, COMMANDS, type Command } from '../commands.ts';
import type { Option } from '../option.ts';
import { TABLE } from '../options.ts';

/** What completes a value: one of some words, a file, both, or nothing that could be listed. */
export interface Values {
  words: readonly string[];
  files: boolean;
}

/** Null: a flag, which has no value. */
export function optionValues(option: Option, scenarios: readonly string[]): Values | null {
  const { kind, choices, names, name } = option;
  if (kind === 'flag') return null;
  if (names === 'scenario') return { words: scenarios, files: true };
  if (names === 'file') return { words: name === 'config' ? ['none'] : [], files: true };
  return { words: choices ?? [], files: false };
}

export const argumentValues = ({ choices = [], names }: Argument): Values => ({
  words: choices,
  files: names === 'file',
});

/** `--name`, and `-n`. */
export const optionWords = ({ name, alias }: Option): string[] =>
  alias === undefined ? [`--${name}`] : [`--${name}`, `-${alias}`];

/** A place where options are completed: after the program's name (no words), or after the words of a command. */
export interface Place {
  words: readonly string[];
  describe: string;
  options: readonly Option[];
  arguments: readonly Argument[];
}

const placeOf = ({ words, describe, options, arguments: args }: Command): Place => ({
  words,
  describe,
  options,
  arguments: args,
});

export const PLACES: readonly Place[] = [
  { words: [], describe: '', options: TABLE, arguments: [] },
  ...COMMANDS.map(placeOf),
];

/** First words with what they are for; a first word of several commands has those listed. */
export function firstWords(): { word: string; describe: string }[] {
  const firsts = [...new Set(COMMANDS.map(({ words }) => words[0]))];
  return firsts.map((word) => {
    const group = COMMANDS.filter(({ words }) => words[0] === word);
    const seconds = group.flatMap(({ words }) => words.slice(1));
    return { word, describe: seconds.length ? `${seconds.join(' or ')} the configuration` : group[0]!.describe };
  });
}
