// --rules FILE: TOML (`[[rule]]` tables) or JSON (a list, or {"rule": […]}) → Rule[].

import { constants, type Stats } from 'node:fs';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { Rule, Verdict } from '../protocol/messages.ts';
import { VERDICTS } from '../protocol/verdicts.ts';
import { isObject } from '../text/is-object.ts';
import { JsonError, JsonNumber, parseJson } from '../text/json.ts';
import { didYouMean } from '../text/nearest.ts';
import { joinLines } from '../text/one-line.ts';
import { placeIn } from '../text/place.ts';
import { decodeUtf8 } from '../text/utf8.ts';
import { type KeyPath, lineOf, linesOf } from './config/lines.ts';
import { readTrusted } from './trusted-file.ts';
import { UsageError } from './usage-error.ts';
import { parseDuration } from './values.ts';

export const RULE_KEYS = ['name', 'when', 'then', 'after', 'enabled'];
const SHAPE = 'a rule is {when: "CEL expression", then: success|invalid|map|hold, after: "500ms"}';
const LISTS = ['rule', 'rules'];
const MOST_BYTES = 1_048_576;

/** An invalid rule. `key`: which of its keys is wrong; null: the rule as a whole. */
export class RuleKeyError extends UsageError {
  readonly key: string | null;

  constructor(key: string | null, message: string, hint: string, cause?: unknown) {
    super(message, hint, cause);
    this.key = key;
  }
}

