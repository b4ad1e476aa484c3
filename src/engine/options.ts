// What an engine is started with. Plain data: it crosses to the worker thread as it is.
import type { ExitPlan, Rule } from '../protocol/messages.ts';
import type { TargetOptions } from '../targets/options.ts';

export type { TargetOptions };

export interface EngineOptions {
  target: TargetOptions;
  rules: Rule[];
  onExit: ExitPlan;
  readOnly: boolean;
  /** Records kept in the history. */
  history: number;
  /** Append-only file; null: kept in memory only (its last 1,000 entries). */
  journal: string | null;
  /** Whether faults, answers and attach changes are sent as they happen (headless), or only views (screen). */
  events: boolean;
  until: Until;
}

/** When the run ends by itself. The engine decides, in its own time, so that a simulated run ends at the same fault every time. */
export interface Until {
  /** Since the start. */
  durationMs: number | null;
  /** Groups read. */
  groups: number | null;
  /** Time without a new fault. */
  idleMs: number | null;
}

export const DEFAULT_HISTORY = 1_000_000;
