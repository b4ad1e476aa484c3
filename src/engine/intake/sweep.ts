// The fast way of a batch: one rule without a condition answers everything that one read() returned. No object is made
// for a group; what the slower ways keep in columns is still in the records.

import { type FaultQueue, RESPONSE_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer, AnswerBatch } from '../../protocol/messages.ts';
import { isExpected } from '../../text/refusal.ts';
import type { Cookie } from '../../uapi/ids.ts';
import { PgfaultFlag } from '../../uapi/iommufd.ts';
import { settleReused } from '../answers/auto-respond.ts';
import { AnswerList, answerOrTell, CODE } from '../answers/responder.ts';
import { STATE } from '../ledger/group.ts';
import { CHUNK_RECORDS, type Chunk } from '../ledger/history.ts';
import { cookieAt, countPerms, groupEnd, grpidAt, pasidAt, RECORD_WORDS, W } from '../ledger/records.ts';
import type { CompiledRule } from '../rules/rules.ts';
import type { EngineState } from '../state.ts';

/** Groups in a batch: at most as many as records in a read(). */
const GROUPS = CHUNK_RECORDS;

/** Scratch for one batch; a session is synchronous, so one is enough. */
const responses = new Uint32Array(2 * GROUPS);
const responseBytes = new Uint8Array(responses.buffer);
const starts = new Uint32Array(GROUPS + 1);

interface Batch {
  state: EngineState;
  queue: number;
  chunk: Chunk;
  nowNs: number;
  rule: CompiledRule;
  code: Answer;
}

/** Answers the `count` records from index `from` of the chunk, and accounts for them. */
export function sweep(batch: Batch, from: number, count: number): void {
  const { state, queue, chunk, rule, code, nowNs } = batch;
  const firstGroup = state.totals.groups + 1;
  const groups = sort(batch, from, count);
  rule.hits += groups;
  const fault = state.target.queues[queue];
  if (state.pending.size > 0) {
    for (let n = 0; n < groups; n++) settleReused(state, queue, responses[2 * n] as Cookie);
  }
  const { done, bug } = fault ? respond(fault, groups) : { done: 0, bug: null };
  const answeredNs = state.nowNs();
  state.trend.advance(answeredNs);
  state.totals[code] += done;
  state.latency.add(answeredNs - nowNs, done);
  chunk.states.fill(STATE[code], from, starts[done]);
  if (done > 0) {
    const range = `${firstGroup}-${firstGroup + done - 1}`;
    const entry = {
      action: 'answer',
      cause: 'rule',
      rule: rule.name,
      code,
      groups: range,
      count: done,
      result: 'ok',
    } as const;
    state.log(entry, answeredNs);
    if (state.target.listens) tellTarget(batch, done);
    if (state.events) state.emit(answers(batch, firstGroup, done, answeredNs));
  }
  if (done < groups) rest(batch, firstGroup, done, groups);
  if (bug !== null) throw bug;
}

/** How many were taken; 0 where it failed: the slow way finds out why. A bug is thrown once nothing can be lost by it. */
function respond(fault: FaultQueue, groups: number): { done: number; bug: unknown } {
  try {
    return { done: fault.respond(responseBytes.subarray(0, groups * RESPONSE_BYTES), groups), bug: null };
  } catch (error) {
    return { done: 0, bug: isExpected(error) ? null : error };
  }
}

/** Numbers and counts the groups, and writes down a response and the first record of each. Returns how many there are. */
function sort(batch: Batch, from: number, count: number): number {
  const { state, chunk, code } = batch;
  const limit = from + count;
  let n = 0;
  for (let i = from; i < limit; i = starts[n] as number) {
    const first = n;
    n = split(chunk.words, i, limit, n, CODE[code]);
    countSource(batch, first, n);
  }
  state.totals.groups += n;
  return n;
}

/**
 * Writes down groups from record `from` on, the first as number `group`, as long as they are of one device and PASID.
 * Returns the number after the last of them, where it puts the record after it.
 */
