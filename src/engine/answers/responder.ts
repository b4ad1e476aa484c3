// Answers: one write() for many groups, and accounting for each.

import { RESPONSE_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer, AnswerBatch, Cause } from '../../protocol/messages.ts';
import { PageResponse } from '../../uapi/iommufd.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { attempt, tellGivenUp } from '../complaints.ts';
import { passes, REST_NS } from '../intake/queue-health.ts';
import { ranges } from '../journal/journal.ts';
import type { GroupRule, PendingGroup } from '../ledger/group.ts';
import type { EngineState } from '../state.ts';

export const CODE = { success: PageResponse.SUCCESS, invalid: PageResponse.INVALID } as const;

/** Groups of one queue that get the same answer for the same reason. */
export class AnswerList {
  readonly queue: number;
  readonly code: Answer;
  readonly cause: Cause;
  readonly rule: GroupRule | null;
  /** Memory was mapped at their pages for this answer. */
  readonly mapped: boolean;
  readonly groups: PendingGroup[] = [];
  /** Numbers of those that the kernel had answered INVALID itself, once they were written. */
  readonly gone = new Set<number>();

  constructor(queue: number, code: Answer, cause: Cause, rule: GroupRule | null, mapped = rule?.then === 'map') {
    this.queue = queue;
    this.code = code;
    this.cause = cause;
    this.rule = rule;
    this.mapped = mapped;
  }

  add(group: PendingGroup): void {
    this.groups.push(group);
  }
}

interface Written {
  /** The groups before this index were taken or refused. */
  done: number;
  /** Indices of those refused: the kernel no longer knows the cookie. */
  refused: Set<number>;
  /** Why it ended early. */
  failure: unknown;
}

/** A transient failure is retried once, immediately. */
function writeAnswers(state: EngineState, { queue, groups, code }: AnswerList): Written {
  const fault = state.source.queues[queue];
  if (!fault) throw new RangeError(`no such queue: ${queue}`);
  const count = groups.length;
  const words = new Uint32Array(count * 2);
  groups.forEach(({ cookie }, i) => {
    words[i * 2] = cookie;
    words[i * 2 + 1] = CODE[code];
  });
  const bytes = new Uint8Array(words.buffer);
  const refused = new Set<number>();
  let retried = false;
  for (let done = 0; done < count; ) {
    let taken: number;
    try {
      taken = fault.respond(done === 0 ? bytes : bytes.subarray(done * RESPONSE_BYTES), count - done);
    } catch (failure) {
      if (retried || !passes(failure)) return { done, refused, failure };
      retried = true;
      continue;
    }
    // A short count does not mean that the next one is bad: the copy from our memory may have failed.
    if (taken === 0) refused.add(done++);
    else done += taken;
  }
  return { done: count, refused, failure: null };
}

/**
 * Answers all groups of the list with one write (iommufd_fault_fops_write) and accounts for each: history, counters,
 * latency, journal, events, the source. Returns how many the kernel took; the others it had answered INVALID itself. Throws
 * IommufdError or ImpossibleResult if the kernel does not take the rest: these are pending then, and their rule, if any,
 * tries again.
 */
export function answer(state: EngineState, list: AnswerList): number {
  if (list.groups.length === 0) return 0;
  const { done, refused, failure } = writeAnswers(state, list);
  const nowNs = state.nowNs();
  const [gone, taken] = apart(list.groups.slice(0, done), refused);
  state.ledger.answered(taken, list.code, list.cause, nowNs);
  state.ledger.endedElsewhere(gone, 'auto', 'kernel', nowNs);
  const latencies = new Float64Array(done);
  const listener = state.source.answering?.listener;
  for (let i = 0; i < done; i++) {
    const { group, arrivedNs, devId, pasid, grpid } = list.groups[i]!;
    latencies[i] = nowNs - arrivedNs;
    if (refused.has(i)) list.gone.add(group);
    const code = refused.has(i) ? PageResponse.INVALID : CODE[list.code];
    listener?.answered(devId, pasidOrNull(pasid), grpid, code);
  }
  report(state, list, latencies, refused, nowNs);
  if (failure !== null) {
    holdBack(state, list, done, nowNs);
    tellGivenUp(state, list.queue, failure);
    throw failure;
  }
  return taken.length;
}

