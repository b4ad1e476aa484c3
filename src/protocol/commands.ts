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

/** `signal`: the signal that made a front end quit; the summary's reason is then `signal`. */
export interface QuitCommand extends Base {
  cmd: 'quit';
  onExit?: ExitPlan;
  signal?: string;
}

/** Commands of the NDJSON input. */
export type Command =
  | RespondCommand
  | ReplaceCommand
  | AttachCommand
  | DetachCommand
  | TriggerCommand
  | PolicyCommand
  | SnapshotCommand
  | QuitCommand;
