// What the engine can be told: each is a line of the NDJSON input.
import type { Answer, CommandId, ExitPlan, Hex, Rule } from './terms.ts';

interface Base {
  id?: CommandId;
}

/** What to answer: one group by its number, or all pending ones, narrowed by device, PASID or a CEL expression. */
export interface RespondCommand extends Base {
  cmd: 'respond';
  group?: number;
  groups?: number[];
  all?: boolean;
  devId?: number;
  pasid?: number;
  when?: string;
  code: Answer | 'map';
}

/** `hwpt`: an id, or what to make. Without `pasid` the device itself. */
export interface ReplaceCommand extends Base {
  cmd: 'replace';
  devId: number;
  pasid?: number;
  hwpt: number | 'new-paging' | 'new-nested';
}

export interface AttachCommand extends Base {
  cmd: 'attach';
  devId: number;
  pasid?: number;
  hwpt: number | 'new-paging' | 'new-nested';
}

export interface DetachCommand extends Base {
  cmd: 'detach';
  devId: number;
  pasid?: number;
}

export interface TriggerCommand extends Base {
  cmd: 'trigger';
  devId: number;
  pasid?: number;
  addr?: Hex | number;
  /** Any of read, write, exec, priv; default read. */
  perm?: string[];
  grpid?: number;
  /** How many groups, each at the next page; default 1. */
  count?: number;
}

/** Replaces the whole rule list. */
export interface PolicyCommand extends Base {
  cmd: 'policy';
  rules: Rule[];
}

export interface SnapshotCommand extends Base {
  cmd: 'snapshot';
  /** With `statistics`; default false. */
  statistics?: boolean;
}

/** Takes over the queues of the other process (--pid): what is read from now on, the owner never sees. */
export interface TakeCommand extends Base {
  cmd: 'take';
}

/** SIGSTOP to the owner; returns once all of its threads stand still. `continue` undoes it. */
export interface StopCommand extends Base {
  cmd: 'stop';
}

export interface ContinueCommand extends Base {
  cmd: 'continue';
}

/**
 * Frees the devices of an owner that hangs: takes its queues over, stops it (`stop`, default true), reads what waits and
 * answers that and what it had read and never answered, all with `code` (default invalid), and lets it go on (`resume`,
 * default true, if it was we who stopped it).
 */
export interface RescueCommand extends Base {
  cmd: 'rescue';
  stop?: boolean;
  resume?: boolean;
  code?: Answer;
  /** `success` goes also to groups that nobody has seen; without it such a rescue is refused. */
  unseenSuccess?: boolean;
  /** Cookies are tried up to this far beyond the last one that was known; default 65,536. */
  scan?: number;
}

/**
 * `signal`: the signal that made a front end quit; the summary's reason is then `signal`. `command`: the command of `iopftop
 * exec` has ended, with this exit code (128 + the signal's number); the reason is then `command`. `left`: processes that still
 * have its devices open.
 */
export interface QuitCommand extends Base {
  cmd: 'quit';
  onExit?: ExitPlan;
  signal?: string;
  command?: number;
  left?: readonly { pid: number; text: string; device?: string }[];
}

/** Commands of the NDJSON input. */
export type Command =
  | RespondCommand
  | ReplaceCommand
  | AttachCommand
  | DetachCommand
  | TriggerCommand
  | PolicyCommand
  | TakeCommand
  | StopCommand
  | ContinueCommand
  | RescueCommand
  | SnapshotCommand
  | QuitCommand;
