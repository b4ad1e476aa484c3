// The JSON Schema of the configuration file, from the same tables as its checker. What a schema cannot say, whether a
// condition compiles and whether two actions share a key, is left to `iopftop config check`.
import { FILTERED_LISTS } from '../../protocol/messages.ts';
import { VERDICTS } from '../../protocol/verdicts.ts';
import { DURATION_PATTERN, LONGER_PATTERN } from '../../text/duration.ts';
import { NEEDED } from '../../ui/model/keymap.ts';
import { KEYS } from '../../ui/model/keys.ts';
import type { Option } from '../option.ts';
import { CONFIGURABLE } from '../options.ts';
import { ALARM_KEYS, type AlarmKey, alarmToml, OFF } from './alarms.ts';
import { KEY_PATTERN } from './keys.ts';

type Schema = Record<string, unknown>;

const text: Schema = { type: 'string', minLength: 1 };

function table(properties: Record<string, Schema>, rest: Schema = {}): Schema {
  return { type: 'object', properties, additionalProperties: false, ...rest };
}

function valueSchema({ kind, choices, min, max }: Option): Schema {
  switch (kind) {
    case 'flag':
      return { type: 'boolean' };
    case 'choice':
      return { enum: [...(choices ?? [])] };
    case 'integer':
    case 'number':
      return { type: kind, minimum: min, maximum: max };
    case 'duration':
      return { type: 'string', pattern: DURATION_PATTERN };
    default:
      return text;
  }
}

const fallbackOf = ({ kind, default: fallback }: Option): Schema => {
  if (kind === 'flag') return { default: false };
  if (fallback === undefined) return {};
  return { default: kind === 'integer' || kind === 'number' ? Number(fallback) : fallback };
};

const optionsAt = (place: Option['config']): Record<string, Schema> =>
  Object.fromEntries(
    CONFIGURABLE.filter(({ config }) => config === place).map((option) => [
      option.name,
      { description: option.describe, ...valueSchema(option), ...fallbackOf(option) },
    ]),
  );

function threshold(alarm: AlarmKey): Schema {
  const { kind, describe } = alarm;
  const never: Schema = { enum: [false, OFF] };
  const value: Schema =
    kind === 'duration'
      ? { type: 'string', pattern: LONGER_PATTERN }
      : { type: kind, minimum: kind === 'integer' ? 1 : 0.001 };
  return { description: describe, anyOf: [never, value], default: JSON.parse(alarmToml(alarm)) };
}

const key: Schema = { type: 'string', pattern: KEY_PATTERN };

const keysOf = (id: string, help: string): Schema => ({
  description: help,
  anyOf: [key, { type: 'array', items: key, ...(NEEDED.includes(id) ? { minItems: 1 } : {}) }],
});

const rule: Schema = table(
  {
    name: { type: 'string', description: 'Shown in the journal' },
    when: { type: 'string', description: 'A CEL expression over the group; without one the rule matches every group' },
    then: { enum: [...VERDICTS] },
    after: {
      type: 'string',
      pattern: DURATION_PATTERN,
      description: 'Answer only when the group has waited this long',
    },
    enabled: { type: 'boolean', default: true },
  },
  {
    required: ['then'],
    // `hold` waits without end
    if: { properties: { then: { const: 'hold' } } },
    then: { properties: { after: { type: 'string', pattern: '^\\s*0+(\\.0+)?\\s*(ms|s|m|min|h)?\\s*$' } } },
  },
);

const filter: Schema = table(
  {
    list: { enum: [...FILTERED_LISTS], description: 'Without it the filter applies to pending groups and the stream' },
    when: { type: 'string', pattern: '\\S', description: 'A CEL expression' },
  },
  { required: ['when'] },
);

/** The schema, in draft 2020-12. */
export const configSchema = (): Schema => ({
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Configuration file of iopftop',
  ...table(
    {
      ...optionsAt('top'),
      alarms: table({
        ...Object.fromEntries(ALARM_KEYS.map((alarm) => [alarm.key, threshold(alarm)])),
        ...optionsAt('alarms'),
      }),
      keys: table(Object.fromEntries(KEYS.map(({ id, help }) => [id, keysOf(id, help)]))),
      filters: { type: 'object', additionalProperties: filter },
      rules: { type: 'array', items: rule },
    },
    { not: { required: ['answer', 'rules'] } },
  ),
});

export const configSchemaText = (): string => `${JSON.stringify(configSchema(), null, 2)}\n`;
