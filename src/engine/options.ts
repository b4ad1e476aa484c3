// The options of an engine. Plain data, sent to the worker thread unchanged.
import type { ExitPlan, Rule } from '../protocol/messages.ts';
import type { MockPlay, SourceOptions } from '../sources/options.ts';

export type { MockPlay, SourceOptions };

/** Which listener of a run: the front end that it was started for is 0, those that join get their own numbers. */
export type SubscriberId = number;
export const FIRST: SubscriberId = 0;

export interface EngineOptions {
  source: SourceOptions;
  rules: Rule[];
  /** Where they come from, as text for the journal; absent: there are none. */
  rulesFrom?: string;
  onExit: ExitPlan;
  readOnly: boolean;
  /** Rules decide and are counted, but answer nothing. */
  dryRun: boolean;
  alarms: AlarmThresholds;
  /** Records kept in the history. */
  history: number;
  /** The name of what `iopftop exec` starts: it may outlive us. Absent: nothing. */
  command?: string;
  /** Append-only file; null: kept in memory only (its last 1,000 entries). */
  journal: string | null;
  /** Whether its own front end gets faults, answers and alarms as they happen (headless), or in views (screen). */
  events: boolean;
  until: Until;
  /** CEL conditions over the summary, judged at the end. */
  expect?: readonly string[];
  /** What to report about the configuration at the start. */
  notice?: string;
}

/** When an alarm is raised; null: never. */
export interface AlarmThresholds {
  /** Pending groups. */
  pending: number | null;
  /** Age of the oldest pending group. */
  oldestMs: number | null;
  /** Faults per second, all devices. */
  rate: number | null;
  /** Faults at one page, of one device and PASID, each after the previous one was answered SUCCESS. */
  refault: number | null;
  /**
   * Losses in the last minute: faults, answers and messages of the stream that a slow reader did not get, and entries that the
   * journal's file did not get.
   */
  dropped: number | null;
}

export const DEFAULT_ALARMS: AlarmThresholds = {
  pending: 1_000,
  oldestMs: 10_000,
  rate: null,
  refault: 8,
  dropped: 1,
};

/**
 * When the run ends by itself. The engine decides, in its own time, so that a simulated run ends at the same fault every time.
 */
export interface Until {
  /** Since the start. */
  durationMs: number | null;
  /** Groups read. */
  groups: number | null;
  /** Time without a new fault. */
  idleMs: number | null;
}

export const DEFAULT_HISTORY = 1_000_000;
