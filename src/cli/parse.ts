// Arguments → values, by yargs from the table. What yargs says is for programmers; what is said here is for people.
import yargs from 'yargs';
import { didYouMean, nearest } from '../text/nearest.ts';
import type { CommandOptionName } from './command-options.ts';
import { type Argument, type Command, commandText, FIRST_WORDS } from './commands.ts';
import { canBeFalse, type Need } from './option.ts';
import { type Option, type OptionName, TABLE } from './options.ts';
import { splitRest, takesRest } from './rest.ts';
import { type Canonical, canonical, type Unknown, unknownHint } from './spelling.ts';
import { UsageError } from './usage-error.ts';
import { parseValue } from './values.ts';

/**
 * Values that were given, by option. Numbers are numbers and durations milliseconds; a flag is true, and false only where
 * it takes back what the configuration file says; what may be given several times is a list.
 */
export type Given = Partial<Record<OptionName | CommandOptionName, Value>>;
export type Value = string | number | boolean | readonly (string | number)[];

/** A command with its arguments and options. */
export interface Call {
  command: Command;
  arguments: string[];
  given: Given;
}

type Raw = Record<string, unknown> & { _: unknown[] };

/** What was given, and how each option was typed. */
interface Split {
  raw: Raw;
  labels: Canonical['labels'];
}

function split(args: readonly string[], options: readonly Option[], of: string): Split {
  const parser = yargs()
    .help(false)
    .version(false)
    .exitProcess(false)
    .showHelpOnFail(false)
    .fail((message, error) => {
      throw error ?? new UsageError(message, 'see iopftop --help');
    })
    .parserConfiguration({
      'boolean-negation': false,
      'camel-case-expansion': false,
      'dot-notation': false,
      'parse-numbers': false,
      'parse-positional-numbers': false,
      'duplicate-arguments-array': true,
      'greedy-arrays': false,
      'strip-aliased': true,
    });
  for (const { name, alias, kind } of options) {
    const shape = kind === 'flag' ? { boolean: true } : { string: true };
    parser.option(name, alias ? { ...shape, alias } : shape);
  }
  const { args: spelt, labels } = canonical(args, options, (what) => noSuchOption(what, of));
  checkFlags(spelt, options);
  return { raw: parser.parseSync([...spelt]) as Raw, labels };
}

/** yargs takes every value of a flag but "true" for false: a typing error would switch off what was meant to be on. */
function checkFlags(args: readonly string[], options: readonly Option[]): void {
  for (const arg of args.slice(0, args.indexOf('--'))) {
    const [, name, value] = /^--([^=]+)=(.*)$/s.exec(arg) ?? [];
    const option = options.find((o) => o.kind === 'flag' && o.name === name);
    if (!option || value === 'true' || (value === 'false' && canBeFalse(option))) continue;
    const hint = canBeFalse(option)
      ? 'give true or false, or the option alone'
      : 'give the option alone, or leave it out';
    throw new UsageError(`--${name}: ${JSON.stringify(value)} cannot be used`, hint);
  }
}

/** `of`: the command, with a blank before it. */
function noSuchOption(what: Unknown, of: string): UsageError {
  const { name, word } = what;
  if (of !== '' && TABLE.some((option) => `--${option.name}` === name || `-${option.alias}` === name)) {
    return new UsageError(`iopftop${of} has no ${name}`, `see iopftop${of} --help`);
  }
  const place = word === name || word.startsWith(`${name}=`) ? '' : ` in ${word}`;
  return new UsageError(`unknown option ${name}${place}`, unknownHint(what));
}

function givenValue(option: Option, raw: unknown, label: string): Value | undefined {
  if (option.many) {
    return (Array.isArray(raw) ? raw : [raw]).map((one) => parseValue(option, String(one), label));
  }
  if (Array.isArray(raw)) throw new UsageError(`${label} is given ${raw.length} times`, 'give it once');
  if (option.kind === 'flag') return raw === true || (raw === false && canBeFalse(option)) ? raw : undefined;
  return parseValue(option, String(raw), label);
}

