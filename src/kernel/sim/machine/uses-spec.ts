// What is done with a device of a simulated machine while its own driver has it. Plain data.

/** A disk, or a partition of one. */
export interface DiskSpec {
  readonly name: string;
  /** `259:1` */
  readonly numbers: string;
  /** Where it is mounted in our mount namespace, or that somebody in the kernel has it whom nothing here shows. */
  readonly claim?: { readonly mount: string } | { readonly holder: string } | 'swap' | 'elsewhere';
  /** Somebody in the kernel has it without a claim: a loop device, or what exports it to other machines. */
  readonly unclaimed?: 'loop' | 'nvmet' | 'scsi target';
  /** Whether /dev has its node; default true. */
  readonly node?: boolean;
  readonly partitions?: readonly DiskSpec[];
  /** Below /sys/devices/virtual/nvme-subsystem: what is below the device is a path of it, of this controller. */
  readonly multipath?: number;
}

export interface InterfaceSpec {
  readonly name: string;
  /** `away`: in another network namespace. */
  readonly state: 'up' | 'down' | 'away';
}

/** A character device: where it is below the device, and its node below /dev. */
export interface NodeSpec {
  readonly path: string;
  readonly node: string;
  readonly numbers: string;
}

/** A work queue of idxd. */
export interface QueueSpec {
  /** wq0.0 */
  readonly name: string;
  readonly type: 'user' | 'kernel';
  readonly clients: number;
  /** Who opened it, one for each open file. */
  readonly pids?: readonly number[];
}

export interface UsesSpec {
  readonly disks?: readonly DiskSpec[];
  readonly interfaces?: readonly InterfaceSpec[];
  readonly nodes?: readonly NodeSpec[];
  readonly queues?: readonly QueueSpec[];
  readonly qat?: 'up' | 'down';
  /** boot_vga */
  readonly display?: boolean;
  /** On unbind it waits for its users in this kernel function: this long (default: for ever). */
  readonly unbindWaits?: { readonly in: string; readonly ms?: number };
}
