// What an engine is started with. Plain data: it crosses to the worker thread as it is.
import type { ExitPlan, Rule } from '../protocol/messages.ts';
import type { MockPlay, SourceOptions } from '../sources/options.ts';

export type { MockPlay, SourceOptions };

/** Which of those that listen to a run: the front end that it was started for is 0, those that join get numbers of their own. */
export type SubscriberId = number;
export const FIRST: SubscriberId = 0;

export interface EngineOptions {
  source: SourceOptions;
  rules: Rule[];
  /** Where they come from, in words, for the journal; absent: there are none. */
  rulesFrom?: string;
  onExit: ExitPlan;
  readOnly: boolean;
  /** Rules decide and are counted, and nothing is answered by them. */
  dryRun: boolean;
  alarms: AlarmThresholds;
  /** Records kept in the history. */
  history: number;
  /** What `iopftop exec` starts, by its name: it may outlive us. Absent: nothing. */
  command?: string;
  /** Append-only file; null: kept in memory only (its last 1,000 entries). */
  journal: string | null;
  /** Whether its own front end is sent faults, answers and alarms as they happen (headless), or has them in views (screen). */
  events: boolean;
  until: Until;
  /** CEL conditions over the summary, judged at the end. */
  expect?: readonly string[];
  /** What is to be said of the configuration at the start. */
  notice?: string;
}

/** When an alarm is raised; null: never. */
export interface AlarmThresholds {
  /** Pending groups. */
  pending: number | null;
  /** Age of the oldest pending group. */
  oldestMs: number | null;
  /** Faults a second, all devices. */
  rate: number | null;
  /** Faults at one page, of one device and PASID, each after the one before was answered SUCCESS. */
  refault: number | null;
  /**
   * What was lost in the last minute of what somebody wants to have: faults, answers and messages of the stream that a slow
   * reader did not get, and entries that the journal's file did not.
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
