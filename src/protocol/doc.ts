// docs/protocol.md, and the tables of docs/headless.md: the definitions, for people.
import { COMMANDS } from './commands.ts';
import { MESSAGES, ROWS } from './schema.ts';
import type { Schema } from './schema-parts.ts';

const code = (text: string): string => `\`${text}\``;
const row = (...cells: string[]): string => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
const about = (schema: Schema): string => (schema.description as string | undefined) ?? '';
const linked = (ref: string): string => {
  const name = ref.replace('#/$defs/', '');
  return `[${name}](#part-${name.toLowerCase()})`;
};

/** Whole numbers begin at 0; this says where bounds differ. */
function range({ minimum, maximum }: Schema): string {
  if (maximum !== undefined) return `, ${minimum} to ${Number(maximum).toLocaleString('en-US')}`;
  return minimum === undefined ? ', may be negative' : '';
}

/** The values of a schema, in a few words. */
function kindOf(schema: Schema): string {
  if ('const' in schema) return code(JSON.stringify(schema.const));
  if (schema.enum) return (schema.enum as string[]).map((value) => code(value)).join(', ');
  if (schema.anyOf) return (schema.anyOf as Schema[]).map(kindOf).join(' or ');
  if (schema.$ref) return linked(schema.$ref as string);
  if (schema.pattern) return 'hex string';
  if (Array.isArray(schema.type)) return schema.type.map((type) => kindOf({ type, minimum: 0 })).join(' or ');
  switch (schema.type) {
    case 'array':
      return `list of ${kindOf(schema.items as Schema)}`;
    case 'integer':
      return `whole number${range(schema)}`;
    case 'number':
      return `number${range(schema)}`;
    case 'object':
      return 'properties' in schema ? 'object' : `object of ${kindOf(schema.additionalProperties as Schema)}`;
    default:
      return schema.type === 'boolean' ? 'true or false' : String(schema.type);
  }
}

/** The object in a schema that has one: its own, the one of a list's items, or the one that may be null. */
function inside(schema: Schema): { schema: Schema; suffix: string } | null {
  if (schema.properties) return { schema, suffix: '' };
  if (schema.type === 'array') {
    const found = inside(schema.items as Schema);
    return found && { ...found, suffix: `[]${found.suffix}` };
  }
  for (const choice of (schema.anyOf ?? []) as Schema[]) {
    const found = inside(choice);
    if (found) return found;
  }
  return null;
}

/** A row for each field of an object, and for those of the objects in it. */
function fieldRows(schema: Schema, before = ''): string[] {
  const required = schema.required as string[];
  return Object.entries(schema.properties as Record<string, Schema>).flatMap(([name, field]) => {
    const path = `${before}${name}`;
    const within = inside(field);
    const own = row(code(path), required.includes(name) ? '' : 'optional', kindOf(field), about(field));
    return within ? [own, ...fieldRows(within.schema, `${path}${within.suffix}.`)] : [own];
  });
}

function section(name: string, schema: Schema): string[] {
  const description = about(schema);
  return [
    `### ${name}`,
    '',
    ...(description === '' ? [] : [description, '']),
    row('Field', '', 'Value', 'Meaning'),
    row('---', '---', '---', '---'),
    ...fieldRows(schema),
    '',
  ];
}

const PAGE = `# The messages, field by field

\`npm run build\` generates this page from the definitions in \`src/protocol\`. [headless.md](headless.md) explains how the
messages are used; \`schema/iopftop-1.schema.json\` has the same definitions as JSON Schema. Whole numbers are 0 to 2^53 - 1
unless stated otherwise. A hex string looks like \`"0x7f00"\`.
`;

/** The text of docs/protocol.md. */
export const protocolPage = (): string =>
  [
    PAGE,
    '## Messages',
    '',
    ...Object.entries(MESSAGES).flatMap(([name, schema]) => section(name, schema)),
    '## Commands',
    '',
    ...Object.entries(COMMANDS).flatMap(([name, { description, ...schema }]: [string, Schema]) =>
      section(`command: ${name}`, schema),
    ),
    '## Shared parts',
    '',
    ...ROWS.flatMap(({ name, schema }) => section(`part: ${name}`, schema)),
  ].join('\n');

const anchored = (name: string): string => `[\`${name}\`](protocol.md#${name})`;

/** The tables of docs/headless.md, by the name that their place in it has. */
export const HEADLESS_TABLES: Readonly<Record<string, () => string[]>> = {
  messages: () => [
    row('message', 'when'),
    row('---', '---'),
    ...Object.entries(MESSAGES).map(([name, schema]) => row(anchored(name), about(schema))),
  ],
  commands: () => [
    row('command', ''),
    row('---', '---'),
    ...Object.values(COMMANDS).map((schema: Schema) =>
      row((schema.examples as object[]).map((example) => code(JSON.stringify(example))).join(', '), about(schema)),
    ),
  ],
};

/** `page` with its tables regenerated: each is between `<!-- made: NAME -->` and `<!-- end -->`. */
export function withTables(page: string, tables = HEADLESS_TABLES): string {
  return page.replace(/(<!-- made: (\w+) -->\n)[\s\S]*?(<!-- end -->)/g, (_, begin, name, end) => {
    const made = tables[name];
    if (!made) throw new Error(`docs: no table is called ${name}`);
    return `${begin}\n${made().join('\n')}\n\n${end}`;
  });
}