function readText(file: string): string {
  try {
    const bytes = readTrusted(`--rules ${file}`, file, constants.O_RDONLY, (stat) => checkSize(file, stat));
    const text = decodeUtf8(bytes);
    if (typeof text === 'string') return text;
    const { line, column } = text;
    throw new UsageError(`--rules ${file}:${line}:${column}: this is not UTF-8`, 'save it as UTF-8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
    throw new UsageError(`--rules ${file}: ${why}`, 'give the path of a TOML or JSON file', error);
  }
}

function checkSize(file: string, stat: Stats): void {
  if (stat.size <= MOST_BYTES) return;
  throw new UsageError(`--rules ${file}: is larger than ${MOST_BYTES} bytes`, 'it is too large for a list of rules');
}

const isJson = (file: string, text: string): boolean => {
  if (/\.json$/i.test(file)) return true;
  if (/\.toml$/i.test(file)) return false;
  // `[[` begins a TOML table; a JSON list of rules continues with an object.
  return /^\s*(\{|\[\s*[{\]])/.test(text);
};

/** The contents of the file, and the line (from 1) of each key. */
interface Parsed {
  value: unknown;
  lineOf: (path: KeyPath) => number | null;
}

function parseText(file: string, text: string): Parsed {
  try {
    return isJson(file, text) ? jsonText(text) : tomlText(text);
  } catch (error) {
    if (!(error instanceof TomlError || error instanceof JsonError)) throw error;
    const [first = ''] = error.message.split('\n');
    throw new UsageError(`--rules ${file}:${error.line}:${error.column}: ${joinLines(first)}`, SHAPE, error);
  }
}

function tomlText(text: string): Parsed {
  const value = parseToml(text);
  return { value, lineOf: (path) => lineOf(linesOf(text), path) };
}

function jsonText(text: string): Parsed {
  const { value, offsets } = parseJson(text);
  return {
    value,
    lineOf: (path) => {
      const offset = offsets.get(path.map((part) => `/${part}`).join(''));
      return offset === undefined ? null : placeIn(text, offset).line;
    },
  };
}

const show = (value: unknown): string => (value instanceof JsonNumber ? value.text : JSON.stringify(value));

/** `--rules FILE:LINE` */
const placeOf = (file: string, line: number | null): string => `--rules ${file}${line === null ? '' : `:${line}`}`;

/** The list in the file, and where it is: itself, or under `rule` or `rules`, never both. */
function listOf(file: string, { value, lineOf: at }: Parsed): { list: unknown[]; path: KeyPath } {
  if (Array.isArray(value)) return { list: value, path: [] };
  if (isObject(value)) {
    const keys = Object.keys(value);
    const other = keys.find((key) => !LISTS.includes(key));
    if (other !== undefined) {
      throw new UsageError(`${placeOf(file, at([other]))}: unknown key ${show(other)}`, 'rules are [[rule]] tables');
    }
    // Two lists do not say in which order they were meant to be evaluated.
    const [key = 'rule', second] = keys;
    if (second !== undefined) {
      const place = placeOf(file, at([second]));
      throw new UsageError(`${place}: both "${key}" and "${second}": which rule decides first?`, 'write one list');
    }
    const list = value[key];
    if (Array.isArray(list)) return { list, path: [key] };
  }
  throw new UsageError(`--rules ${file}: no rules in it`, `write [[rule]] tables, or a JSON list; ${SHAPE}`);
}

function textOf(rule: Record<string, unknown>, key: string, where: string): string | undefined {
  const value = rule[key];
  if (value === undefined || typeof value === 'string') return value;
  throw new RuleKeyError(key, `${where}: ${key} is ${show(value)}`, 'give a string');
}

function switchOf(value: unknown, where: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new RuleKeyError('enabled', `${where}: enabled is ${show(value)}`, 'give true or false');
}

function timeOf(after: string, where: string): number {
  try {
    return parseDuration(after, `${where}: after`);
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    throw new RuleKeyError('after', error.message, error.hint, error);
  }
}

/** One rule, its condition not compiled yet. `where` names it in messages. Throws RuleKeyError. */
export function ruleOf(value: unknown, where: string): Rule {
  if (!isObject(value)) throw new RuleKeyError(null, `${where} is ${show(value)}`, SHAPE);
  const unknown = Object.keys(value).find((key) => !RULE_KEYS.includes(key));
  if (unknown !== undefined) {
    throw new RuleKeyError(unknown, `${where}: unknown key ${show(unknown)}`, didYouMean(unknown, RULE_KEYS));
  }
  const then = textOf(value, 'then', where);
  if (then === undefined) throw new RuleKeyError(null, `${where} has no then`, `one of ${VERDICTS.join(', ')}`);
  if (!VERDICTS.some((verdict) => verdict === then)) {
    throw new RuleKeyError('then', `${where}: then is ${show(then)}`, didYouMean(then, VERDICTS));
  }
  const name = textOf(value, 'name', where);
  const when = textOf(value, 'when', where);
  const after = textOf(value, 'after', where);
  const enabled = switchOf(value.enabled, where);
  return {
    ...(name === undefined ? {} : { name }),
    ...(when === undefined ? {} : { when }),
    then: then as Verdict,
    ...(after === undefined ? {} : { afterMs: timeOf(after, where) }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/**
 * Reads the rules and compiles them once, so that a mistake is reported before anything starts. Throws UsageError with the
 * file, the line, the number of the rule and, for a CEL expression, the place in it.
 */
export async function readRules(file: string): Promise<Rule[]> {
  const parsed = parseText(file, readText(file));
  const { list, path } = listOf(file, parsed);
  const placed = (index: number, key: string | null): string =>
    placeOf(
      file,
      parsed.lineOf(key === null ? [...path, index] : [...path, index, key]) ?? parsed.lineOf([...path, index]),
    );
  const rules = list.map((value, i) => {
    try {
      return ruleOf(value, `rule ${i + 1}`);
    } catch (error) {
      if (!(error instanceof RuleKeyError)) throw error;
      throw new UsageError(`${placed(i, error.key)}: ${error.message}`, error.hint, error);
    }
  });
  const { compileRules, RuleError } = await import('../engine/rules/rules.ts');
  try {
    compileRules(rules);
  } catch (error) {
    if (!(error instanceof RuleError)) throw error;
    throw new UsageError(`${placed(error.rule - 1, error.key)}: ${error.message}`, error.hint ?? SHAPE, error);
  }
  return rules;
}
