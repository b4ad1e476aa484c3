// How options are spelt: a pass over the arguments that gives each its option and its value, before yargs sees them. yargs takes
// -d10s for the flags d, 1, 0 and s; POSIX and GNU take what follows a letter that wants a value as that value.
import { nearest } from '../text/nearest.ts';
import type { Option } from './option.ts';
import { UsageError } from './usage-error.ts';

/** An option as it stands in the arguments. */
export interface Spelt {
  readonly option: Option;
  /** What was typed, without the value: `-d`, `--duration`. */
  readonly typed: string;
  /** Null: there is none. A flag may have one (`--mouse=false`). */
  readonly value: string | null;
}

/** Why an argument is none of the options. */
export interface Unknown {
  /** The option that there is not: `-x`, `--xyz`. */
  readonly name: string;
  /** What was probably meant; null: nothing like it is known. */
  readonly guess: string | null;
  /** The argument that it stands in. */
  readonly word: string;
}

export interface Reading {
  readonly spelt: readonly Spelt[];
  readonly unknown: Unknown | null;
  /** How many arguments that were: 2 where the value is the next one. */
  readonly length: 1 | 2;
}

/** Whether an argument is one option or several, and not a word (`-` is one) or the end of the options (`--`). */
export const isOption = (arg: string): boolean => arg.startsWith('-') && arg !== '-' && arg !== '--';

const byName = (options: readonly Option[], name: string): Option | undefined => options.find((o) => o.name === name);
const byLetter = (options: readonly Option[], letter: string): Option | undefined =>
  options.find((o) => o.alias === letter);

/** What follows an option as its value: not the end of the options, nor what is an option itself; -1 and -x are values. */
function isValue(arg: string | undefined, options: readonly Option[]): arg is string {
  if (arg === undefined) return false;
  if (arg.startsWith('--')) return false;
  return !arg.startsWith('-') || byLetter(options, [...arg][1] ?? '') === undefined;
}

function guessOf(name: string, options: readonly Option[]): string | null {
  return nearest(
    name,
    options.map((option) => `--${option.name}`),
  );
}

const unknownOf = (name: string, guess: string | null, word: string): Reading => ({
  spelt: [],
  unknown: { name, guess, word },
  length: 1,
});

function readLong(args: readonly string[], at: number, options: readonly Option[]): Reading {
  const word = args[at] as string;
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word : word.slice(0, equals);
  const option = byName(options, typed.slice(2));
  if (!option) return unknownOf(typed, guessOf(typed, options), word);
  if (equals >= 0) return { spelt: [{ option, typed, value: word.slice(equals + 1) }], unknown: null, length: 1 };
  return withNext({ option, typed, value: null }, [], args, at, options);
}

/** The value is the next argument, where the option wants one. */
function withNext(
  last: Spelt,
  before: readonly Spelt[],
  args: readonly string[],
  at: number,
  options: readonly Option[],
): Reading {
  const next = args[at + 1];
  if (last.option.kind === 'flag' || !isValue(next, options))
    return { spelt: [...before, last], unknown: null, length: 1 };
  return { spelt: [...before, { ...last, value: next }], unknown: null, length: 2 };
}

/** `-abc`: flags, up to one that wants a value, which is the rest, or what follows. An `=` between them is left out. */
function readShort(args: readonly string[], at: number, options: readonly Option[]): Reading {
  const word = args[at] as string;
  const letters = [...word.slice(1)];
  // -headless, -duration=5s: one dash too few
  const [long = ''] = word.slice(1).split('=', 1);
  if (letters.length > 1 && byName(options, long)) return unknownOf(`-${long}`, `--${long}`, word);
  const spelt: Spelt[] = [];
  for (const [i, letter] of letters.entries()) {
    const typed = `-${letter}`;
    const option = byLetter(options, letter);
    if (!option) return { ...unknownOf(typed, letters.length > 2 ? guessOf(`-${word}`, options) : null, word), spelt };
    const rest = letters.slice(i + 1).join('');
    if (rest === '') return withNext({ option, typed, value: null }, spelt, args, at, options);
    if (option.kind !== 'flag' || rest.startsWith('=')) {
      spelt.push({ option, typed, value: rest.replace(/^=/, '') });
      break;
    }
    spelt.push({ option, typed, value: null });
  }
  return { spelt, unknown: null, length: 1 };
}

/** The options in the argument at `at`, for which isOption holds. */
export const readOption = (args: readonly string[], at: number, options: readonly Option[]): Reading =>
  (args[at] as string).startsWith('--') ? readLong(args, at, options) : readShort(args, at, options);

/** What to do about an option that there is not. */
export const unknownHint = ({ guess }: Unknown): string =>
  guess === null ? 'see iopftop --help' : `did you mean ${guess}?`;

/** Whether the option is given, whatever else the arguments are like. */
export function isGiven(name: string, args: readonly string[], options: readonly Option[]): boolean {
  for (let at = 0; at < args.length && args[at] !== '--'; ) {
    if (!isOption(args[at] as string)) {
      at += 1;
      continue;
    }
    const { spelt, length } = readOption(args, at, options);
    if (spelt.some(({ option }) => option.name === name)) return true;
    at += length;
  }
  return false;
}

/** The arguments as yargs cannot misread them: options with their values in one word, then the other words. */
export interface Canonical {
  readonly args: readonly string[];
  /** How each option was typed last, by its name: `-d (--duration)`. */
  readonly labels: ReadonlyMap<string, string>;
}

/** Throws UsageError for an option that there is not (as `unknown` says it), or for one without its value. */
export function canonical(
  args: readonly string[],
  options: readonly Option[],
  unknown: (what: Unknown) => UsageError,
): Canonical {
  const labels = new Map<string, string>();
  const given: string[] = [];
  const words: string[] = [];
  let at = 0;
  while (at < args.length && args[at] !== '--') {
    const word = args[at] as string;
    if (!isOption(word)) {
      words.push(word);
      at += 1;
      continue;
    }
    const reading = readOption(args, at, options);
    for (const { option, typed, value } of reading.spelt) {
      const label = typed === `--${option.name}` ? typed : `${typed} (--${option.name})`;
      labels.set(option.name, label);
      if (option.kind !== 'flag' && (value === null || value === '')) throw withoutValue(option, label, typed);
      given.push(`--${option.name}${value === null ? '' : `=${shielded(value)}`}`);
    }
    if (reading.unknown) throw unknown(reading.unknown);
    at += reading.length;
  }
  return { args: [...given, '--', ...words, ...args.slice(at + 1)], labels };
}

/** yargs takes a pair of quotes off a value: a shell has done that already. */
const shielded = (value: string): string => (/^(["']).*\1$/s.test(value) ? `"${value}"` : value);

function withoutValue(option: Option, label: string, typed: string): UsageError {
  const wanted = option.value ?? option.choices?.join('|') ?? 'a value';
  return new UsageError(`${label} needs a value`, `give ${typed} ${wanted}`);
}
