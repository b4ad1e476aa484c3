// What the engine and the front ends say to each other. In one process these objects cross a MessagePort; headless they
// are NDJSON, one object per line, and the same stream is the recording. Addresses are hex strings ("0x7f00"), times are
// seconds since the engine started, durations nanoseconds where the name ends in Ns. Each is defined once, in the files below:
// types, JSON Schema (schema.ts), the check of commands (validate.ts) and the tables of the docs (doc.ts) come from that.
// Only lists are values here, so that importing one of them, or a type, loads no definitions of messages.

export type * from './commands.ts';
export type * from './events.ts';
export type * from './handshake.ts';
export { SPOKEN } from './handshake.ts';
export type * from './local.ts';
export type * from './owner.ts';
export type * from './requests.ts';
export type * from './rows.ts';
export type * from './run.ts';
export type { EngineEvent } from './schema.ts';
export type * from './terms.ts';
export {
  ALARM_KINDS,
  FILTERED_LISTS,
  JOURNAL_ACTIONS,
  MOST_TRIGGERED,
  NOTICE_KINDS,
  POLICY_CHANGES,
  PROTOCOL,
  RECORD_STATES,
} from './terms.ts';