/** Those of these indices, and the others. */
function apart<T>(all: readonly T[], indices: ReadonlySet<number>): [T[], readonly T[]] {
  if (indices.size === 0) return [[], all];
  return [all.filter((_, i) => indices.has(i)), all.filter((_, i) => !indices.has(i))];
}

/** The same, for callers that cannot handle a failure: it is reported. */
export function answerOrTell(state: EngineState, list: AnswerList): number {
  const before = state.ledger.totals[list.code];
  attempt(state, () => void answer(state, list));
  return state.ledger.totals[list.code] - before;
}

/** Those from index `from` on were not written. */
function holdBack(state: EngineState, { groups, queue, rule }: AnswerList, from: number, nowNs: number): void {
  const again = rule && !state.health.givenUp(queue) ? { rule, dueNs: nowNs + REST_NS } : {};
  for (const group of groups.slice(from)) {
    const known = state.ledger.pending.get(group.group);
    if (known) state.ledger.pending.replace({ ...known, ...again });
    else state.ledger.pending.add({ ...group, ...again });
  }
}

/** Tells the journal and all listeners; what was taken and what was gone are separate. */
function report(
  state: EngineState,
  list: AnswerList,
  latencies: Float64Array,
  refused: Set<number>,
  nowNs: number,
): void {
  const done = latencies.length === list.groups.length ? list.groups : list.groups.slice(0, latencies.length);
  const { code, cause } = list;
  const rule = list.rule?.name ?? null;
  const mapped = list.mapped ? ({ mapped: true } as const) : {};
  for (const result of ['ok', 'gone'] as const) {
    const picked = (_: unknown, i: number) => refused.has(i) === (result === 'gone');
    const all = result === 'ok' && refused.size === 0;
    const told = all ? done : done.filter(picked);
    if (told.length === 0) continue;
    const groups = Float64Array.from(told, ({ group }) => group);
    state.log({ action: 'answer', cause, rule, code, ...mapped, groups: ranges(groups), count: groups.length, result });
    state.version++;
    if (!state.events) continue;
    const batch: AnswerBatch = {
      type: 'answers',
      t: state.t(nowNs),
      queue: list.queue,
      code,
      cause,
      rule,
      ...mapped,
      result,
      groups,
      latencyNs: all ? latencies : latencies.filter(picked),
      cookies: Uint32Array.from(told, ({ cookie }) => cookie),
      devIds: Uint32Array.from(told, ({ devId }) => devId),
      pasids: Float64Array.from(told, ({ pasid }) => pasid),
    };
    state.emit(batch);
  }
}

/**
 * Sorts groups into one list a queue, and answers them. `mapped`: memory was mapped at their pages for it. Returns how many the
 * kernel took. Throws the first failure of `answer`, after every queue had its turn.
 */
export function answerGroups(
  state: EngineState,
  groups: readonly PendingGroup[],
  code: Answer,
  cause: Cause,
  rule: GroupRule | null = null,
  mapped = rule?.then === 'map',
): number {
  let failure: unknown = null;
  let taken = 0;
  for (const list of byQueue(groups, { code, cause, rule, mapped })) {
    const before = state.ledger.totals[code];
    try {
      answer(state, list);
    } catch (error) {
      failure ??= error;
    }
    taken += state.ledger.totals[code] - before;
  }
  if (failure !== null) throw failure;
  return taken;
}

/**
 * The same, for callers that cannot handle failures: each is reported. Returns how many the kernel took, and the numbers of
 * those that it had answered INVALID itself.
 */
export function answerGroupsOrTell(
  state: EngineState,
  groups: readonly PendingGroup[],
  code: Answer,
  cause: Cause,
  rule: GroupRule | null = null,
): { taken: number; gone: ReadonlySet<number> } {
  const lists = byQueue(groups, { code, cause, rule, mapped: rule?.then === 'map' });
  const taken = lists.reduce((sum, list) => sum + answerOrTell(state, list), 0);
  return { taken, gone: new Set(lists.flatMap(({ gone }) => [...gone])) };
}

function byQueue(
  groups: readonly PendingGroup[],
  { code, cause, rule, mapped }: Pick<AnswerList, 'code' | 'cause' | 'rule' | 'mapped'>,
): AnswerList[] {
  const lists = new Map<number, AnswerList>();
  for (const group of groups) {
    let list = lists.get(group.queue);
    if (!list) {
      list = new AnswerList(group.queue, code, cause, rule, mapped);
      lists.set(group.queue, list);
    }
    list.add(group);
  }
  return [...lists.values()];
}
