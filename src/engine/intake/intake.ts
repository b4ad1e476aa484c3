// Intake: read() into the history, find the groups, let the rules decide, answer what they decide at once.

import { IommufdError } from '../../iommufd/error.ts';
import { type FaultQueue, RECORD_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer } from '../../protocol/messages.ts';
import { isExpected, Refusal } from '../../text/refusal.ts';
import { Errno } from '../../uapi/errno.ts';
import { settleReused } from '../answers/auto-respond.ts';
import { mapPages } from '../answers/map.ts';
import { AnswerList, answerOrTell } from '../answers/responder.ts';
import { attempt, tellFailure, tellGivenUp } from '../complaints.ts';
import type { PendingGroup } from '../ledger/group.ts';
import { CHUNK_RECORDS, type Chunk, History } from '../ledger/history.ts';
import { cookieAt, countPerms, groupEnd, grpidAt, pasidAt, RECORD_WORDS, W } from '../ledger/records.ts';
import { countDecision } from '../rules/broken-rules.ts';
import { type CompiledRule, type Decision, decide, NOTHING } from '../rules/rules.ts';
import { tellVerdicts } from '../rules/verdicts.ts';
import type { EngineState } from '../state.ts';
import { passes } from './queue-health.ts';
import { sweep } from './sweep.ts';

/** Reads of one queue in one step: others and the front end get their turn. */
const READS_PER_STEP = 64;

/** Rounds of READS_PER_STEP in which a queue can be emptied; a device that faults as fast as we read would keep us for ever. */
const MOST_ROUNDS = 256;

/** A group that no read can take. The kernel gives it to nobody, and answers it when its attachment goes. */
class OverlongGroup extends Refusal {
  constructor(id: number) {
    super(
      'kernel',
      `fault object ${id}: a group of more than ${CHUNK_RECORDS} faults waits, which cannot be read; what is behind it waits too`,
      'detach or replace what its device is attached to: the kernel answers it INVALID then',
    );
  }
}

/**
 * Reads the queue until it is empty (or for READS_PER_STEP reads); returns the records read. A failure is told, and the
 * queue rests.
 */
export function intake(state: EngineState, queue: number): number {
  let records = 0;
  attempt(state, () => {
    records = intakeOrThrow(state, queue);
  });
  return records;
}

/**
 * The same for a queue that poll(2) called ready: where it is so again and again, and has nothing, it rests. Linux 6.11
 * does that for a group that does not fit the read.
 */
export function intakeReady(state: EngineState, queue: number): number {
  if (state.groupsLeft === 0) return 0;
  let records = 0;
  const read = attempt(state, () => {
    records = intakeOrThrow(state, queue);
  });
  if (!read || records > 0) return records;
  if (state.health.inVain(queue, state.nowNs()) === 1) return 0;
  attempt(state, () => void readWide(state, queue));
  return 0;
}

/**
 * Throws the failure, and the queue rests. What was read before it counts first: the next call meets it again. `beyond`: also what
 * --count does not ask for, in reads of its own.
 */
export function intakeOrThrow(state: EngineState, queue: number, beyond = false): number {
  const fault = state.target.queues[queue];
  if (!fault) return 0;
  let records = 0;
  try {
    for (let reads = 0; reads < READS_PER_STEP; reads++) {
      const left = state.groupsLeft;
      if (left === 0 && !beyond) break;
      const chunk = state.history.tail();
      const count = readGroups(fault, History.place(chunk), left === 0 ? Number.POSITIVE_INFINITY : left);
      if (count === 0) break;
      if (count < 0) {
        const wide = readWide(state, queue);
        if (wide === 0) throw new OverlongGroup(fault.id);
        records += wide;
        continue;
      }
      takeIn(state, queue, chunk, count);
      records += count;
    }
  } catch (error) {
    if (error instanceof OverlongGroup) state.health.stuck(queue, state.nowNs());
    else if (isExpected(error)) tellGivenUp(state, queue, error);
    else throw error;
    if (records === 0) throw error;
  }
  if (records > 0) state.health.well(queue);
  return records;
}

/**
 * The same, of at most `most` groups: so many are in as many records. A group that does not fit them is asked for with one record
 * more each time, so that it comes alone.
 */
function readGroups(fault: FaultQueue, place: Uint8Array, most: number): number {
  for (let bytes = most * RECORD_BYTES; bytes < place.byteLength; bytes += RECORD_BYTES) {
    const count = read(fault, place.subarray(0, bytes));
    if (count >= 0) return count;
  }
  return read(fault, place);
}

