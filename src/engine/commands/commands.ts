// Commands from the front ends, executed between two steps. Each reports what it did (`done`) or why not (`error`).

import type {
  AttachCommand,
  Cause,
  Command,
  DetachCommand,
  DoneMessage,
  ReplaceCommand,
  RespondCommand,
  Rule,
} from '../../protocol/messages.ts';
import { bondRefusal } from '../../sources/objects/attachment-refusals.ts';
import type { Attachment, OwnerControl } from '../../sources/source.ts';
import { Refusal } from '../../text/refusal.ts';
import { able } from '../abilities.ts';
import { autoRespond } from '../answers/auto-respond.ts';
import { mapPages } from '../answers/map.ts';
import { answerGroups } from '../answers/responder.ts';
import { tellCounted } from '../complaints.ts';
import { intakeAll } from '../intake/intake.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { resumeOwner, stopOwner, takeOver } from '../rescue/owner.ts';
import { Rescues } from '../rescue/rescues.ts';
import { countDecision } from '../rules/broken-rules.ts';
import { tellPolicy } from '../rules/policy.ts';
import { type CompiledRule, compileCondition, decide, sameDecision } from '../rules/rules.ts';
import { tellVerdicts } from '../rules/verdicts.ts';
import type { EngineState } from '../state.ts';
import { Triggers } from './triggers.ts';

const SELECTORS = ['group', 'groups', 'devId', 'pasid', 'when', 'all'] as const;

export type CommandResult = Pick<DoneMessage, 'count' | 'gone' | 'hwptId' | 'rescue'>;

/** Carries out one command (not snapshot and quit, which are the session's). Throws what complaint() can say. */
export class Commands {
  readonly #state: EngineState;
  readonly triggers: Triggers;
  readonly rescues: Rescues;

  constructor(state: EngineState) {
    this.#state = state;
    this.triggers = new Triggers(state);
    this.rescues = new Rescues(state);
  }

