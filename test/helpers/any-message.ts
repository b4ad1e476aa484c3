// Arbitrary values of a definition: whatever it allows, so that what is defined anew is tried without a word here.
import fc from 'fast-check';
import { type Schema, type Static, TARGET } from '../../src/protocol/schema-parts.ts';

const HEX = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map((n) => `0x${n.toString(16)}`);
/** Also what is no character, what JSON escapes, and names that objects have of themselves. */
const TEXT = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.constantFrom('', '__proto__', 'constructor', '\ud800', '\0\x1b[2J', '"\\', '[{'),
);
const ARRAYS: Record<string, fc.Arbitrary<unknown>> = {
  Uint8Array: fc.uint8Array({ maxLength: 90 }),
  Uint32Array: fc.uint32Array({ maxLength: 20 }),
  Float64Array: fc.float64Array({ maxLength: 20 }),
};
/** JSON has no -0. */
const finite = (min: number): fc.Arbitrary<number> =>
  fc.double({ min, noNaN: true, noDefaultInfinity: true }).map((value) => value + 0);

function scalar(type: string, { minimum, maximum, pattern }: Schema): fc.Arbitrary<unknown> {
  const min = (minimum as number | undefined) ?? -1_000;
  switch (type) {
    case 'integer':
      return fc.maxSafeInteger().map((n) => Math.max(min, Math.min((maximum as number | undefined) ?? n, n)) + 0);
    case 'number':
      return finite(min);
    case 'boolean':
      return fc.boolean();
    case 'null':
      return fc.constant(null);
    default:
      return pattern ? HEX : TEXT;
  }
}

function objectOf(schema: Schema): fc.Arbitrary<unknown> {
  const {
    properties = {},
    required = [],
    additionalProperties,
  } = schema as {
    properties?: Record<string, Schema>;
    required?: string[];
    additionalProperties?: false | Schema;
  };
  const members = Object.fromEntries(Object.entries(properties).map(([name, member]) => [name, anyOf(member)]));
  const own = fc.record(members, { requiredKeys: required, noNullPrototype: true });
  if (additionalProperties === false) return own;
  const free = TEXT.filter((name) => !Object.hasOwn(properties, name) && name !== '__proto__');
  const others = fc.dictionary(free, additionalProperties ? anyOf(additionalProperties) : fc.integer(), { maxKeys: 3 });
  return fc.tuple(own, others).map(([a, b]) => ({ ...b, ...(a as object) }));
}

/** Values that are as `schema` says. */
export function anyOf<S extends Schema>(schema: S): fc.Arbitrary<Static<S>> {
  return arbitrary(schema) as fc.Arbitrary<Static<S>>;
}

function arbitrary(schema: Schema): fc.Arbitrary<unknown> {
  if (schema[TARGET]) return anyOf(schema[TARGET]);
  if ('const' in schema) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...(schema.enum as string[]));
  if (schema.typedArray) return ARRAYS[schema.typedArray as string]!;
  if (schema.type === 'object') return objectOf(schema);
  if (schema.anyOf) return fc.oneof(...(schema.anyOf as Schema[]).map(anyOf));
  if (schema.type === 'array') return fc.array(anyOf(schema.items as Schema), { maxLength: 3 });
  const types = Array.isArray(schema.type) ? (schema.type as string[]) : [schema.type as string];
  return fc.oneof(...types.map((type) => scalar(type, schema)));
}
