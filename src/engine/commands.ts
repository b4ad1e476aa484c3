// Commands of the front ends, carried out between two steps. Each says what it did (`done`) or why not (`error`).
import type {
  AttachCommand,
  Cause,
  Command,
  DetachCommand,
  DoneMessage,
  ReplaceCommand,
  RespondCommand,
  TriggerCommand,
} from '../protocol/messages.ts';
import { CommandError } from './complaint.ts';
import { autoRespond, intake } from './intake.ts';
import { mapPages } from './map.ts';
import type { PendingGroup } from './pending.ts';
import { answerGroups } from './responder.ts';
import { compileCondition, compileRules, decide } from './rules.ts';
import { attachmentOf } from './snapshot.ts';
import type { EngineState } from './state.ts';

const PERM_BITS: Record<string, number> = { read: 1, write: 2, exec: 4, priv: 8 };
const PAGE = 4_096n;
const SELECTORS = ['group', 'groups', 'devId', 'pasid', 'when', 'all'] as const;
/** Nothing else is done meanwhile: about 2 s on a real kernel, 0.6 s on the mock. */
const TRIGGER_LIMIT = 65_536;

export type Outcome = Pick<DoneMessage, 'count' | 'hwptId'>;

/** Carries out one command (not snapshot and quit, which are the session's). Throws what complaint() can say. */
export class Commands {
  readonly #state: EngineState;
  #grpid = 0;
  #triggerAt = 0x1000_0000n;

  constructor(state: EngineState) {
    this.#state = state;
  }

  run(command: Command, cause: Cause): Outcome {
    // A scenario is the world's doing, not ours.
    if (this.#state.options.readOnly && cause !== 'scenario') {
      throw new CommandError('refused', `${command.cmd}: this run is read-only`, 'start it without --read-only');
    }
    switch (command.cmd) {
      case 'respond':
        return this.#respond(command, cause);
      case 'replace':
        return this.#replace(command, cause);
      case 'attach':
        return this.#attach(command, cause);
      case 'detach':
        return this.#detach(command, cause);
      case 'trigger':
        return this.#trigger(command);
      case 'policy':
        return this.#policy(command.rules, cause);
      default:
        throw new CommandError('usage', `there is no command ${(command as { cmd: string }).cmd}`);
    }
  }