  /** What it did; null: it continues between the next steps, see Triggers and Rescues. */
  run(command: Command, cause: Cause): CommandResult | null {
    // A scenario plays the outside world: it is not an action of ours.
    if (this.#state.options.readOnly && cause !== 'scenario') {
      throw new Refusal('refused', `${command.cmd}: this run is read-only`, 'restart without --read-only');
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
        return this.triggers.start(command, cause);
      case 'policy':
        return this.#policy(command.rules, cause);
      case 'take':
        return { count: takeOver(this.#state, this.#owner(command.cmd), cause).length };
      case 'stop':
        return { count: stopOwner(this.#state, this.#owner(command.cmd), cause) ? 1 : 0 };
      case 'continue':
        return { count: resumeOwner(this.#state, this.#owner(command.cmd), cause) ? 1 : 0 };
      case 'rescue':
        return this.rescues.start(this.#owner(command.cmd), command, cause);
      default:
        throw new Refusal('usage', `unknown command ${(command as { cmd: string }).cmd}`);
    }
  }

  #owner(cmd: 'take' | 'stop' | 'continue' | 'rescue'): OwnerControl {
    this.rescues.refuseOthers(cmd);
    return able(this.#state, cmd, this.#state.source.owner);
  }

  /** The pending ones of the groups by number: if one of several is gone, the others must not be left waiting. */
  #named(named: readonly number[]): PendingGroup[] {
    const { pending, totals } = this.#state.ledger;
    // Named twice, answered once.
    const groups = [...new Set(named)].map((number) => pending.get(number)).filter((group) => group !== undefined);
    const [first] = named;
    if (groups.length > 0 || first === undefined) return groups;
    const known = first >= 1 && first <= totals.groups;
    const why = known ? 'has already been answered, by iopftop or by the kernel' : 'was never read';
    const others = named.length > 1 ? `, and none of the ${named.length} groups is pending` : '';
    throw new Refusal('gone', `group ${first} ${why}${others}`, '`snapshot` lists the pending groups');
  }

  #chosen(command: RespondCommand): PendingGroup[] {
    const { pending } = this.#state.ledger;
    const named = command.groups ?? (command.group === undefined ? undefined : [command.group]);
    if (named) {
      if (SELECTORS.filter((name) => command[name] !== undefined).length > 1) {
        throw new Refusal(
          'usage',
          'respond: groups are given both by number and in another way',
          'use only one of the two',
        );
      }
      return this.#named(named);
    }
    const { devId, pasid, when } = command;
    if (!command.all && devId === undefined && when === undefined) {
      throw new Refusal('usage', 'respond: which groups?', 'give group, groups, devId, when, or all: true');
    }
    const { bonds = [], devices } = this.#state.source;
    if (bonds.some((bond) => bond.devId === devId && bond.pasid === pasid)) {
      throw bondRefusal('respond', devices.find((device) => device.devId === devId)!, pasid as number);
    }
    const groups = pending.where(
      (g) => (devId === undefined || g.devId === devId) && (pasid === undefined || g.pasid === pasid),
    );
    return when === undefined ? groups : this.#holding(groups, when);
  }

  /**
   * Those that the condition holds for. If it cannot be evaluated for one of them, it is unclear which were meant: none is.
   */
  #holding(groups: readonly PendingGroup[], when: string): PendingGroup[] {
    const condition = compileCondition(when);
    return groups.filter((group) => {
      const { holds, error } = condition(this.#state.facts(group));
      if (error === null) return holds;
      const why = `respond: when cannot be evaluated for group ${group.group}: ${error}`;
      throw new Refusal(
        'usage',
        `${why}; nothing was answered`,
        'write a condition that can be evaluated for every group',
      );
    });
  }

  #respond(command: RespondCommand, cause: Cause): CommandResult {
    const { answering, mapping } = this.#state.source;
    able(this.#state, 'respond', answering);
    if (command.code === 'map') able(this.#state, 'map', mapping);
    const groups = this.#chosen(command);
    const left = new Set(command.groups).size - groups.length;
    const gone = left > 0 ? { gone: left } : {};
    if (command.code !== 'map') return { count: answerGroups(this.#state, groups, command.code, cause), ...gone };
    // The sender of a command gets its first failure at once.
    tellCounted(this.#state, Number.POSITIVE_INFINITY);
    const mapped = groups.filter((group) => mapPages(this.#state, group, cause, null));
    return { count: answerGroups(this.#state, mapped, 'success', cause, null, true), ...gone };
  }

  /**
   * Replaces or detaches, and reports every attachment that changed: those of the other devices of an IOMMU group change
   * with it. The kernel has answered INVALID to what came through them.
   */
  #change<T>(reason: 'replace' | 'detach', cause: Cause, act: () => T): { done: T; count: number } {
    intakeAll(this.#state);
    const { source } = this.#state;
    const before = [...source.attachments];
    try {
      const done = act();
      return { done, count: this.#tellChanges(before, reason, cause) };
    } catch (error) {
      // It may have failed halfway.
      this.#tellChanges(before, reason, cause);
      throw error;
    }
  }

  /** Returns how many groups the kernel answered because of it. */
  #tellChanges(before: readonly Attachment[], reason: 'replace' | 'detach', cause: Cause): number {
    const { source, ledger } = this.#state;
    let count = 0;
    for (const old of before.filter((a) => !source.attachments.includes(a))) {
      const { devId, pasid } = old;
      const now = source.attachments.find((a) => a.devId === devId && a.pasid === pasid);
      // A replace moves the whole IOMMU group.
      const answered = now !== undefined || !old.shared;
      const groups = answered ? ledger.pending.where((g) => g.through === old) : [];
      autoRespond(this.#state, groups, { devId, pasid, reason, cause });
      const ids = { devId, pasid, hwptId: now?.hwpt.id ?? null, oldHwptId: old.hwpt.id };
      this.#changed(now ? 'replaced' : 'detached', ids, groups.length, cause);
      count += groups.length;
    }
    return count;
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
    state.ledger.attachmentsAre(state.source.attachments);
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

  #replace(command: ReplaceCommand, cause: Cause): CommandResult {
    const { devId, hwpt } = command;
    const attaching = able(this.#state, 'replace', this.#state.source.attaching);
    const { done, count } = this.#change('replace', cause, () => attaching.replace(devId, command.pasid ?? null, hwpt));
    return { count, hwptId: done.attachment.hwpt.id };
  }

  #attach(command: AttachCommand, cause: Cause): CommandResult {
    const attaching = able(this.#state, 'attach', this.#state.source.attaching);
    // What waits came through what its PASID had until now.
    intakeAll(this.#state);
    const { devId, pasid, hwpt } = attaching.attach(command.devId, command.pasid ?? null, command.hwpt);
    this.#changed('attached', { devId, pasid, hwptId: hwpt.id, oldHwptId: null }, 0, cause);
    return { count: 1, hwptId: hwpt.id };
  }

  #detach(command: DetachCommand, cause: Cause): CommandResult {
    const { devId, pasid } = command;
    const attaching = able(this.#state, 'detach', this.#state.source.attaching);
    const { count } = this.#change('detach', cause, () => attaching.detach(devId, pasid ?? null));
    return { count };
  }

  /** The new rules decide about what is pending too. */
  #policy(rules: readonly Rule[], cause: Cause): CommandResult {
    const state = this.#state;
    if (!state.options.dryRun) able(state, 'policy', state.source.answering);
    const before = state.rules;
    state.setRules(rules);
    tellPolicy(state, before, cause);
    const judged: PendingGroup[] = [];
    state.ledger.pending.redo((group) => {
      const decision = decide(state.rules, () => state.facts(group));
      const changed = { ...group, ...decision, dueNs: this.#dueNs(group, decision.rule) };
      if (!sameDecision(group, decision)) {
        countDecision(state, group.group, decision);
        judged.push(changed);
      }
      return changed;
    });
    tellVerdicts(state, judged);
    return { count: rules.length };
  }

  #dueNs({ arrivedNs }: PendingGroup, rule: CompiledRule | null): number {
    const acts = rule !== null && rule.then !== 'hold' && !this.#state.options.dryRun;
    return acts ? arrivedNs + rule.afterNs : Number.POSITIVE_INFINITY;
  }
}
