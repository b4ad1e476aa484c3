// All definitions together: the messages of the output, and the JSON Schema of both directions. The build writes
// schema/iopftop-1.schema.json from it.
import { COMMANDS } from './commands.ts';
import * as events from './events.ts';
import { ownerQueueRow, ownerRow, rescueReport } from './owner.ts';
import * as rows from './rows.ts';
import { hello, rescue, snapshot, summary } from './run.ts';
import { type Definition, define, type Schema, type Static } from './schema-parts.ts';

/** The messages of the output, by their `type`. */
export const MESSAGES = {
  hello,
  fault: events.fault,
  group: events.groupMessage,
  answer: events.answerMessage,
  verdict: events.verdictMessage,
  'auto-responded': events.autoResponded,
  attachment: events.attachment,
  error: events.errorMessage,
  done: events.done,
  notice: events.notice,
  policy: events.policy,
  dropped: events.dropped,
  alarm: events.alarmMessage,
  snapshot,
  summary,
};
export type EngineEvent = Static<(typeof MESSAGES)[keyof typeof MESSAGES]>;

/** What messages and commands refer to. */
export const ROWS: readonly Definition[] = [
  rows.ruleDefinition,
  rows.ruleRow,
  rows.counters,
  rows.latency,
  rows.attachmentRow,
  rows.deviceRow,
  rows.queueRow,
  ownerQueueRow,
  ownerRow,
  rescueReport,
  rows.formerRun,
  rows.journalEntry,
  rows.hwptRow,
  rows.pendingRow,
  rows.alarm,
  rows.trend,
  rows.statistics,
];

const named = (prefix: string, schemas: Record<string, Schema>): Definition[] =>
  Object.entries(schemas).map(([name, schema]) => define(`${prefix}-${name}`, schema));
const choiceOf = (definitions: Definition[]): Schema => ({ oneOf: definitions.map(({ ref }) => ref) });

const messages = named('message', MESSAGES);
const commands = named('command', COMMANDS);

/** A line of the output is valid against the root, a line of the input against #/$defs/command. */
export const SCHEMA: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  $id: 'urn:iopftop:1',
  title: 'iopftop/1: one line of `iopftop --headless`',
  ...choiceOf(messages),
  $defs: {
    ...Object.fromEntries([...ROWS, ...messages, ...commands].map(({ name, schema }) => [name, schema])),
    command: choiceOf(commands),
    rescue,
  },
};

/** The text of schema/iopftop-1.schema.json. */
export const schemaText = (): string => `${JSON.stringify(SCHEMA, null, 2)}\n`;
