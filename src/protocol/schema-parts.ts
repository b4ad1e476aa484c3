// The few words that messages, commands and rows are defined with. Each gives a plain JSON Schema (2020-12) whose TypeScript
// type is known, so that a definition is all three: type (`Static`), schema, and what a value is checked against.

declare const TYPE: unique symbol;

/** Where a reference leads: for the checker; it is not in the JSON. */
export const TARGET = Symbol('target');

export interface Schema<T = unknown> {
  readonly [key: string]: unknown;
  readonly [TYPE]?: T;
  readonly [TARGET]?: Schema<T>;
}

/** The type of what a schema describes. */
export type Static<S> = S extends Schema<infer T> ? T : never;

type Flat<T> = { [K in keyof T]: T[K] };
export type Fields = Readonly<Record<string, Schema>>;
/** A name that ends in `?` may be left out. */
type ObjectOf<F> = Flat<
  { -readonly [K in keyof F as K extends `${string}?` ? never : K]: Static<F[K]> } & {
    -readonly [K in keyof F as K extends `${infer Name}?` ? Name : never]?: Static<F[K]>;
  }
>;

export const int: Schema<number> = { type: 'integer', minimum: 0 };
/** May be negative. */
export const anyInt: Schema<number> = { type: 'integer' };
export const number: Schema<number> = { type: 'number', minimum: 0 };
/** May be negative. */
export const anyNumber: Schema<number> = { type: 'number' };
export const text: Schema<string> = { type: 'string' };
export const bool: Schema<boolean> = { type: 'boolean' };
export const hex: Schema<`0x${string}`> = { type: 'string', pattern: '^0x[0-9a-f]{1,16}$' };

export function upTo(maximum: number, minimum = 0): Schema<number> {
  return { type: 'integer', minimum, maximum };
}
export const u32 = upTo(0xffffffff);

/** The same schema with a description; its unit, if it has one, follows. */
export function described<T>(description: string, schema: Schema<T>): Schema<T> {
  const unit = schema.description === undefined ? '' : ` (${schema.description})`;
  return { ...schema, description: description + unit };
}

export function orNull<T>(schema: Schema<T>): Schema<T | null> {
  const { description, ...bare } = schema;
  // The description of an object stays with the object; the description of a value covers null, too.
  if (schema.type === 'object' || description === undefined) return { anyOf: [schema, { type: 'null' }] };
  return { anyOf: [bare, { type: 'null' }], description };
}

export function oneOf<const T extends readonly string[]>(...values: T): Schema<T[number]> {
  return { enum: values };
}

export function list<T>(items: Schema<T>): Schema<T[]> {
  return { type: 'array', items };
}

/** An object with any names. */
export function record<T>(values: Schema<T>): Schema<Record<string, T>> {
  return { type: 'object', additionalProperties: values };
}

export function the<const T extends string | boolean>(value: T): Schema<T> {
  return { const: value };
}

export function either<A, B>(a: Schema<A>, b: Schema<B>): Schema<A | B> {
  return { anyOf: [a, b] };
}

/** An object with these properties and no others. A name that ends in `?` may be left out. */
export function object<F extends Fields>(fields: F, description?: string): Schema<ObjectOf<F>> {
  const entries = Object.entries(fields);
  return {
    ...(description === undefined ? {} : { description }),
    type: 'object',
    properties: Object.fromEntries(entries.map(([name, schema]) => [name.replace('?', ''), schema])),
    required: entries.map(([name]) => name).filter((name) => !name.endsWith('?')),
    additionalProperties: false,
  };
}

/** An object with these properties, and any others. */
export function openObject<F extends Fields>(fields: F, description: string) {
  const { additionalProperties, ...open } = object(fields, description);
  return open as Schema<ObjectOf<F> & { [detail: string]: unknown }>;
}

/** Typed arrays. JSON has none (framing.ts takes them across a pipe). */
export interface TypedArrays {
  Uint8Array: Uint8Array;
  Uint32Array: Uint32Array;
  Float64Array: Float64Array;
}

export function typed<K extends keyof TypedArrays>(kind: K): Schema<TypedArrays[K]> {
  return { typedArray: kind };
}

/** A schema that others refer to by its name, one of $defs. */
export interface Definition<T = unknown> {
  readonly name: string;
  readonly schema: Schema<T>;
  readonly ref: Schema<T>;
}

export function define<T>(name: string, schema: Schema<T>): Definition<T> {
  return { name, schema, ref: { $ref: `#/$defs/${name}`, [TARGET]: schema } };
}
