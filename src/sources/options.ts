// The requested source. Plain data, sent to the worker thread unchanged.

/** How the simulated kernel's devices behave. */
export interface MockPlay {
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

export interface MockOptions extends MockPlay {
  kind: 'mock';
}

export interface SelftestOptions {
  kind: 'selftest';
  devices: number;
  /** PASIDs to attach; with any the devices are made PASID capable. */
  pasids: readonly number[];
  hwpt: 'paging' | 'nested';
  /** Faults are triggered as this scenario says; null: by key and command only. */
  scenario: string | null;
  seed: number;
  rate: number;
}

/** Devices of this host by their VFIO character devices: on the running kernel, or on the machine that sim plays. */
export interface HostOptions {
  kind: 'host';
  /** Not null: the simulated machine; the devices of this scenario play behind those of `devices`, in order. */
  mock: MockPlay | null;
  /** Each a PCI address (0000:17:00.0, 17:00.0), another name on a bus, vfioN, or a path in /dev/vfio/devices. */
  devices: readonly string[];
  /** Bind those that another driver has to vfio-pci (driver_override), and give them back at the end. */
  bind: boolean;
  /** Of these, those that `bind` takes although an unseen user may exist. */
  force: readonly string[];
  hwpt: 'paging' | 'nested';
  /** PASIDs to attach too. */
  pasids: readonly number[];
  /** Memory to map before the attach. */
  ranges: readonly IovaRange[];
  /** Devices that cannot fault are attached anyway, without a fault object. */
  withoutFaults: boolean;
  /** First undo what a dead iopftop left behind; not if nothing may be changed. */
  recover: boolean;
}

/** Bytes; both multiples of 4,096. */
export interface IovaRange {
  iova: bigint;
  length: bigint;
}

/** The fault queues of another process. */
export interface ProcessOptions {
  kind: 'process';
  pid: number;
  /** Take its queues over at the start. */
  take: boolean;
  /** First undo what a dead iopftop left behind; not if nothing may be changed. */
  recover: boolean;
}

/** Descriptors that are open in this process (inherited), or that others hand over through a socket. */
export interface HandedOptions {
  kind: 'handed';
  /** One for each --fault-fd, in order. */
  faultFds: readonly number[];
  iommufd: number | null;
  /** VFIO devices, bound to the iommufd; the device id where it was given (`--device-fd 5:3`). */
  deviceFds: readonly { fd: number; devId: number | null }[];
  /** Path of the socket, null: none. */
  listen: string | null;
}

export type SourceOptions = MockOptions | SelftestOptions | HostOptions | ProcessOptions | HandedOptions;

/** Simulated time, and where it stops; null: the clock's. */
export function virtualTimeOf(options: SourceOptions): { pauseAtMs: number | null } | null {
  const simulated = options.kind === 'mock' ? options : options.kind === 'host' ? options.mock : null;
  return simulated?.virtualTime ? simulated : null;
}
