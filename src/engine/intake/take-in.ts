// What was read: the ledger finds and counts its groups, the rules decide about each, and what they decide at once is answered.
import { RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer } from '../../protocol/messages.ts';
import { settleReused } from '../answers/auto-respond.ts';
import { mapPages } from '../answers/map.ts';
import { AnswerList, answerOrTell } from '../answers/responder.ts';
import type { Chunk } from '../ledger/chunk.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { NO_QUEUE } from '../ledger/pending.ts';
import type { Read } from '../ledger/read.ts';
import { countDecision } from '../rules/broken-rules.ts';
import { type CompiledRule, type Decision, decide, NOTHING } from '../rules/rules.ts';
import { tellVerdicts } from '../rules/verdicts.ts';
import type { EngineState } from '../state.ts';
import { sweep } from './sweep.ts';

/** Records at the end of a chunk: how many, of this queue; NO_QUEUE if they were reported and not read. */
export interface Came {
  readonly queue: number;
  readonly chunk: Chunk;
  readonly count: number;
}

/** Takes in what was read or reported: the ledger finds its groups, and each is answered or becomes pending. */
export function takeIn(state: EngineState, { queue, chunk, count }: Came, nowNs = state.nowNs()): void {
  const { ledger } = state;
  const isBeyond = state.groupsLeft === 0;
  const from = chunk.count;
  const read = ledger.read(chunk, count, queue, nowNs);
  for (const devId of ledger.requesters.takeFound()) state.source.lent?.seen(devId);
  if (isBeyond) {
    state.beyond.groups += read.groups;
    state.beyond.faults += count;
  }
  state.version++;
  if (state.events) {
    state.emit({
      type: 'batch',
      t: state.t(nowNs),
      queue,
      firstSeq: chunk.first + from,
      firstGroup: read.firstGroup,
      records: chunk.bytes.slice(from * RECORD_BYTES, (from + count) * RECORD_BYTES),
    });
  }
  const rule = queue === NO_QUEUE ? undefined : ruleForAll(state);
  if (rule) sweep(state, read, rule);
  else new Decider(state, read).decideEach();
}

/** The rule that answers everything at once; undefined: each group is judged. */
function ruleForAll({ rulesDecide, options, rules }: EngineState): (CompiledRule & { then: Answer }) | undefined {
  if (!rulesDecide || options.dryRun) return undefined;
  const first = rules.find((rule) => rule.enabled);
  const atOnce = first && first.condition === null && first.afterNs === 0;
  return atOnce && (first.then === 'success' || first.then === 'invalid') ? (first as never) : undefined;
}

/** Goes through the groups of one read(). */
class Decider {
  readonly #state: EngineState;
  readonly #read: Read;
  /** By the rule that answers them. */
  readonly #lists = new Map<number, AnswerList>();
  readonly #judged: PendingGroup[] = [];

  constructor(state: EngineState, read: Read) {
    this.#state = state;
    this.#read = read;
  }

  /** A bug on the way (in a rule, say) does not keep groups from being answered or held; it is thrown at the end. */
  decideEach(): void {
    const state = this.#state;
    const bugs: unknown[] = [];
    for (let n = 0; n < this.#read.groups; n++) {
      const group = state.ledger.group(this.#read, n);
      // An outstanding group with the same name has ended.
      if (group.queue === NO_QUEUE) state.ledger.endFormer(group);
      else settleReused(state, group.queue, group.cookie);
      try {
        this.#decide(group);
      } catch (bug) {
        bugs.push(bug);
        state.ledger.pending.add(group);
      }
    }
    tellVerdicts(state, this.#judged);
    for (const list of this.#lists.values()) {
      try {
        answerOrTell(state, list);
      } catch (bug) {
        bugs.push(bug);
      }
    }
    if (bugs.length > 0) throw bugs[0];
  }

  #decide(group: PendingGroup): void {
    const decision = this.#decisionFor(group);
    const { rule, broken } = decision;
    if (rule && !this.#state.options.dryRun) {
      this.#apply(rule, group);
      return;
    }
    const held = { ...group, ...decision };
    this.#state.ledger.pending.add(held);
    if (rule || broken) this.#judged.push(held);
  }

  #decisionFor(group: PendingGroup): Decision {
    const state = this.#state;
    // Others decide about a group that was only reported.
    if (!state.rulesDecide || (group.queue === NO_QUEUE && !state.options.dryRun)) return NOTHING;
    const decision = decide(state.rules, () => state.facts(group));
    countDecision(state, group.group, decision);
    return decision;
  }

  /** Lists the group for its answer, or leaves it pending: until the rule is due, or for the operator. */
  #apply(rule: CompiledRule, group: PendingGroup): void {
    const { pending } = this.#state.ledger;
    if (rule.then === 'hold' || rule.afterNs > 0) {
      const dueNs = rule.then === 'hold' ? group.dueNs : group.arrivedNs + rule.afterNs;
      pending.add({ ...group, rule, dueNs });
      return;
    }
    if (rule.then === 'map' && !mapPages(this.#state, group, 'rule', rule.name)) {
      // It tried and failed: the rule no longer holds for the group.
      pending.add(group);
      return;
    }
    let list = this.#lists.get(rule.index);
    if (!list) {
      list = new AnswerList(group.queue, rule.then === 'invalid' ? 'invalid' : 'success', 'rule', rule);
      this.#lists.set(rule.index, list);
    }
    list.add(group);
  }
}
