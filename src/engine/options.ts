// What an engine is started with. Plain data: it crosses to the worker thread as it is.
import type { ExitPlan, Rule } from '../protocol/messages.ts';

export type TargetOptions =
  | {
      kind: 'mock';
      /** Name of a built-in scenario, or a path to a TOML file. */
      scenario: string;
      seed: number;
      /** Multiplies the rates of the scenario. */
      rate: number;
      /** Simulated time runs as fast as it is computed; the run depends on the seed alone. */
      virtualTime: boolean;
    }
  | {
      kind: 'selftest';
      devices: number;
      /** Devices are PASID capable. */
      pasid: boolean;
      hwpt: 'paging' | 'nested';
      /** Faults are triggered as this scenario says; null: by key and command only. */
      scenario: string | null;
      seed: number;
      rate: number;
    };

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
