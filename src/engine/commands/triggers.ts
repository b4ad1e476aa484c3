// Triggers of many groups, a slice at a time between two steps, so that answers never wait for them.

import type { Cause, DoneMessage, TriggerCommand } from '../../protocol/messages.ts';
import { MOST_TRIGGERED } from '../../protocol/terms.ts';
import { noSuchDevice } from '../../sources/objects/attachment-refusals.ts';
import { checkCanFault } from '../../sources/objects/device-refusals.ts';
import type { FaultSource } from '../../sources/source.ts';
import { Refusal } from '../../text/refusal.ts';
import { permBits } from '../../uapi/perm.ts';
import { able } from '../abilities.ts';
import type { EngineState } from '../state.ts';

const PAGE = 4_096n;
/** Groups in one slice: about 8 ms on a real kernel. */
const SLICE = 256;

type Triggered = Pick<DoneMessage, 'count'>;

export interface TriggerRun {
  readonly command: TriggerCommand;
  readonly cause: Cause;
  readonly count: number;
  done: number;
  addr: bigint;
}

export class Triggers {
  readonly #state: EngineState;
  #running: TriggerRun[] = [];
  #grpid = 0;
  #nextAddr = 0x1000_0000n;

  constructor(state: EngineState) {
    this.#state = state;
  }

  get running(): boolean {
    return this.#running.length > 0;
  }

  /** Does the first slice. Returns the outcome if that was all, null if more is to come. Throws what slice() does. */
  start(command: TriggerCommand, cause: Cause): Triggered | null {
    const count = command.count ?? 1;
    if (!Number.isInteger(count) || count < 1 || count > MOST_TRIGGERED) {
      throw new Refusal('usage', `trigger: count must be a whole number from 1 to ${MOST_TRIGGERED}, got ${count}`);
    }
    const trigger = { command, cause, count, done: 0, addr: this.#firstAddr(command, count) };
    checkDevice(this.#state.source, command.devId);
    if (this.#slice(trigger)) return { count };
    this.#running.push(trigger);
    return null;
  }

  /** Addresses that are not given continue from command to command. */
  #firstAddr({ addr }: TriggerCommand, count: number): bigint {
    if (addr !== undefined) return BigInt(addr);
    const first = this.#nextAddr;
    this.#nextAddr += BigInt(count) * PAGE;
    return first;
  }

  /** True when it has all been done. Throws IommufdError and Refusal. */
  #slice(trigger: TriggerRun): boolean {
    const { command, count } = trigger;
    const { devId } = command;
    const triggering = able(this.#state, 'trigger', this.#state.source.triggering, devId);
    const perm = permBits(command.perm ?? ['read']);
    const end = Math.min(count, trigger.done + SLICE);
    for (; trigger.done < end; trigger.done++) {
      const grpid = command.grpid ?? this.#grpid++ & 0x1ff;
      triggering.trigger({ devId, pasid: command.pasid ?? null, grpid, perm, addr: trigger.addr });
      trigger.addr += PAGE;
    }
    return trigger.done === count;
  }

  /** The one whose slice is next. */
  get current(): TriggerCommand | null {
    return this.#running[0]?.command ?? null;
  }

  /**
   * The next slice of the oldest. After its last slice, `ended` gets the outcome, or what went wrong.
   */
  step(ended: (trigger: TriggerRun, result: Triggered | Error) => void): void {
    const trigger = this.#running[0];
    if (!trigger) return;
    let result: Triggered | Error;
    try {
      if (!this.#slice(trigger)) return;
      result = { count: trigger.count };
    } catch (error) {
      result = error as Error;
    }
    this.#running.shift();
    ended(trigger, result);
  }

  /** The run ends: gives up what is left. */
  abandon(): TriggerRun[] {
    return this.#running.splice(0);
  }
}

/** Throws Refusal for a device that does not exist or cannot fault at all: more useful than "it is not a mock device". */
function checkDevice({ attaching, lent, devices }: FaultSource, devId: number): void {
  if (attaching === null || lent !== null) return;
  const device = devices.find((d) => d.devId === devId);
  if (!device) throw noSuchDevice(devId, devices);
  checkCanFault(device);
}
