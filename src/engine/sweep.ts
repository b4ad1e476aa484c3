// The fast way of a batch: one rule without a condition answers everything that one read() returned. No object is made
// for a group; what the slower ways keep in columns is still in the records.
import { RESPONSE_BYTES } from '../iommufd/fault-queue.ts';
import type { Answer, AnswerBatch } from '../protocol/messages.ts';
import { PgfaultFlag } from '../uapi/iommufd.ts';
import type { Chunk } from './history.ts';
import { countPerms, groupEnd, pasidAt, RECORD_WORDS, W } from './records.ts';
import { AnswerList, answer, CODE, STATE } from './responder.ts';
import type { CompiledRule } from './rules.ts';
import type { Source, Sources } from './sources.ts';
import type { EngineState } from './state.ts';

/** Groups in a batch: at most as many as records in a read(). */
const GROUPS = 2_048;

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
  const done = fault ? fault.respond(responseBytes.subarray(0, groups * RESPONSE_BYTES), groups) : 0;
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
    if (state.options.events) state.emit(answers(batch, firstGroup, done, answeredNs));
  }
  if (done < groups) rest(batch, firstGroup, done, groups);
}

/** Numbers and counts the groups, and writes down a response and the first record of each. Returns how many there are. */
function sort({ state, chunk, code, nowNs }: Batch, from: number, count: number): number {
  const { words, first } = chunk;
  const { pages, refaults, totals } = state;
  const limit = from + count;
  const answerCode = CODE[code];
  const run = new Run(state.sources, nowNs);
  let n = 0;
  for (let i = from; i < limit; n++) {
    const at = i * RECORD_WORDS;
    const alone = ((words[at + W.flags] as number) & PgfaultFlag.LAST_PAGE) !== 0;
    const end = alone ? i + 1 : groupEnd(words, i, limit);
    const devId = words[at + W.devId] as number;
    const pasid = pasidAt(words, at);
    if (devId !== run.devId || pasid !== run.pasid) run.turn(devId, pasid, n, i);
    const perm = alone ? (words[at + W.perm] as number) & 15 : MIXED;
    if (perm !== run.perm) run.turnPerm(perm, i);
    if (!alone) countPerms(run.byPerm, words, i, end);
    const before = pages.note(words, at, (first + i) | 0);
    if (before > 0) {
      run.repeated++;
      refaults.note(before, chunk, i, nowNs);
    }
    responses[2 * n] = words[at + W.cookie] as number;
    responses[2 * n + 1] = answerCode;
    starts[n] = i;
    i = end;
  }
  starts[n] = limit;
  totals.repeated += run.end(n, limit);
  totals.groups += n;
  return n;
}

/** In place of PgfaultPerm bits: of a group with several records, which are counted one by one. */
const MIXED = 16;

/** Groups of one source, one after the other, counted for it when another one's turn comes. */
class Run {
  readonly #sources: Sources;
  readonly #nowNs: number;
  #source: Source | null = null;
  #firstGroup = 0;
  #firstRecord = 0;
  #permFrom = 0;
  #total = 0;
  devId = -1;
  pasid = -1;
  perm = MIXED;
  byPerm = new Float64Array(0);
  /** Of this run. */
  repeated = 0;

  constructor(sources: Sources, nowNs: number) {
    this.#sources = sources;
    this.#nowNs = nowNs;
  }

  /** Group `group` at record `record` is the first of another source. */
  turn(devId: number, pasid: number, group: number, record: number): void {
    this.end(group, record);
    this.#source = this.#sources.of(devId, pasid);
    this.#firstGroup = group;
    this.#firstRecord = record;
    this.devId = devId;
    this.pasid = pasid;
    this.byPerm = this.#source.byPerm;
  }

  /** Record `record` is the first with other permissions. */
  turnPerm(perm: number, record: number): void {
    if (this.perm !== MIXED) this.byPerm[this.perm] = (this.byPerm[this.perm] as number) + record - this.#permFrom;
    this.perm = perm;
    this.#permFrom = record;
  }

  /** The groups before `group`, the records before `record` are all. Returns how many groups were repeated, of all runs. */
  end(group: number, record: number): number {
    this.turnPerm(this.perm, record);
    this.#source?.add(group - this.#firstGroup, record - this.#firstRecord, this.repeated, this.#nowNs);
    this.#total += this.repeated;
    this.repeated = 0;
    return this.#total;
  }
}

function tellTarget({ state, chunk: { words }, code }: Batch, done: number): void {
  for (let n = 0; n < done; n++) {
    const at = (starts[n] as number) * RECORD_WORDS;
    const pasid = pasidAt(words, at);
    state.target.answered(
      words[at + W.devId] as number,
      pasid < 0 ? null : pasid,
      words[at + W.grpid] as number,
      CODE[code],
    );
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

/** A response was refused: the slow way goes on from there, and finds out which. */
function rest(
  { state, queue, chunk, code, rule, nowNs }: Batch,
  firstGroup: number,
  from: number,
  groups: number,
): void {
  const list = new AnswerList(queue, code, 'rule', rule.name);
  for (let n = from; n < groups; n++) {
    const start = starts[n] as number;
    const at = start * RECORD_WORDS;
    list.add({
      group: firstGroup + n,
      cookie: chunk.words[at + W.cookie] as number,
      devId: chunk.words[at + W.devId] as number,
      pasid: pasidAt(chunk.words, at),
      grpid: chunk.words[at + W.grpid] as number,
      seq: chunk.first + start,
      faults: (starts[n + 1] as number) - start,
      arrivedNs: nowNs,
    });
  }
  answer(state, list);
}
