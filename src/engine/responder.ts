// Answers: one write() for many groups, and the account of what became of each.
import { RESPONSE_BYTES } from '../iommufd/fault-queue.ts';
import type { Answer, AnswerBatch, Cause } from '../protocol/messages.ts';
import { PageResponse } from '../uapi/iommufd.ts';
import { ranges } from './journal.ts';
import type { PendingGroup } from './pending.ts';
import type { EngineState } from './state.ts';

export const CODE = { success: PageResponse.SUCCESS, invalid: PageResponse.INVALID } as const;
/** Indices into RECORD_STATES. */
export const STATE = { pending: 0, success: 1, invalid: 2, auto: 3 } as const;

/** What answering a group takes. */
export type Answerable = Pick<
  PendingGroup,
  'group' | 'cookie' | 'devId' | 'pasid' | 'grpid' | 'seq' | 'faults' | 'arrivedNs'
>;

/** Groups of one queue that get the same answer for the same reason, as columns. */
export class AnswerList {
  readonly queue: number;
  readonly code: Answer;
  readonly cause: Cause;
  readonly rule: string | null;
  readonly groups: number[] = [];
  readonly cookies: number[] = [];
  readonly devIds: number[] = [];
  readonly pasids: number[] = [];
  readonly grpids: number[] = [];
  readonly seqs: number[] = [];
  readonly faults: number[] = [];
  readonly arrivedNs: number[] = [];

  constructor(queue: number, code: Answer, cause: Cause, rule: string | null) {
    this.queue = queue;
    this.code = code;
    this.cause = cause;
    this.rule = rule;
  }

  get length(): number {
    return this.cookies.length;
  }

  add(group: Answerable): void {
    this.groups.push(group.group);
    this.cookies.push(group.cookie);
    this.devIds.push(group.devId);
    this.pasids.push(group.pasid);
    this.grpids.push(group.grpid);
    this.seqs.push(group.seq);
    this.faults.push(group.faults);
    this.arrivedNs.push(group.arrivedNs);
  }
}

/** Writes the answers; a refused one (the kernel no longer knows the cookie) is skipped. Returns the indices refused. */
function writeAnswers(state: EngineState, queue: number, cookies: ArrayLike<number>, code: number): number[] {
  const count = cookies.length;
  const words = new Uint32Array(count * 2);
  for (let i = 0; i < count; i++) {
    words[i * 2] = cookies[i] as number;
    words[i * 2 + 1] = code;
  }
  const bytes = new Uint8Array(words.buffer);
  const fault = state.target.queues[queue];
  if (!fault) throw new RangeError(`there is no queue ${queue}`);
  const refused: number[] = [];
  for (let done = 0; done < count; ) {
    done += fault.respond(done === 0 ? bytes : bytes.subarray(done * RESPONSE_BYTES), count - done);
    if (done < count) refused.push(done++);
  }
  return refused;
}

/**
 * Answers all groups of the list with one write (iommufd_fault_fops_write) and accounts for each: history, counters,
 * latency, journal, events, the target. Returns how many the kernel took; the others it had answered INVALID itself.
 */
export function answer(state: EngineState, list: AnswerList): number {
  if (list.length === 0) return 0;
  const refused = new Set(writeAnswers(state, list.queue, list.cookies, CODE[list.code]));
  const nowNs = state.nowNs();
  const taken = list.length - refused.size;
  state.trend.advance(nowNs);
  state.totals[list.code] += taken;
  state.totals.auto += refused.size;
  const latencies = new Float64Array(list.length);
  for (let i = 0; i < list.length; i++) {
    const gone = refused.has(i);
    state.pending.delete(list.groups[i] as number);
    state.history.mark(list.seqs[i] as number, list.faults[i] as number, gone ? STATE.auto : STATE[list.code]);
    latencies[i] = nowNs - (list.arrivedNs[i] as number);
    if (!gone) state.latency.add(latencies[i] as number);
    const pasid = list.pasids[i] as number;
    const code = gone ? PageResponse.INVALID : CODE[list.code];
    state.target.answered(list.devIds[i] as number, pasid < 0 ? null : pasid, list.grpids[i] as number, code);
  }
  report(state, list, latencies, refused, nowNs);
  return taken;
}

/** Tells the journal and whoever listens, what was taken and what was gone apart. */
function report(
  state: EngineState,
  list: AnswerList,
  latencies: Float64Array,
  refused: Set<number>,
  nowNs: number,
): void {
  for (const result of ['ok', 'gone'] as const) {
    const picked = (_: unknown, i: number) => refused.has(i) === (result === 'gone');
    const all = result === 'ok' && refused.size === 0;
    const pick = (column: number[]): number[] => (all ? column : column.filter(picked));
    const groups = pick(list.groups);
    if (groups.length === 0) continue;
    const { code, cause, rule } = list;
    state.log({ action: 'answer', cause, rule, code, groups: ranges(groups), count: groups.length, result });
    state.version++;
    if (!state.options.events) continue;
    const batch: AnswerBatch = {
      type: 'answers',
      t: state.t(nowNs),
      queue: list.queue,
      code,
      cause,
      rule,
      result,
      groups: Float64Array.from(groups),
      latencyNs: all ? latencies : latencies.filter(picked),
      cookies: Uint32Array.from(pick(list.cookies)),
      devIds: Uint32Array.from(pick(list.devIds)),
      pasids: Float64Array.from(pick(list.pasids)),
    };
    state.emit(batch);
  }
}

/** Sorts groups into one list a queue, and answers them. Returns how many the kernel took. */
export function answerGroups(
  state: EngineState,
  groups: readonly PendingGroup[],
  code: Answer,
  cause: Cause,
  rule: string | null = null,
): number {
  const lists = new Map<number, AnswerList>();
  for (const group of groups) {
    let list = lists.get(group.queue);
    if (!list) {
      list = new AnswerList(group.queue, code, cause, rule);
      lists.set(group.queue, list);
    }
    list.add(group);
  }
  let taken = 0;
  for (const list of lists.values()) taken += answer(state, list);
  return taken;
}
