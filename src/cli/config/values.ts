// Values of the configuration file, by type. Each reader returns undefined after it has reported what is wrong.

import { dirname, isAbsolute, join } from 'node:path';
import { isObject } from '../../text/is-object.ts';
import { didYouMean } from '../../text/nearest.ts';
import type { Value } from '../given.ts';
import type { Option } from '../option.ts';
import { UsageError } from '../usage-error.ts';
import { parseDuration } from '../values.ts';
import type { KeyPath } from './lines.ts';
import { type Problems, pathText } from './problems.ts';

/** A value as it is shown in a message; a table is only named. */
export const show = (value: unknown): string =>
  isObject(value) ? 'a table' : Array.isArray(value) && value.some(isObject) ? 'a list of tables' : plain(value);

/** JSON has no NaN, and no infinity. */
const plain = (value: unknown): string => (typeof value === 'number' ? String(value) : JSON.stringify(value));

interface Range {
  readonly kind: string;
  readonly min?: number;
  readonly max?: number;
}

/** What a number must be. */
export function wanted({ kind, min, max }: Range): string {
  const what = kind === 'integer' ? 'a whole number' : 'a number';
  return max === undefined ? `${what} of ${min} or more` : `${what} from ${min} to ${max}`;
}

export const fits = (value: unknown, { kind, min = -Infinity, max = Infinity }: Range): value is number =>
  Number.isFinite(value) &&
  (kind !== 'integer' || Number.isInteger(value)) &&
  (value as number) >= min &&
  (value as number) <= max;

/** A time such as "10s", in milliseconds. */
export function duration(problems: Problems, path: KeyPath, value: unknown, hint: string): number | undefined {
  if (typeof value !== 'string') {
    problems.add(path, `${pathText(path)} is ${show(value)}`, hint);
    return undefined;
  }
  try {
    return parseDuration(value, pathText(path));
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    problems.add(path, error.message, error.hint);
    return undefined;
  }
}

/** `~/x` is in the home directory (null: there is none); any other relative path counts from the directory of the file. */
export function resolvePath(path: string, file: string, home: string | null): string | null {
  if (path.startsWith('~/')) return home && join(home, path.slice(2));
  return isAbsolute(path) ? path : join(dirname(file), path);
}

/** The value of an option. */
export function optionValue(problems: Problems, path: KeyPath, value: unknown, option: Option): Value | undefined {
  const say = (hint: string): undefined => problems.add(path, `${pathText(path)} is ${show(value)}`, hint) as undefined;
  const { kind, choices = [] } = option;
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean' ? value : say('give true or false');
    case 'integer':
    case 'number':
      return fits(value, option) ? value : say(`give ${wanted(option)}`);
    case 'duration':
      return duration(problems, path, value, 'give a duration such as "10s"');
    case 'choice':
      if (typeof value !== 'string') return say(`give ${choices.map((choice) => `"${choice}"`).join(', ')}`);
      if (choices.includes(value)) return value;
      problems.add(path, `${pathText(path)}: there is no ${show(value)}`, didYouMean(value, choices));
      return undefined;
    default:
      return typeof value === 'string' && value !== '' ? value : say(`give ${option.value} as a string in quotes`);
  }
}
