/** What chooses the long forms; CONTRIBUTING.md says what each means. */
export const LONG = {
  IOPFTOP_DIFF_CALLS: '10000000',
  IOPFTOP_MUTATIONS: 'all',
  IOPFTOP_SIM_SEEDS: '100000',
  IOPFTOP_USE_SEEDS: '10000',
  IOPFTOP_LATE_SEEDS: '2000',
  IOPFTOP_FUZZ_RUNS: '20000',
  IOPFTOP_SOAK: 'full',
  IOPFTOP_CRASHES: 'all',
};
