// The few words that the message schemas are written with. Each gives a plain JSON Schema (2020-12).

export type Schema = { readonly [key: string]: unknown };

export const int: Schema = { type: 'integer', minimum: 0 };
export const number: Schema = { type: 'number', minimum: 0 };
export const text: Schema = { type: 'string' };
export const bool: Schema = { type: 'boolean' };
export const hex: Schema = { type: 'string', pattern: '^0x[0-9a-f]{1,16}$' };

export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] });
export const oneOf = (...values: string[]): Schema => ({ enum: values });
export const list = (items: Schema): Schema => ({ type: 'array', items });
/** An object with any names. */
export const record = (values: Schema): Schema => ({ type: 'object', additionalProperties: values });
export const the = (value: string): Schema => ({ const: value });
/** A reference to one of $defs. */
export const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });

/** An object with these properties and no others. A name that ends in `?` may be left out. */
export function object(properties: Record<string, Schema>, description?: string): Schema {
  const entries = Object.entries(properties);
  return {
    ...(description === undefined ? {} : { description }),
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

export const perm: Schema = list(oneOf('read', 'write', 'exec', 'priv'));
export const answer: Schema = oneOf('success', 'invalid');
export const verdict: Schema = oneOf('success', 'invalid', 'map', 'hold');
export const exitPlan: Schema = oneOf('hold', 'invalid', 'success');
export const cause: Schema = oneOf('key', 'rule', 'script', 'scenario', 'exit');
