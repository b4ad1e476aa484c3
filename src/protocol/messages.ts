// What the engine and the front ends say to each other. In one process these objects cross a MessagePort; headless they
// are NDJSON, one object a line, and the same stream is the recording. Addresses are hex strings ("0x7f00"), times are
// seconds since the engine started, durations nanoseconds where the name ends in Ns. schema.ts holds the JSON Schema.

export * from './commands.ts';
export * from './events.ts';
export * from './local.ts';
export * from './owner.ts';
export * from './rows.ts';
export * from './terms.ts';
