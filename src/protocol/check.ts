// Checks a value against its definition: the few JSON Schema words that definitions use, with messages for people.
import { isObject } from '../text/is-object.ts';
import { JsonNumber } from '../text/json.ts';
import { nearest } from '../text/nearest.ts';
import { type Schema, TARGET } from './schema-parts.ts';

export interface Problem {
  problem: string;
  expected: string;
}

const arrayKind = (value: ArrayBufferView): string =>
  Object.prototype.toString.call(value).slice('[object '.length, -1);

export const show = (value: unknown): string => {
  if (ArrayBuffer.isView(value)) return `a ${arrayKind(value)}`;
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
  if (schema[TARGET]) return describe(schema[TARGET]);
  if (schema.typedArray) return `a ${schema.typedArray}`;
  if (schema.pattern) return 'a hex address such as "0x7f0000001000"';
  if (schema.type === 'array') return `a list: each ${describe(schema.items as Schema)}`;
  const largest = schema.maximum ?? (schema.type === 'integer' ? Number.MAX_SAFE_INTEGER : undefined);
  const range = largest === undefined ? `of ${schema.minimum} or more` : `${schema.minimum} to ${largest}`;
  const type = Array.isArray(schema.type) ? schema.type.join(' or ') : String(schema.type);
  return schema.minimum === undefined ? type : `${type} ${range}`;
}

interface ObjectSchema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  /** false: there are no others; left out: any. */
  readonly additionalProperties?: false | Schema;
}

/**
 * The first thing in `value` that is not as `schema` says; `path` names the place. Tolerant, it passes over properties that are
 * not in it: a newer version may have them.
 */
export function check(value: unknown, schema: Schema, path: string, tolerant = false): Problem | null {
  if (schema[TARGET]) return check(value, schema[TARGET], path, tolerant);
  const wrong = (): Problem => ({ problem: `${path} is ${show(value)}`, expected: `${path}: ${describe(schema)}` });
  // A typed array has no other names; looking for some would take time for each of its elements.
  if (ArrayBuffer.isView(value)) return arrayKind(value) === schema.typedArray ? null : wrong();
  if (schema.typedArray) return wrong();
  if ('const' in schema) return value === schema.const ? null : wrong();
  if (schema.enum) return (schema.enum as unknown[]).includes(value) ? null : wrong();
  if (schema.type === 'object') return isObject(value) ? checkObject(value, schema, path, tolerant) : wrong();
  if (schema.anyOf)
    return (schema.anyOf as Schema[]).some((s) => check(value, s, path, tolerant) === null) ? null : wrong();
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string];
  if (!types.some((type) => hasType(value, type))) return wrong();
  if (typeof value === 'string' && schema.pattern && !new RegExp(schema.pattern as string).test(value)) return wrong();
  if (typeof value === 'number') {
    const { minimum = -Infinity, maximum = Infinity } = schema as { minimum?: number; maximum?: number };
    if (value < minimum || value > maximum) return wrong();
  }
  if (!Array.isArray(value)) return null;
  for (const [i, item] of value.entries()) {
    const problem = check(item, schema.items as Schema, `${path}[${i}]`, tolerant);
    if (problem) return problem;
  }
  return null;
}

function checkObject(value: Record<string, unknown>, schema: Schema, path: string, tolerant: boolean): Problem | null {
  const { properties = {}, required = [], additionalProperties: others } = schema as ObjectSchema;
  const names = Object.keys(properties);
  const inside = (name: string): string => (path === '' ? name : `${path}.${name}`);
  for (const name of Object.keys(value)) {
    if (others !== false || tolerant || Object.hasOwn(properties, name)) continue;
    const guess = nearest(name, names);
    const expected = guess ? `did you mean ${show(guess)}?` : `one of ${names.join(', ')}`;
    return { problem: `unknown property ${show(inside(name))}`, expected };
  }
  for (const name of required) {
    if (value[name] === undefined) {
      return { problem: `${show(inside(name))} is missing`, expected: describe(properties[name]!) };
    }
  }
  for (const [name, given] of Object.entries(value)) {
    const expected = Object.hasOwn(properties, name) ? properties[name] : others;
    const problem = expected ? check(given, expected, inside(name), tolerant) : null;
    if (problem) return problem;
  }
  return checkOneRequired(value, schema);
}

/** `anyOf: [{required: [a]}, …]`: at least one of these must be there. */
function checkOneRequired(value: Record<string, unknown>, schema: Schema): Problem | null {
  const names = ((schema.anyOf ?? []) as { required: string[] }[]).flatMap((choice) => choice.required);
  if (names.length === 0 || names.some((name) => value[name] !== undefined)) return null;
  return { problem: 'it has no target', expected: `one of ${names.join(', ')}` };
}