function valuesOf({ raw, labels }: Split, options: readonly Option[]): Given {
  const given: Given = {};
  for (const option of options) {
    if (raw[option.name] === undefined) continue;
    const value = givenValue(option, raw[option.name], labels.get(option.name) ?? `--${option.name}`);
    if (value !== undefined) given[option.name as OptionName] = value;
  }
  return given;
}

const isSet = (value: Value | undefined): boolean => value !== undefined && value !== false;

/** Does the option go with the others? What stands in the way of it, or null. */
export function obstacle(option: Option, given: Given): { kind: 'conflict' | 'need'; name: string } | null {
  const other = option.conflicts?.find((conflict) => isSet(given[conflict as OptionName]));
  if (other) return { kind: 'conflict', name: other };
  const { needs } = option;
  if (!needs || needs.some((need) => isMet(need, given))) return null;
  return { kind: 'need', name: needs.map(({ name, value }) => `${name}${value ? ` ${value}` : ''}`).join(' or --') };
}

function isMet({ name, value: wanted }: Need, given: Given): boolean {
  const value = given[name as OptionName] ?? TABLE.find((option) => option.name === name)?.default;
  return wanted === undefined ? isSet(value) : value === wanted;
}

/** The options that are about this machine, and not about the mock. */
const OF_HOST: readonly OptionName[] = ['device', 'pid', 'fault-fd', 'listen'];

/** Whoever names a device or a process of this machine means this machine. */
export function withBackend(given: Given): Given {
  if (given.backend !== undefined || !OF_HOST.some((name) => isSet(given[name]))) return given;
  return { ...given, backend: 'host' };
}

/** Throws UsageError for options that exclude each other, or that miss the one they are for. */
export function checkTogether(given: Given): void {
  if (given.backend === 'host' && !OF_HOST.some((name) => isSet(given[name]))) {
    throw new UsageError('--backend host: what of this machine?', 'give --device, --pid, --fault-fd or --listen');
  }
  for (const option of TABLE) {
    if (!isSet(given[option.name as OptionName])) continue;
    const found = obstacle(option, given);
    if (found?.kind === 'conflict') {
      throw new UsageError(`--${option.name} and --${found.name} do not go together`, 'leave one of them out');
    }
    if (found) {
      const that = (option.needs?.length ?? 0) > 1 ? 'one of these' : 'that';
      throw new UsageError(`--${option.name} is for --${found.name}`, `add ${that} or leave --${option.name} out`);
    }
  }
}

/** Parses arguments without a command; whether the options go together is another question. Throws UsageError. */
export function parseOptions(args: readonly string[]): Given {
  const found = split(args, TABLE, '');
  const stray = found.raw._[0];
  if (stray !== undefined) {
    const word = String(stray);
    const guess = nearest(word, FIRST_WORDS);
    const hint = FIRST_WORDS.includes(word)
      ? `a command comes first: iopftop ${word}`
      : 'options begin with --; see --help';
    throw new UsageError(
      `unexpected argument ${JSON.stringify(word)}`,
      guess && guess !== word ? `did you mean ${guess}?` : hint,
    );
  }
  return withBackend(valuesOf(found, TABLE));
}

/** The same, with the options checked against each other. */
export function parse(args: readonly string[]): Given {
  const given = parseOptions(args);
  checkTogether(given);
  return given;
}

/** Parses what follows the words of a command. Throws UsageError. */
export function parseCall(command: Command, args: readonly string[]): Call {
  const of = ` ${command.words.join(' ')}`;
  const all = args.slice(command.words.length);
  const { own, rest } = takesRest(command) ? splitRest(all, command.options) : { own: all, rest: [] };
  const found = split(own, command.options, of);
  const words = [...found.raw._.map(String), ...rest];
  const usage = `iopftop ${commandText(command)}`;
  for (const [i, argument] of command.arguments.entries()) checkArgument(argument, words[i], usage);
  const stray = words[command.arguments.length];
  if (stray !== undefined && !command.arguments.at(-1)?.rest) {
    throw new UsageError(`unexpected argument ${JSON.stringify(stray)}`, usage);
  }
  return { command, arguments: words, given: valuesOf(found, command.options) };
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
