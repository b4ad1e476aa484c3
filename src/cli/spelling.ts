// How options are spelt: what each argument is, before yargs is loaded, even if the arguments are wrong. It is ours because
// yargs takes -d10s for the flags d, 1, 0 and s, where POSIX and GNU take what follows an option letter that needs a value
// as that value; and because yargs says neither how an option was typed nor in which argument.
import { nearest } from '../text/nearest.ts';
import type { Option } from './option.ts';

/** An option as it appears in the arguments. */
export interface Spelt {
  readonly option: Option;
  /** What was typed, without the value: `-d`, `--duration`. */
  readonly typed: string;
  /** Null: there is none. A flag may have one (`--mouse=false`). */
  readonly value: string | null;
}

/** Why an argument is not one of the options. */
export interface Unknown {
  /** The unknown option: `-x`, `--xyz`. */
  readonly name: string;
  /** What was probably meant; null: nothing similar is known. */
  readonly guess: string | null;
  /** The argument that contains it. */
  readonly word: string;
}

interface Meaning {
  readonly spelt: readonly Spelt[];
  readonly unknown: Unknown | null;
}

/** An argument, or two where the value of an option is the next one. */
export interface Reading extends Meaning {
  /** It is not an option. */
  readonly word: string | null;
  /** Where it begins, and where the next one does. */
  readonly at: number;
  readonly end: number;
}

/** Whether an argument is one option or several, and not a word (`-` is one) or the end of the options (`--`). */
const isOption = (arg: string): boolean => arg.startsWith('-') && arg !== '-' && arg !== '--';

const byLetter = (options: readonly Option[], letter: string): Option | undefined =>
  options.find((o) => o.alias === letter);

/** What follows an option as its value: not the end of the options, nor what is an option itself; -1 and -x are values. */
function isValue(arg: string | undefined, options: readonly Option[]): arg is string {
  if (arg === undefined || arg.startsWith('--')) return false;
  return !arg.startsWith('-') || byLetter(options, [...arg][1] ?? '') === undefined;
}

function guessOf(name: string, options: readonly Option[]): string | null {
  return nearest(
    name,
    options.map((option) => `--${option.name}`),
  );
}

function readLong(word: string, options: readonly Option[]): Meaning {
  const equals = word.indexOf('=');
  const typed = equals < 0 ? word : word.slice(0, equals);
  const option = options.find(({ name }) => name === typed.slice(2));
  if (!option) return { spelt: [], unknown: { name: typed, guess: guessOf(typed, options), word } };
  return { spelt: [{ option, typed, value: equals < 0 ? null : word.slice(equals + 1) }], unknown: null };
}

/** `-abc`: flags, up to one that needs a value, which is the rest, or the next argument. An `=` between them is left out. */
function readShort(word: string, options: readonly Option[]): Meaning {
  const letters = [...word.slice(1)];
  // -headless, -duration=5s: one dash too few.
  const [long = ''] = word.slice(1).split('=', 1);
  if (letters.length > 1 && options.some(({ name }) => name === long)) {
    return { spelt: [], unknown: { name: `-${long}`, guess: `--${long}`, word } };
  }
  const spelt: Spelt[] = [];
  for (const [i, letter] of letters.entries()) {
    const typed = `-${letter}`;
    const option = byLetter(options, letter);
    if (!option) {
      return { spelt, unknown: { name: typed, guess: letters.length > 2 ? guessOf(`-${word}`, options) : null, word } };
    }
    const rest = letters.slice(i + 1).join('');
    const hasValue = rest !== '' && (option.kind !== 'flag' || rest.startsWith('='));
    spelt.push({ option, typed, value: hasValue ? rest.replace(/^=/, '') : null });
    if (hasValue) break;
  }
  return { spelt, unknown: null };
}

function read(args: readonly string[], at: number, options: readonly Option[]): Reading {
  const arg = args[at]!;
  if (!isOption(arg)) return { word: arg, at, end: at + 1, spelt: [], unknown: null };
  const { spelt, unknown } = arg.startsWith('--') ? readLong(arg, options) : readShort(arg, options);
  const last = spelt.at(-1);
  const next = args[at + 1];
  const takesNext = unknown === null && last && last.value === null && last.option.kind !== 'flag';
  if (!takesNext || !isValue(next, options)) return { word: null, at, end: at + 1, spelt, unknown };
  return { word: null, at, end: at + 2, spelt: [...spelt.slice(0, -1), { ...last, value: next }], unknown };
}

/** The arguments up to `--`, in order. */
export function* readings(args: readonly string[], options: readonly Option[]): Generator<Reading> {
  for (let at = 0; at < args.length && args[at] !== '--'; ) {
    const reading = read(args, at, options);
    yield reading;
    at = reading.end;
  }
}

/** Whether the option is given, even if other arguments are wrong. */
export function isGiven(name: string, args: readonly string[], options: readonly Option[]): boolean {
  for (const { spelt } of readings(args, options)) {
    if (spelt.some(({ option }) => option.name === name)) return true;
  }
  return false;
}
