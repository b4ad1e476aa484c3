// The part of the Kernel port that reads the kernel's files (sysfs, procfs, config space), and writes the few that bind
// drivers, and the undo log. Small files only: each is read or written in one piece.

export interface FileStatus {
  readonly kind: 'file' | 'directory' | 'link' | 'character' | 'block' | 'socket' | 'other';
  /** Permission bits, 0o7777. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Bytes; 0 for most files of sysfs and procfs, which does not mean that they are empty. */
  readonly size: number;
  /** st_rdev as sysfs writes it in `dev`, `259:1`; null: it is not a device node. */
  readonly rdev: string | null;
}

/** A refused operation throws KernelRefusal with its name (`read`, `write`, …) and the errno, unless stated otherwise. */
export interface Files {
  /** The whole file, at most `limit` bytes of it (default 1 MiB): a longer file is cut there. */
  read(path: string, limit?: number): Uint8Array;
  /**
   * Writes into an existing file (O_WRONLY, no O_CREAT): how an attribute of sysfs is set. Without text it is only opened.
   */
  write(path: string, text: string): void;
  /**
   * Puts a regular file there, whole or not at all (a temporary one beside it, synced, then rename), mode 0600. The
   * directory must exist.
   */
  replace(path: string, text: string): void;
  /** Names in a directory, sorted. */
  list(path: string): string[];
  /** Where a symbolic link points, as it is written. */
  readLink(path: string): string;
  /** Where a path finally leads, with all links resolved. */
  realPath(path: string): string;
  /** lstat(2): of a link, the link itself. */
  status(path: string): FileStatus;
  /** stat(2): what the path leads to. For /proc/PID/fd/N that is the open file itself, whatever its name now leads to. */
  target(path: string): FileStatus;
  /**
   * open(2) with O_RDONLY | O_EXCL | O_NONBLOCK, and close again. Of a block device EBUSY says that the kernel has it claimed
   * (bd_prepare_to_claim): a file system of any mount namespace, swap, md, dm, btrfs, ZFS; of a whole disk, one of its
   * partitions is enough.
   */
  openExclusive(path: string): void;
  /** mknod(2): a block device node of mode 0600. `rdev` as in FileStatus. */
  makeBlockNode(path: string, rdev: string): void;
  /** kcmp(2): whether a thread has the table of descriptors of its process; null: not known. Throws nothing. */
  sharesDescriptors(pid: number, tid: number): boolean | null;
  /** mkdir(2) with exactly `mode`; an existing one is EEXIST. */
  makeDirectory(path: string, mode: number): void;
  remove(path: string): void;
}
