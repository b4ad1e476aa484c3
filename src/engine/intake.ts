// Intake: read() into the history, find the groups, let the rules decide, answer what they decide at once.
import { RECORD_BYTES } from '../iommufd/fault-queue.ts';
import type { Answer } from '../protocol/messages.ts';
import { PageResponse } from '../uapi/iommufd.ts';
import { type Chunk, History } from './history.ts';
import { mapPages } from './map.ts';
import type { PendingGroup } from './pending.ts';
import { countPerms, groupEnd, pasidAt, RECORD_WORDS, W } from './records.ts';
import { AnswerList, answer, STATE } from './responder.ts';
import { type CompiledRule, decide } from './rules.ts';
import type { EngineState } from './state.ts';
import { sweep } from './sweep.ts';
import { tellVerdicts } from './verdicts.ts';

/** Reads of one queue in one step: others and the front end get their turn. */
const READS_PER_STEP = 64;

/** Reads the queue until it is empty (or for READS_PER_STEP reads); returns the records read. */
export function intake(state: EngineState, queue: number): number {
  const fault = state.target.queues[queue];
  if (!fault) return 0;
  let records = 0;
  for (let reads = 0; reads < READS_PER_STEP; reads++) {
    const chunk = state.history.tail();
    const read = fault.read(History.place(chunk));
    if (read === 0) break;
    if (read % RECORD_BYTES !== 0) {
      throw new Error(`fault object ${fault.id}: read() returned ${read} bytes, which are no whole records`);
    }
    const count = read / RECORD_BYTES;
    const nowNs = state.nowNs();
    take(state, queue, chunk, state.history.commit(chunk, count, nowNs, state.totals.groups + 1, queue), count, nowNs);
    records += count;
  }
  return records;
}

/** Reads all queues until they are empty: nothing that waits is lost unseen when an attachment goes, or all do. */
export function intakeAll(state: EngineState): void {
  state.target.queues.forEach((_, queue) => {
    while (intake(state, queue) > 0);
  });
}

function take(state: EngineState, queue: number, chunk: Chunk, from: number, count: number, nowNs: number): void {
  const firstGroup = state.totals.groups + 1;
  state.trend.advance(nowNs);
  state.totals.faults += count;
  state.queueFaults[queue] = (state.queueFaults[queue] ?? 0) + count;
  state.rate.add(count, nowNs);
  state.version++;
  if (state.options.events) {
    state.emit({
      type: 'batch',
      t: state.t(nowNs),
      queue,
      firstSeq: chunk.first + from,
      firstGroup,
      records: chunk.bytes.slice(from * RECORD_BYTES, (from + count) * RECORD_BYTES),
    });
  }
  const answers = state.rulesDecide && !state.options.readOnly && !state.options.dryRun;
  const known = answers ? state.rules.find((rule) => rule.enabled) : undefined;
  const atOnce = known && known.condition === null && known.afterNs === 0 ? known.then : null;
  if (known && (atOnce === 'success' || atOnce === 'invalid')) {
    sweep({ state, queue, chunk, nowNs, rule: known, code: atOnce }, from, count);
  } else {
    new Sorter(state, queue, chunk, nowNs).decideEach(from, count);
  }
}

/** Goes through the records of one read(), group by group. */
class Sorter {
  readonly #state: EngineState;
  readonly #queue: number;
  readonly #chunk: Chunk;
  readonly #nowNs: number;

  constructor(state: EngineState, queue: number, chunk: Chunk, nowNs: number) {
    this.#state = state;
    this.#queue = queue;
    this.#chunk = chunk;
    this.#nowNs = nowNs;
  }

  /** Numbers the group and counts it for its source and page. */
  #account(from: number, end: number): Pick<PendingGroup, 'through' | 'repeats'> {
    const { words } = this.#chunk;
    const state = this.#state;
    state.totals.groups++;
    const at = from * RECORD_WORDS;
    const devId = words[at + W.devId] as number;
    const pasid = pasidAt(words, at);
    const repeats = state.pages.note(words, at, (this.#chunk.first + from) | 0);
    if (repeats > 0) {
      state.totals.repeated++;
      state.refaults.note(repeats, this.#chunk, from, this.#nowNs);
    }
    const source = state.sources.of(devId, pasid);
    source.add(1, end - from, repeats > 0 ? 1 : 0, this.#nowNs);
    countPerms(source.byPerm, words, from, end);
    return { through: source.through, repeats };
  }

  #group(from: number, end: number, known: Pick<PendingGroup, 'through' | 'repeats'>): PendingGroup {
    const words = this.#chunk.words;
    const at = from * RECORD_WORDS;
    return {
      group: this.#state.totals.groups,
      queue: this.#queue,
      cookie: words[at + W.cookie] as number,
      seq: this.#chunk.first + from,
      faults: end - from,
      devId: words[at + W.devId] as number,
      pasid: pasidAt(words, at),
      grpid: words[at + W.grpid] as number,
      arrivedNs: this.#nowNs,
      ...known,
      rule: null,
      dueNs: Number.POSITIVE_INFINITY,
      saved: null,
    };
  }

  decideEach(from: number, count: number): void {
    const lists = new Map<string, AnswerList>();
    const judged: PendingGroup[] = [];
    for (let i = from; i < from + count; ) {
      const end = groupEnd(this.#chunk.words, i, from + count);
      const group = this.#group(i, end, this.#account(i, end));
      const rule = this.#ruleFor(group);
      if (rule && !this.#state.options.dryRun) {
        this.#apply(rule, group, lists);
      } else {
        const held = { ...group, rule };
        this.#state.pending.add(held);
        if (rule) judged.push(held);
      }
      i = end;
    }
    tellVerdicts(this.#state, judged);
    for (const list of lists.values()) answer(this.#state, list);
  }

  #ruleFor(group: PendingGroup): CompiledRule | null {
    const state = this.#state;
    if (!state.rulesDecide) return null;
    const rule = decide(state.rules, () => state.facts(group));
    if (rule) rule.hits++;
    return rule;
  }

  /** Lists the group for its answer, or leaves it pending: until the rule is due, or for the operator. */
  #apply(rule: CompiledRule, group: PendingGroup, lists: Map<string, AnswerList>): void {
    if (rule.then === 'hold' || rule.afterNs > 0) {
      const dueNs = rule.then === 'hold' ? group.dueNs : this.#nowNs + rule.afterNs;
      this.#state.pending.add({ ...group, rule, dueNs });
      return;
    }
    if (rule.then === 'map' && !mapPages(this.#state, group, 'rule', rule.name)) {
      // It has tried and failed: it holds for the group no longer.
      this.#state.pending.add(group);
      return;
    }
    const code: Answer = rule.then === 'invalid' ? 'invalid' : 'success';
    const key = `${rule.index}`;
    let list = lists.get(key);
    if (!list) {
      list = new AnswerList(this.#queue, code, 'rule', rule.name);
      lists.set(key, list);
    }
    list.add(group);
  }
}

/** Marks groups that the kernel answered INVALID by itself, and tells the target. */
export function autoRespond(state: EngineState, groups: readonly PendingGroup[]): void {
  for (const group of groups) {
    state.pending.delete(group.group);
    state.history.mark(group.seq, group.faults, STATE.auto);
    const pasid = group.pasid < 0 ? null : group.pasid;
    state.target.answered(group.devId, pasid, group.grpid, PageResponse.INVALID);
  }
  state.trend.advance(state.nowNs());
  state.totals.auto += groups.length;
}