  #chosen(command: RespondCommand): PendingGroup[] {
    const { pending } = this.#state;
    const named = command.groups ?? (command.group === undefined ? undefined : [command.group]);
    if (named) {
      if (SELECTORS.filter((name) => command[name] !== undefined).length > 1) {
        throw new CommandError('usage', 'respond: groups by number and by something else', 'give one of the two');
      }
      // Named twice, answered once.
      return [...new Set(named)].map((number) => {
        const group = pending.get(number);
        if (group) return group;
        const known = number >= 1 && number <= this.#state.totals.groups;
        const why = known ? 'is answered already, by us or by the kernel' : 'was never read';
        throw new CommandError('gone', `group ${number} ${why}`, '`snapshot` lists what is pending');
      });
    }
    const { devId, pasid, when } = command;
    if (!command.all && devId === undefined && when === undefined) {
      throw new CommandError('usage', 'respond: which groups?', 'give group, groups, devId, when, or all: true');
    }
    const condition = when === undefined ? null : compileCondition(when);
    return pending.where(
      (g) =>
        (devId === undefined || g.devId === devId) &&
        (pasid === undefined || g.pasid === pasid) &&
        (condition === null || condition(this.#state.facts(g))),
    );
  }

  #respond(command: RespondCommand, cause: Cause): Outcome {
    const groups = this.#chosen(command);
    if (command.code !== 'map') return { count: answerGroups(this.#state, groups, command.code, cause) };
    const mapped = groups.filter((group) => mapPages(this.#state, group, cause));
    return { count: answerGroups(this.#state, mapped, 'success', cause) };
  }

  /** The groups that the kernel will answer INVALID when this attachment goes. All queues are read first: nothing is lost unseen. */
  #leaving(devId: number, pasid: number | null): PendingGroup[] {
    const state = this.#state;
    state.target.queues.forEach((_, queue) => {
      while (intake(state, queue) > 0);
    });
    const going = state.target.attachments.find((a) => a.devId === devId && a.pasid === pasid);
    return state.pending.where((g) => g.devId === devId && attachmentOf(state, devId, g.pasid) === going);
  }

  #gone(groups: PendingGroup[], devId: number, pasid: number | null, reason: 'replace' | 'detach', cause: Cause): void {
    if (groups.length === 0) return;
    const state = this.#state;
    autoRespond(state, groups);
    const numbers = groups.map((g) => g.group);
    state.log({ action: 'auto-responded', cause, devId, pasid, count: groups.length, groups: numbers.join(',') });
    state.emit({ type: 'auto-responded', t: state.t(), groups: numbers, devId, pasid, reason });
  }

  #changed(
    change: 'attached' | 'replaced' | 'detached',
    {
      devId,
      pasid,
      hwptId,
      oldHwptId,
    }: { devId: number; pasid: number | null; hwptId: number | null; oldHwptId: number | null },
    invalidated: number,
    cause: Cause,
  ): void {
    const state = this.#state;
    const device = state.deviceName(devId);
    state.log({ action: change, cause, devId, pasid, hwptId, oldHwptId, invalidated });
    state.emit({
      type: 'attachment',
      t: state.t(),
      change,
      cause,
      devId,
      device,
      pasid,
      hwptId,
      oldHwptId,
      invalidated,
    });
  }

  #replace(command: ReplaceCommand, cause: Cause): Outcome {
    const { devId, hwpt } = command;
    const pasid = command.pasid ?? null;
    const leaving = this.#leaving(devId, pasid);
    const { attachment, old } = this.#state.target.replace(devId, pasid, hwpt);
    this.#gone(leaving, devId, pasid, 'replace', cause);
    const ids = { devId, pasid, hwptId: attachment.hwpt.id, oldHwptId: old.id };
    this.#changed('replaced', ids, leaving.length, cause);
    return { count: leaving.length, hwptId: attachment.hwpt.id };
  }

  #attach(command: AttachCommand, cause: Cause): Outcome {
    const { devId, pasid, hwpt } = this.#state.target.attach(command.devId, command.pasid ?? null, command.hwpt);
    this.#changed('attached', { devId, pasid, hwptId: hwpt.id, oldHwptId: null }, 0, cause);
    return { count: 1, hwptId: hwpt.id };
  }

  #detach(command: DetachCommand, cause: Cause): Outcome {
    const { devId } = command;
    const pasid = command.pasid ?? null;
    const state = this.#state;
    const leaving = this.#leaving(devId, pasid);
    const old = state.target.detach(devId, pasid);
    this.#gone(leaving, devId, pasid, 'detach', cause);
    this.#changed('detached', { devId, pasid, hwptId: null, oldHwptId: old.id }, leaving.length, cause);
    return { count: leaving.length };
  }

  #trigger(command: TriggerCommand): Outcome {
    const count = command.count ?? 1;
    if (!Number.isInteger(count) || count < 1 || count > TRIGGER_LIMIT) {
      throw new CommandError(
        'usage',
        `trigger: count is ${count}, a whole number from 1 to ${TRIGGER_LIMIT} is needed`,
      );
    }
    const perm = (command.perm ?? ['read']).reduce((bits, name) => bits | (PERM_BITS[name] ?? 0), 0);
    let addr = command.addr === undefined ? this.#triggerAt : BigInt(command.addr);
    for (let i = 0; i < count; i++) {
      const grpid = command.grpid ?? this.#grpid++ & 0x1ff;
      this.#state.target.trigger({ devId: command.devId, pasid: command.pasid ?? null, grpid, perm, addr });
      addr += PAGE;
    }
    if (command.addr === undefined) this.#triggerAt = addr;
    return { count };
  }

  /** The new rules decide about what is pending too. */
  #policy(rules: Parameters<typeof compileRules>[0], cause: Cause): Outcome {
    const state = this.#state;
    state.rules = compileRules(rules);
    state.log({ action: 'policy', cause, count: rules.length });
    state.pending.redo((group) => {
      const rule = decide(state.rules, () => state.facts(group));
      const waits = rule !== null && rule.then !== 'hold';
      return { ...group, rule, dueNs: waits ? group.arrivedNs + rule.afterNs : Number.POSITIVE_INFINITY };
    });
    return { count: rules.length };
  }
}
