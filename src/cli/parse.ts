// Arguments → values. The parser of yargs splits them by the table of options. The rest of yargs (choices, strict,
// conflicts, commands) is not bundled: its error messages name the option and not what was typed, has no hint, and lists
// all the choices where one is nearly right. So the checks and messages are ours.
import { Parser } from 'yargs/helpers';
import { didYouMean, nearest } from '../text/nearest.ts';
import { type Argument, type Command, commandText, FIRST_WORDS } from './commands.ts';
import type { Call, Given, Value } from './given.ts';
import { canBeFalse } from './option.ts';
import { type Option, type OptionName, TABLE } from './options.ts';
import { splitRest, takesRest } from './rest.ts';
import { readings, type Spelt, type Unknown } from './spelling.ts';
import { checkTogether, withBackend } from './together.ts';
import { UsageError } from './usage-error.ts';
import { parseValue } from './values.ts';

/** Options of a command, or of the program itself. */
interface Known {
  readonly options: readonly Option[];
  /** The command with a blank before it, or nothing. */
  readonly of: string;
}

interface Parsed {
  given: Given;
  words: string[];
}

function parseWith(known: Known, args: readonly string[]): Parsed {
  const { options } = known;
  const { args: spelt, labels } = canonical(known, args);
  const raw = Parser([...spelt], {
    boolean: options.filter(({ kind }) => kind === 'flag').map(({ name }) => name),
    string: options.filter(({ kind }) => kind !== 'flag').map(({ name }) => name),
    configuration: {
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'greedy-arrays': false,
    },
  });
  const given: Given = {};
  // Not by coerce: of several mistakes it keeps the last.
  for (const option of options) {
    const value = raw[option.name];
    if (value !== undefined) given[option.name as OptionName] = read(option, value, labels.get(option.name) ?? '');
  }
  return { given, words: raw._.map(String) };
}

/** `label`: how the option was typed, `-d (--duration)`. */
function read(option: Option, raw: unknown, label: string): Value {
  const all = Array.isArray(raw) ? raw : [raw];
  if (option.many) return all.map((one) => parseValue(option, String(one), label));
  if (all.length > 1) throw new UsageError(`${label} is given ${all.length} times`, 'give it once');
  return option.kind === 'flag' ? all[0] === true : parseValue(option, String(raw), label);
}

/** The arguments in a form that yargs cannot misread: options with their values in one word, then the other words. */
function canonical(known: Known, args: readonly string[]): { args: string[]; labels: Map<string, string> } {
  const labels = new Map<string, string>();
  const given: string[] = [];
  const words: string[] = [];
  let end = 0;
  for (const { spelt, unknown, word, end: next } of readings(args, known.options)) {
    for (const one of spelt) {
      const { option, typed, value } = one;
      const label = typed === `--${option.name}` ? typed : `${typed} (--${option.name})`;
      labels.set(option.name, label);
      checkGiven(one, label);
      given.push(`--${option.name}${value === null ? '' : `=${shielded(value)}`}`);
    }
    if (unknown) throw noSuchOption(unknown, known.of);
    if (word !== null) words.push(word);
    end = next;
  }
  return { args: [...given, '--', ...words, ...args.slice(end + 1)], labels };
}

/** yargs takes a pair of quotes off a value: a shell has done that already. */
const shielded = (value: string): string => (/^(["']).*\1$/s.test(value) ? `"${value}"` : value);

/**
 * Checks that a value is there where one is needed, and that a flag has only true or false: yargs takes the next option for
 * the value, and everything except "true" for false, so that a typo would turn off what was meant to be on.
 */
function checkGiven({ option, typed, value }: Spelt, label: string): void {
  if (option.kind !== 'flag') {
    if (value) return;
    const wanted = option.value ?? option.choices?.join('|') ?? 'a value';
    throw new UsageError(`${label} needs a value`, `give ${typed} ${wanted}`);
  }
  if (value === null || value === 'true' || (value === 'false' && canBeFalse(option))) return;
  const hint = canBeFalse(option)
    ? 'give true or false, or the option alone'
    : 'give the option alone, or leave it out';
  throw new UsageError(`--${option.name}: ${JSON.stringify(value)} cannot be used`, hint);
}

function noSuchOption({ name, word, guess }: Unknown, of: string): UsageError {
  if (of !== '' && TABLE.some((option) => `--${option.name}` === name || `-${option.alias}` === name)) {
    return new UsageError(`iopftop${of} has no ${name}`, `see iopftop${of} --help`);
  }
  const place = word === name || word.startsWith(`${name}=`) ? '' : ` in ${word}`;
  return new UsageError(
    `unknown option ${name}${place}`,
    guess === null ? 'see iopftop --help' : `did you mean ${guess}?`,
  );
}

/** Parses arguments without a command; whether the options can be combined is not checked here. Throws UsageError. */
export function parseOptions(args: readonly string[]): Given {
  const { given, words } = parseWith({ options: TABLE, of: '' }, args);
  const [word] = words;
  if (word === undefined) return withBackend(given);
  const guess = nearest(word, FIRST_WORDS);
  const hint = FIRST_WORDS.includes(word)
    ? `the command must come first: iopftop ${word}`
    : 'options begin with --; see --help';
  throw new UsageError(
    `unexpected argument ${JSON.stringify(word)}`,
    guess && guess !== word ? `did you mean ${guess}?` : hint,
  );
}

/** The same, with the options checked against each other. */
export function parse(args: readonly string[]): Given {
  const given = parseOptions(args);
  checkTogether(given);
  return given;
}

/** Parses what follows the words of a command. Throws UsageError. */
export function parseCall(command: Command, args: readonly string[]): Call {
  const known = { options: command.options, of: ` ${command.words.join(' ')}` };
  const all = args.slice(command.words.length);
  const { own, rest } = takesRest(command) ? splitRest(all, command.options) : { own: all, rest: [] };
  const parsed = parseWith(known, own);
  const words = [...parsed.words, ...rest];
  const usage = `iopftop ${commandText(command)}`;
  for (const [i, argument] of command.arguments.entries()) checkArgument(argument, words[i], usage);
  const stray = words[command.arguments.length];
  if (stray !== undefined && !command.arguments.at(-1)?.rest) {
    throw new UsageError(`unexpected argument ${JSON.stringify(stray)}`, usage);
  }
  return { command, arguments: words, given: parsed.given };
}

function checkArgument({ name, required, choices }: Argument, word: string | undefined, usage: string): void {
  if (word === undefined) {
    if (required) throw new UsageError(`${name} is missing`, usage);
    return;
  }
  if (choices && !choices.includes(word)) {
    throw new UsageError(`${name}: there is no ${JSON.stringify(word)}`, didYouMean(word, choices));
  }
}