function split(words: Uint32Array, from: number, limit: number, group: number, code: number): number {
  const { flags, devId, pasid, cookie } = W;
  const recordWords = RECORD_WORDS;
  const first = from * RECORD_WORDS;
  const device = words[first + devId];
  const id = words[first + pasid];
  const kind = words[first + flags] as number;
  const alone = (kind & PgfaultFlag.LAST_PAGE) !== 0;
  let n = group;
  let i = from;
  while (i < limit) {
    const at = Math.imul(i, recordWords);
    if (words[at + flags] !== kind || words[at + devId] !== device || words[at + pasid] !== id) break;
    starts[n] = i;
    responses[2 * n] = words[at + cookie] as number;
    responses[2 * n + 1] = code;
    n++;
    i = alone ? i + 1 : groupEnd(words, i, limit);
  }
  starts[n] = i;
  return n;
}

/** Counts the groups `from` … `end` - 1, which are of one device and PASID, for it and for their pages. */
function countSource({ state, chunk, nowNs }: Batch, from: number, end: number): void {
  const { words } = chunk;
  const { pages, refaults } = state;
  const firstRecord = starts[from] as number;
  const records = (starts[end] as number) - firstRecord;
  const at = firstRecord * RECORD_WORDS;
  const firstSeq = chunk.first | 0;
  let repeated = 0;
  for (let n = from; n < end; n++) {
    n = pages.noteUntilRepeat(words, starts, n, end, firstSeq);
    if (n === end) break;
    repeated++;
    refaults.note(pages.before, chunk, starts[n] as number, nowNs);
  }
  state.totals.repeated += repeated;
  const source = state.requesters.of(words[at + W.devId] as number, pasidAt(words, at));
  source.add(end - from, records, repeated, nowNs);
  countPerms(source.byPerm, words, firstRecord, firstRecord + records);
}

function tellTarget({ state, chunk: { words }, code }: Batch, done: number): void {
  for (let n = 0; n < done; n++) {
    const at = (starts[n] as number) * RECORD_WORDS;
    const pasid = pasidAt(words, at);
    state.target.answered(words[at + W.devId] as number, pasid < 0 ? null : pasid, grpidAt(words, at), CODE[code]);
  }
}

function answers(
  { state, queue, chunk: { words }, code, rule, nowNs }: Batch,
  first: number,
  done: number,
  answeredNs: number,
): AnswerBatch {
  const column = (word: number) => (_: unknown, n: number) =>
    words[(starts[n] as number) * RECORD_WORDS + word] as number;
  return {
    type: 'answers',
    t: state.t(answeredNs),
    queue,
    code,
    cause: 'rule',
    rule: rule.name,
    result: 'ok',
    groups: Float64Array.from({ length: done }, (_, n) => first + n),
    latencyNs: new Float64Array(done).fill(answeredNs - nowNs),
    cookies: Uint32Array.from({ length: done }, column(W.cookie)),
    devIds: Uint32Array.from({ length: done }, column(W.devId)),
    pasids: Float64Array.from({ length: done }, (_, n) => pasidAt(words, (starts[n] as number) * RECORD_WORDS)),
  };
}

/** A response was refused or the write failed: the slow way goes on from there, and finds out which and why. */
function rest(
  { state, queue, chunk, code, rule, nowNs }: Batch,
  firstGroup: number,
  from: number,
  groups: number,
): void {
  const list = new AnswerList(queue, code, 'rule', rule);
  for (let n = from; n < groups; n++) {
    const start = starts[n] as number;
    const at = start * RECORD_WORDS;
    const devId = chunk.words[at + W.devId] as number;
    const pasid = pasidAt(chunk.words, at);
    list.add({
      group: firstGroup + n,
      queue,
      cookie: cookieAt(chunk.words, at),
      devId,
      pasid,
      grpid: grpidAt(chunk.words, at),
      seq: chunk.first + start,
      faults: (starts[n + 1] as number) - start,
      arrivedNs: nowNs,
      through: state.requesters.of(devId, pasid).through,
      // How often its page came before was counted, and not kept.
      repeats: 0,
      rule: null,
      dueNs: Number.POSITIVE_INFINITY,
      broken: null,
      saved: null,
    });
  }
  answerOrTell(state, list);
}
