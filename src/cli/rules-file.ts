// --rules FILE: TOML (`[[rule]]` tables) or JSON (a list, or {"rule": […]}) → Rule[].
import { constants } from 'node:fs';
import { parse as parseToml, TomlError } from 'smol-toml';
import type { Rule, Verdict } from '../protocol/messages.ts';
import { didYouMean } from '../text/nearest.ts';
import { readTrusted } from './trusted-file.ts';
import { UsageError } from './usage-error.ts';
import { parseDuration } from './values.ts';

export const VERDICTS: readonly Verdict[] = ['success', 'invalid', 'map', 'hold'];
export const RULE_KEYS = ['name', 'when', 'then', 'after', 'enabled'];
const SHAPE = 'a rule is {when: "CEL expression", then: success|invalid|map|hold, after: "500ms"}';

function readText(file: string): string {
  try {
    return readTrusted(`--rules ${file}`, file, constants.O_RDONLY, () => {}).toString('utf8');
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code } = error as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : `cannot be read (${code})`;
    throw new UsageError(`--rules ${file}: ${why}`, 'give the path of a TOML or JSON file');
  }
}

const isJson = (file: string, text: string): boolean => {
  if (/\.json$/i.test(file)) return true;
  if (/\.toml$/i.test(file)) return false;
  // `[[` begins a TOML table; a JSON list of rules goes on with an object.
  return /^\s*(\{|\[\s*[{\]])/.test(text);
};

function parseText(file: string, text: string): unknown {
  try {
    return isJson(file, text) ? JSON.parse(text) : parseToml(text);
  } catch (error) {
    const at = error instanceof TomlError ? `:${error.line}:${error.column}` : '';
    const [first = ''] = (error as Error).message.split('\n');
    throw new UsageError(`--rules ${file}${at}: ${first}`, SHAPE);
  }
}

const isTable = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The list in the file: itself, or under `rule` or `rules`. */
function listOf(file: string, value: unknown): unknown[] {
  if (Array.isArray(value)) return value;
  if (isTable(value)) {
    const other = Object.keys(value).find((key) => key !== 'rule' && key !== 'rules');
    if (other)
      throw new UsageError(`--rules ${file}: unknown key ${JSON.stringify(other)}`, 'rules are [[rule]] tables');
    const list = value.rule ?? value.rules;
    if (Array.isArray(list)) return list;
  }
  throw new UsageError(`--rules ${file}: no rules in it`, `write [[rule]] tables, or a JSON list; ${SHAPE}`);
}

function textOf(value: unknown, where: string): string | undefined {
  if (value === undefined || typeof value === 'string') return value;
  throw new UsageError(`${where} is ${JSON.stringify(value)}`, 'a string is needed');
}

function switchOf(value: unknown, where: string): boolean | undefined {
  if (value === undefined || typeof value === 'boolean') return value;
  throw new UsageError(`${where} is ${JSON.stringify(value)}`, 'give true or false');
}

/** One rule, its condition not compiled yet. `where` names it in messages. Throws UsageError. */
export function ruleOf(value: unknown, where: string): Rule {
  if (!isTable(value)) throw new UsageError(`${where} is ${JSON.stringify(value)}`, SHAPE);
  const unknown = Object.keys(value).find((key) => !RULE_KEYS.includes(key));
  if (unknown) throw new UsageError(`${where}: unknown key ${JSON.stringify(unknown)}`, didYouMean(unknown, RULE_KEYS));
  const then = textOf(value.then, `${where}: then`);
  if (then === undefined) throw new UsageError(`${where} has no then`, `one of ${VERDICTS.join(', ')}`);
  if (!VERDICTS.includes(then as Verdict)) {
    throw new UsageError(`${where}: then is ${JSON.stringify(then)}`, didYouMean(then, VERDICTS));
  }
  const name = textOf(value.name, `${where}: name`);
  const when = textOf(value.when, `${where}: when`);
  const after = textOf(value.after, `${where}: after`);
  const enabled = switchOf(value.enabled, `${where}: enabled`);
  return {
    ...(name === undefined ? {} : { name }),
    ...(when === undefined ? {} : { when }),
    then: then as Verdict,
    ...(after === undefined ? {} : { afterMs: parseDuration(after, `${where}: after`) }),
    ...(enabled === undefined ? {} : { enabled }),
  };
}

/**
 * Reads the rules and compiles them once, so that a mistake is told before anything starts. Throws UsageError with the
 * file, the number of the rule and, for a CEL expression, the place in it.
 */
export async function readRules(file: string): Promise<Rule[]> {
  const list = listOf(file, parseText(file, readText(file)));
  const rules = list.map((value, i) => ruleOf(value, `--rules ${file}: rule ${i + 1}`));
  const { compileRules, RuleError } = await import('../engine/rules.ts');
  try {
    compileRules(rules);
  } catch (error) {
    if (error instanceof RuleError)
      throw new UsageError(`--rules ${file}: ${error.message}`, 'see `when` in the README');
    throw error;
  }
  return rules;
}