/** The records read; -1: the first group does not fit. A failure that passes away is met with one more try at once. */
function read(fault: FaultQueue, place: Uint8Array): number {
  for (let retried = false; ; retried = true) {
    try {
      return fault.read(place) / RECORD_BYTES;
    } catch (error) {
      if (error instanceof IommufdError && error.errno === Errno.EINVAL) return -1;
      if (retried || !passes(error)) throw error;
    }
  }
}

/** Reads groups longer than an ordinary read takes. Returns the records; 0: there is nothing, or it does not fit either. */
function readWide(state: EngineState, queue: number): number {
  const fault = state.target.queues[queue];
  if (!fault) return 0;
  const chunk = state.history.empty();
  const count = Math.max(0, read(fault, chunk.bytes));
  if (count > 0) takeIn(state, queue, chunk, count);
  return count;
}

function takeIn(state: EngineState, queue: number, chunk: Chunk, count: number): void {
  const nowNs = state.nowNs();
  const { groups } = state.totals;
  const isBeyond = state.groupsLeft === 0;
  take(state, queue, chunk, state.history.commit(chunk, count, nowNs, groups + 1, queue), count, nowNs);
  if (!isBeyond) return;
  state.beyond.groups += state.totals.groups - groups;
  state.beyond.faults += count;
}

/**
 * Reads all queues until they are empty: nothing that waits is lost unseen when an attachment goes, or all do. Throws the
 * first failure, after every queue had its turn; a queue that was given up gets one more, and that it fails again is no
 * reason to keep an attachment, nor is a group that cannot be read.
 */
export function intakeAll(state: EngineState): void {
  let failure: unknown = null;
  state.target.queues.forEach((fault, queue) => {
    try {
      let rounds = 0;
      while (rounds < MOST_ROUNDS && intakeOrThrow(state, queue, true) > 0) rounds++;
      if (rounds === MOST_ROUNDS) tellFailure(state, unread(fault.id));
    } catch (error) {
      if (error instanceof OverlongGroup || state.health.givenUp(queue)) tellFailure(state, error);
      else failure ??= error;
    }
  });
  if (failure !== null) throw failure;
}

const unread = (id: number): Refusal =>
  new Refusal('kernel', `fault object ${id}: its devices fault as fast as they are read; not all that waits was seen`);

function take(state: EngineState, queue: number, chunk: Chunk, from: number, count: number, nowNs: number): void {
  const firstGroup = state.totals.groups + 1;
  state.trend.advance(nowNs);
  state.totals.faults += count;
  state.queueFaults[queue] = (state.queueFaults[queue] ?? 0) + count;
  state.rate.add(count, nowNs);
  state.version++;
  if (state.events) {
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
    const source = state.requesters.of(devId, pasid);
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
      cookie: cookieAt(words, at),
      seq: this.#chunk.first + from,
      faults: end - from,
      devId: words[at + W.devId] as number,
      pasid: pasidAt(words, at),
      grpid: grpidAt(words, at),
      arrivedNs: this.#nowNs,
      ...known,
      rule: null,
      dueNs: Number.POSITIVE_INFINITY,
      broken: null,
      saved: null,
    };
  }

  /** A bug on the way (in a rule, say) keeps no group from being answered or held; it is thrown in the end. */
  decideEach(from: number, count: number): void {
    const lists = new Map<string, AnswerList>();
    const judged: PendingGroup[] = [];
    const bugs: unknown[] = [];
    for (let i = from; i < from + count; ) {
      const end = groupEnd(this.#chunk.words, i, from + count);
      const group = this.#group(i, end, this.#account(i, end));
      settleReused(this.#state, this.#queue, group.cookie);
      try {
        this.#decide(group, lists, judged);
      } catch (bug) {
        bugs.push(bug);
        this.#state.pending.add(group);
      }
      i = end;
    }
    tellVerdicts(this.#state, judged);
    for (const list of lists.values()) {
      try {
        answerOrTell(this.#state, list);
      } catch (bug) {
        bugs.push(bug);
      }
    }
    if (bugs.length > 0) throw bugs[0];
  }

  #decide(group: PendingGroup, lists: Map<string, AnswerList>, judged: PendingGroup[]): void {
    const decision = this.#decisionFor(group);
    const { rule, broken } = decision;
    if (rule && !this.#state.options.dryRun) {
      this.#apply(rule, group, lists);
      return;
    }
    const held = { ...group, ...decision };
    this.#state.pending.add(held);
    if (rule || broken) judged.push(held);
  }

  #decisionFor(group: PendingGroup): Decision {
    const state = this.#state;
    if (!state.rulesDecide) return NOTHING;
    const decision = decide(state.rules, () => state.facts(group));
    countDecision(state, group.group, decision);
    return decision;
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
      list = new AnswerList(this.#queue, code, 'rule', rule);
      lists.set(key, list);
    }
    list.add(group);
  }
}
