// A scenario: devices, what they do, and what is done to them. Durations are nanoseconds.

/** What makes a page present when the device tries again after a SUCCESS. */
export type Resolve = 'mapped' | 'guest';

/** What a device does if it was not answered in time. */
export type OnTimeout = 'hang' | 'abandon' | 'reset';

export type WorkloadKind = 'steady' | 'burst' | 'stuck' | 'refault' | 'pasid-storm' | 'multi-page';

/** How page request group indexes are chosen: the lowest that is free, each in turn, or always the same one. */
export type GrpidPolicy = 'lowest' | 'rotate' | 'same';

export interface Workload {
  readonly kind: WorkloadKind;
  /** Nothing before this, from the start of the scenario. */
  readonly start: bigint;
  /** Groups per second, on average (steady, refault, pasid-storm, multi-page). */
  readonly rate: number;
  /** Between bursts, and between the answer to a stuck group and the next one. */
  readonly every: bigint;
  /** Groups of a burst; of stuck and refault, groups that are under way at once. */
  readonly count: number;
  /** Pages that it works on, from `base` on. */
  readonly pages: number;
  /** Records of a group: the fewest and the most. */
  readonly groupPages: readonly [number, number];
  /** Address of the first page. */
  readonly base: bigint;
  /** PgfaultPerm bits, one of which is chosen for each group. */
  readonly perms: readonly number[];
  /** 0: without a PASID. One of these is chosen for each group. */
  readonly pasids: readonly number[];
  readonly grpid: GrpidPolicy;
}

export interface ScenarioDevice {
  readonly name: string;
  /** Whether it has PASIDs. */
  readonly pasid: boolean;
  /** The fault-capable HWPT that it is attached to. */
  readonly hwpt: 'paging' | 'nested';
  /** PASIDs to attach, each to the device's HWPT. */
  readonly pasids: readonly number[];
  /** PASIDs of SVA bonds: the kernel answers their faults itself. */
  readonly sva: readonly number[];
  /** Groups that may wait for an answer at once (PRI's outstanding page request allocation). */
  readonly credits: number;
  readonly resolve: Resolve;
  /** From a SUCCESS to the next access. */
  readonly retryDelay: bigint;
  /** From an INVALID, or a reset, to the next job. */
  readonly pause: bigint;
  /** How long it waits for an answer; null: for ever. */
  readonly timeout: bigint | null;
  readonly onTimeout: OnTimeout;
  readonly workloads: readonly Workload[];
}

export interface ScenarioEvent {
  /** From the start of the scenario. */
  readonly at: bigint;
  readonly action: 'detach' | 'replace';
  /** Name of the device. */
  readonly device: string;
  /** null: the device itself. */
  readonly pasid: number | null;
  /** Repeated after this long; null: once. */
  readonly every: bigint | null;
}

export interface Scenario {
  readonly name: string;
  readonly description: string;
  readonly devices: readonly ScenarioDevice[];
  readonly events: readonly ScenarioEvent[];
}
