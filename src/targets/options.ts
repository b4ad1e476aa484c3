// Which target is asked for. Plain data: it crosses to the worker thread as it is.

export interface MockOptions {
  kind: 'mock';
  /** Name of a built-in scenario, or a path to a TOML file. */
  scenario: string;
  seed: number;
  /** Multiplies the rates of the scenario. */
  rate: number;
  /** Simulated time runs as fast as it is computed; the run depends on the seed alone. */
  virtualTime: boolean;
  /** Simulated time stops there, for a screen; null: nowhere. */
  pauseAtMs: number | null;
}

export interface SelftestOptions {
  kind: 'selftest';
  devices: number;
  /** Devices are PASID capable. */
  pasid: boolean;
  hwpt: 'paging' | 'nested';
  /** Faults are triggered as this scenario says; null: by key and command only. */
  scenario: string | null;
  seed: number;
  rate: number;
}

export type TargetOptions = MockOptions | SelftestOptions;
