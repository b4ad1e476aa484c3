// Arguments → values, by yargs from the table. What yargs says is for programmers; what is said here is for people.
import yargs from 'yargs';
import { didYouMean } from '../text/nearest.ts';
import { type Option, type OptionName, TABLE } from './options.ts';
import { UsageError } from './usage-error.ts';
import { parseValue } from './values.ts';

/** Values that were given, by option; flags are true. Numbers are numbers and durations milliseconds. */
export type Given = Partial<Record<OptionName, string | number | true>>;

type Raw = Record<string, unknown> & { _: unknown[] };

const NAMES = new Map<string, Option>(
  TABLE.flatMap((option) => [option.name, option.alias].filter((n) => n !== undefined).map((n) => [n, option])),
);
const DASHED = TABLE.map((option) => `--${option.name}`);

function split(args: readonly string[]): Raw {
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
  for (const { name, alias, kind } of TABLE) {
    const shape = kind === 'flag' ? { boolean: true } : { string: true };
    parser.option(name, alias ? { ...shape, alias } : shape);
  }
  return parser.parseSync([...args]) as Raw;
}

function checkNames({ _: positional, $0: _script, ...options }: Raw): void {
  const stray = positional[0];
  if (stray !== undefined) {
    throw new UsageError(`unexpected argument ${JSON.stringify(String(stray))}`, 'options begin with --; see --help');
  }
  for (const name of Object.keys(options)) {
    if (NAMES.has(name)) continue;
    const dashed = name.length === 1 ? `-${name}` : `--${name}`;
    throw new UsageError(
      `unknown option ${dashed}`,
      name.length === 1 ? 'see iopftop --help' : shorten(didYouMean(dashed, DASHED)),
    );
  }
}

/** A list of all options is what --help is for. */
const shorten = (hint: string): string => (hint.startsWith('known:') ? 'see iopftop --help' : hint);

function givenValue(option: Option, raw: unknown): string | number | true | undefined {
  if (Array.isArray(raw)) throw new UsageError(`--${option.name} is given ${raw.length} times`, 'give it once');
  if (option.kind === 'flag') return raw === true ? true : undefined;
  if (raw === '' || typeof raw !== 'string') {
    const wanted = option.value ?? option.choices?.join('|') ?? 'a value';
    throw new UsageError(`--${option.name} needs a value`, `give --${option.name} ${wanted}`);
  }
  return parseValue(option, raw);
}

function checkTogether(given: Given): void {
  for (const { name, conflicts = [], needs } of TABLE) {
    if (given[name as OptionName] === undefined) continue;
    const other = conflicts.find((conflict) => given[conflict as OptionName] !== undefined);
    if (other) throw new UsageError(`--${name} and --${other} do not go together`, 'leave one of them out');
    if (!needs) continue;
    const fallback = TABLE.find((option) => option.name === needs.name)?.default;
    const value = given[needs.name as OptionName] ?? fallback;
    if (needs.value === undefined ? value !== undefined : value === needs.value) continue;
    throw new UsageError(
      `--${name} is for --${needs.name}${needs.value ? ` ${needs.value}` : ''}`,
      `add that or leave --${name} out`,
    );
  }
}

/** Parses the arguments. Throws UsageError for the first thing that is wrong. */
export function parse(args: readonly string[]): Given {
  const raw = split(args);
  checkNames(raw);
  const given: Given = {};
  for (const option of TABLE) {
    if (raw[option.name] === undefined) continue;
    const value = givenValue(option, raw[option.name]);
    if (value !== undefined) given[option.name as OptionName] = value;
  }
  checkTogether(given);
  return given;
}
