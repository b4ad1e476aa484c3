// What crosses the port to a front end in the same process only: undecoded records, views, and the flow of both.
import type { Command } from './commands.ts';
import type { EngineEvent, Snapshot } from './events.ts';
import type { Answer, Cause } from './terms.ts';

/**
 * Records as they were read, before anybody has decoded them: what the engine hands to a front end in the same process.
 * The NDJSON front end makes `fault` or `group` messages of it (see expand.ts). Not part of the NDJSON stream.
 */
export interface Batch {
  type: 'batch';
  t: number;
  queue: number;
  /** Sequence number of the first record. */
  firstSeq: number;
  /** Number of the first group; groups in a batch are whole and consecutive. */
  firstGroup: number;
  /** records × 40 bytes, iommu_hwpt_pgfault. */
  records: Uint8Array;
}

/**
 * Answers given with one write(): one code, cause and latency for all of them. The NDJSON front end makes an `answer` of
 * each (see expand.ts). Not part of the NDJSON stream.
 */
export interface AnswerBatch {
  type: 'answers';
  t: number;
  queue: number;
  code: Answer;
  cause: Cause;
  rule: string | null;
  result: 'ok' | 'gone';
  groups: Float64Array;
  /** Read-to-answer time of each group. */
  latencyNs: Float64Array;
  cookies: Uint32Array;
  devIds: Uint32Array;
  /** -1 without PASID. */
  pasids: Float64Array;
}

/**
 * End of a packet of events. The front end answers `{control: 'seen', what: 'events'}` once it has put them where they
 * go; until then the engine holds back further ones (bounded: `dropped`). Not part of the NDJSON stream.
 */
export interface Flush {
  type: 'flush';
}

/** The part of the stream that a screen shows, undecoded. Not part of the NDJSON stream. */
export interface StreamWindow {
  /** Sequence number of the first record of the window. */
  first: number;
  /** Oldest and newest record held; 0 when there is none. */
  oldest: number;
  newest: number;
  /** n × 40 bytes, iommu_hwpt_pgfault. */
  records: Uint8Array;
  /** n arrival times, seconds since the start. */
  arrived: Float64Array;
  /** n group numbers. */
  groups: Float64Array;
  /** n states: index into RECORD_STATES. */
  states: Uint8Array;
}

/** auto: the kernel answered INVALID. */
export const RECORD_STATES = ['pending', 'success', 'invalid', 'auto'] as const;
export type RecordState = (typeof RECORD_STATES)[number];

/** A snapshot for a screen: with the window it asked for. */
export interface View {
  type: 'view';
  snapshot: Snapshot;
  stream: StreamWindow;
}

/** All that crosses the port to a front end in the same process. */
export type FromEngine = EngineEvent | Batch | AnswerBatch | View | Flush;

/**
 * What a screen shows: so many rows of the stream ending at `streamEnd` (null: the newest), so many pending groups from
 * `pendingFirst` in order of age. Views come at most `perSecond` times a second, each after the one before was seen.
 */
export interface WindowRequest {
  control: 'window';
  streamRows: number;
  streamEnd: number | null;
  pendingRows: number;
  pendingFirst: number;
  perSecond: number;
}

/** The view, or the packet of events that ended with `flush`, has been taken: send more. */
export interface Seen {
  control: 'seen';
  what: 'view' | 'events';
}

/** What a front end in the same process sends. `cause` says on whose behalf: a key of the screen or a line of a script. */
export type ToEngine = { command: Command; cause: 'key' | 'script' } | WindowRequest | Seen;
