// Checks a command against its schema: the few JSON Schema words that the command schemas use, with messages for people.

import { isObject } from '../text/is-object.ts';
import { JsonNumber } from '../text/json.ts';
import { nearest } from '../text/nearest.ts';
import { COMMANDS, type Command } from './commands.ts';
import type { Schema } from './schema-parts.ts';
import type { CommandId } from './terms.ts';

export type Checked = { ok: true; command: Command } | { ok: false; problem: string; expected: string };

interface Problem {
  problem: string;
  expected: string;
}

const show = (value: unknown): string => {
  // What lies in it may be nested deeper than JSON.stringify can follow.
  if (Array.isArray(value) && value.length > 0) return 'a list';
  if (isObject(value) && Object.keys(value).length > 0) return 'an object';
  const json = value instanceof JsonNumber ? value.text : (JSON.stringify(value) ?? String(value));
  return json.length > 60 ? `${json.slice(0, 57)}...` : json;
};

const hasType = (value: unknown, type: string): boolean => {
  if (type === 'integer') return Number.isSafeInteger(value);
  if (type === 'number') return typeof value === 'number' && Number.isFinite(value);
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isObject(value);
  if (type === 'null') return value === null;
  return typeof value === type;
};

/** What a schema asks for, in a few words. */
function describe(schema: Schema): string {
  if ('const' in schema) return show(schema.const);
  if (schema.enum) return `one of ${(schema.enum as string[]).join(', ')}`;
  if (schema.anyOf) return (schema.anyOf as Schema[]).map(describe).join(', or ');
  if (schema.pattern) return 'a hex address such as "0x7f0000001000"';
  if (schema.type === 'array') return `a list: each ${describe(schema.items as Schema)}`;
  const largest = schema.maximum ?? (schema.type === 'integer' ? Number.MAX_SAFE_INTEGER : undefined);
  const range = largest === undefined ? `of ${schema.minimum} or more` : `${schema.minimum} to ${largest}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type);
  return schema.minimum === undefined ? type : `${type} ${range}`;
}

/** The first thing in `value` that is not as `schema` says; `path` names the place. */
function check(value: unknown, schema: Schema, path: string): Problem | null {
  const wrong = (): Problem => ({ problem: `${path} is ${show(value)}`, expected: `${path}: ${describe(schema)}` });
  if ('const' in schema) return value === schema.const ? null : wrong();
  if (schema.enum) return (schema.enum as unknown[]).includes(value) ? null : wrong();
  if (schema.type === 'object') return isObject(value) ? checkObject(value, schema, path) : wrong();
  if (schema.anyOf) return (schema.anyOf as Schema[]).some((s) => check(value, s, path) === null) ? null : wrong();
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string];
  if (!types.some((type) => hasType(value, type))) return wrong();
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern as string).test(value)) return wrong();
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema as { minimum?: number; maximum?: number };
    if (value < minimum || value > maximum) return wrong();
  }
  if (!Array.isArray(value)) return null;
  for (const [i, item] of value.entries()) {
    const problem = check(item, schema.items as Schema, `${path}[${i}]`);
    if (problem) return problem;
  }
  return null;
}

function checkObject(value: Record<string, unknown>, schema: Schema, path: string): Problem | null {
  const properties = schema.properties as Record<string, Schema>;
  const names = Object.keys(properties);
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of Object.keys(value)) {
    if (Object.hasOwn(properties, name)) continue;
    const guess = nearest(name, names);
    const expected = guess ? `did you mean ${show(guess)}?` : `one of ${names.join(', ')}`;
    return { problem: `unknown property ${show(inside(name))}`, expected };
  }
  for (const name of schema.required as string[]) {
    if (value[name] === undefined) {
      return { problem: `${show(inside(name))} is missing`, expected: describe(properties[name]!) };
    }
  }
  for (const [name, given] of Object.entries(value)) {
    const problem = check(given, properties[name]!, inside(name));
    if (problem) return problem;
  }
  return checkOneRequired(value, schema);
}

/** `anyOf: [{required: [a]}, …]`: at least one of these must be there. */
function checkOneRequired(value: Record<string, unknown>, schema: Schema): Problem | null {
  const names = ((schema.anyOf ?? []) as { required: string[] }[]).flatMap((choice) => choice.required);
  if (names.length === 0 || names.some((name) => value[name] !== undefined)) return null;
  return { problem: 'it does not say what it is for', expected: `one of ${names.join(', ')}` };
}

/** The `id` of a command, as it is sent back; null: it has none that could be. */
export function commandId(id: unknown): CommandId | null {
  if (id instanceof JsonNumber) return id.isWhole ? { json: id.text } : null;
  return typeof id === 'string' || Number.isSafeInteger(id) ? (id as string | number) : null;
}

/** Is `value` a command? If not, what is wrong with it and what was expected. */
export function checkCommand(value: unknown): Checked {
  const commands = Object.keys(COMMANDS);
  const known = `{"cmd": ...} with one of ${commands.join(', ')}`;
  if (!isObject(value)) return { ok: false, problem: `${show(value)} is no object`, expected: known };
  const { cmd } = value;
  if (typeof cmd !== 'string') return { ok: false, problem: '"cmd" is missing or no string', expected: known };
  const schema = Object.hasOwn(COMMANDS, cmd) ? (COMMANDS as Record<string, Schema>)[cmd] : undefined;
  if (!schema) {
    const guess = nearest(cmd, commands);
    return { ok: false, problem: `unknown command ${show(cmd)}`, expected: guess ? `did you mean ${guess}?` : known };
  }
  const id = commandId(value.id);
  // A whole number of any size is an integer to the schema.
  const problem = check(id === null || typeof id !== 'object' ? value : { ...value, id: 0 }, schema, '');
  if (problem) return { ok: false, ...problem };
  return { ok: true, command: (id === null ? value : { ...value, id }) as unknown as Command };
}
