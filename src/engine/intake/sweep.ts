// The fast path of a batch: one rule without a condition answers everything that one read() returned. The ledger accounts
// for it as usual; only the object for each group is saved.
import { type FaultQueue, RESPONSE_BYTES } from '../../iommufd/fault-queue.ts';
import type { Answer, AnswerBatch } from '../../protocol/messages.ts';
import type { AnswerListener } from '../../sources/source.ts';
import { isExpected } from '../../text/refusal.ts';
import type { Cookie } from '../../uapi/ids.ts';
import { pasidOrNull } from '../../uapi/pasid.ts';
import { settleReused } from '../answers/auto-respond.ts';
import { AnswerList, answerOrTell, CODE } from '../answers/responder.ts';
import type { Read } from '../ledger/read.ts';
import { pasidAt, RECORD_WORDS, W } from '../ledger/records.ts';
import type { CompiledRule } from '../rules/rules.ts';
import type { EngineState } from '../state.ts';

/** Answers all groups of the read by this rule. */
export function sweep(state: EngineState, read: Read, rule: CompiledRule & { then: Answer }): void {
  const { ledger } = state;
  const { queue, groups, firstGroup } = read;
  const code = rule.then;
  rule.hits += groups;
  if (ledger.pending.size > 0) {
    for (let n = 0; n < groups; n++) settleReused(state, queue, read.responses[2 * n] as Cookie);
  }
  const fault = state.source.queues[queue];
  const { done, bug } = fault ? respond(fault, read, code) : { done: 0, bug: null };
  const answeredNs = state.nowNs();
  ledger.answeredAtOnce(read, done, code, 'rule', answeredNs);
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
    const listener = state.source.answering?.listener;
    if (listener) tellListener(listener, read, code, done);
    if (state.events) state.emit({ ...answers(read, done, answeredNs), t: state.t(answeredNs), code, rule: rule.name });
  }
  if (done < groups) rest(state, read, rule, done);
  if (bug !== null) throw bug;
}

/** How many were taken; 0 on failure: the slow path finds out why. A bug is thrown once nothing can be lost. */
function respond(
  fault: FaultQueue,
  { responses, responseBytes, groups }: Read,
  code: Answer,
): { done: number; bug: unknown } {
  const said = CODE[code];
  for (let at = 1; at < 2 * groups; at += 2) responses[at] = said;
  try {
    return { done: fault.respond(responseBytes.subarray(0, groups * RESPONSE_BYTES), groups), bug: null };
  } catch (error) {
    return { done: 0, bug: isExpected(error) ? null : error };
  }
}

function tellListener(listener: AnswerListener, read: Read, code: Answer, done: number): void {
  for (let n = 0; n < done; n++) {
    const { devId, pasid, grpid } = read.who(n);
    listener.answered(devId, pasidOrNull(pasid), grpid, CODE[code]);
  }
}

function answers(read: Read, done: number, answeredNs: number): Omit<AnswerBatch, 't' | 'code' | 'rule'> {
  const { queue, chunk, starts, firstGroup, at } = read;
  const { words } = chunk;
  const column = (word: number) => (_: unknown, n: number) => words[starts[n]! * RECORD_WORDS + word]!;
  return {
    type: 'answers',
    queue,
    cause: 'rule',
    result: 'ok',
    groups: Float64Array.from({ length: done }, (_, n) => firstGroup + n),
    latencyNs: new Float64Array(done).fill(answeredNs - at),
    cookies: Uint32Array.from({ length: done }, column(W.cookie)),
    devIds: Uint32Array.from({ length: done }, column(W.devId)),
    pasids: Float64Array.from({ length: done }, (_, n) => pasidAt(words, starts[n]! * RECORD_WORDS)),
  };
}

/** A response was refused or the write failed: the slow path continues from there, and finds out which and why. */
function rest(state: EngineState, read: Read, rule: CompiledRule & { then: Answer }, from: number): void {
  const list = new AnswerList(read.queue, rule.then, 'rule', rule);
  for (let n = from; n < read.groups; n++) list.add(state.ledger.group(read, n));
  answerOrTell(state, list);
}
