// Batches of raw records and of answers as NDJSON lines. Up to millions per second pass here, so the lines are put together
// from numbers and never become objects.

import { iommuHwptPgfault, PgfaultFlag } from '../uapi/iommufd.ts';
import { pasidOrNull } from '../uapi/pasid.ts';
import { permWords } from '../uapi/perm.ts';
import type { AnswerBatch, Batch, VerdictBatch } from './messages.ts';

const RECORD_WORDS = iommuHwptPgfault.size / 4;
const { flags, devId, pasid, grpid, perm, addr, length, cookie } = iommuHwptPgfault.offsetOf;
/** Where the fields are, in words of 32 bits. */
const W = {
  flags: flags / 4,
  devId: devId / 4,
  pasid: pasid / 4,
  grpid: grpid / 4,
  perm: perm / 4,
  addr: addr / 4,
  length: length / 4,
  cookie: cookie / 4,
};
const LITTLE = new Uint8Array(new Uint32Array([1]).buffer)[0] === 1;
const [LOW, HIGH] = LITTLE ? [W.addr, W.addr + 1] : [W.addr + 1, W.addr];
/** JSON of the names for each of the 16 combinations. Unknown higher bits are left out. */
const PERMS = Array.from({ length: 16 }, (_, bits) => JSON.stringify(permWords(bits)));

function wordsOf(records: Uint8Array): Uint32Array {
  const aligned = records.byteOffset % 4 === 0 ? records : records.slice();
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength >> 2);
}

const hex = (words: Uint32Array, at: number): string => {
  const low = words[at + LOW]!;
  const high = words[at + HIGH]!;
  return high === 0 ? `"0x${low.toString(16)}"` : `"0x${high.toString(16)}${low.toString(16).padStart(8, '0')}"`;
};

const isLast = (words: Uint32Array, at: number): boolean => (words[at]! & PgfaultFlag.LAST_PAGE) !== 0;

const pasidOf = (words: Uint32Array, at: number): string =>
  (words[at]! & PgfaultFlag.PASID_VALID) !== 0 ? `${words[at + W.pasid]!}` : 'null';

/** Does a group end with the record at `at`? With LAST_PAGE; a batch holds whole groups, so also where the cookie changes. */
const endsGroup = (words: Uint32Array, at: number): boolean =>
  isLast(words, at) || words[at + W.cookie] !== words[at + RECORD_WORDS + W.cookie];

/** A `fault` line for each record of the batch. */
export function faultLines(batch: Batch): string {
  const words = wordsOf(batch.records);
  const head = `{"type":"fault","t":${batch.t},"seq":`;
  const queue = `,"queue":${batch.queue},"cookie":`;
  let { firstSeq: seq, firstGroup: group } = batch;
  let lines = '';
  for (let at = 0; at + RECORD_WORDS <= words.length; at += RECORD_WORDS) {
    const last = isLast(words, at);
    lines +=
      `${head}${seq++},"group":${group}${queue}${words[at + W.cookie]!},"devId":${words[at + W.devId]!}` +
      `,"pasid":${pasidOf(words, at)},"grpid":${words[at + W.grpid]!},"perm":${PERMS[words[at + W.perm]! & 15]!}` +
      `,"addr":${hex(words, at)},"length":${words[at + W.length]!},"lastPage":${last},"flags":${words[at]!}}\n`;
    if (endsGroup(words, at)) group++;
  }
  return lines;
}

/** A `group` line for each group of the batch. `nameOf` gives the device's name. */
export function groupLines(batch: Batch, nameOf: (devId: number) => string): string {
  const words = wordsOf(batch.records);
  const head = `{"type":"group","t":${batch.t},"group":`;
  let group = batch.firstGroup;
  let lines = '';
  let bits = 0;
  let first = 0;
  for (let at = 0; at + RECORD_WORDS <= words.length; at += RECORD_WORDS) {
    bits |= words[at + W.perm]!;
    if (!endsGroup(words, at)) continue;
    const dev = words[at + W.devId]!;
    lines +=
      `${head}${group++},"queue":${batch.queue},"cookie":${words[at + W.cookie]!},"devId":${dev}` +
      `,"device":${JSON.stringify(nameOf(dev))},"pasid":${pasidOf(words, at)},"grpid":${words[at + W.grpid]!}` +
      `,"faults":${(at - first) / RECORD_WORDS + 1},"first":${hex(words, first)},"last":${hex(words, at)}` +
      `,"perm":${PERMS[bits & 15]!}}\n`;
    bits = 0;
    first = at + RECORD_WORDS;
  }
  return lines;
}

/** An `answer` line for each answer of the batch. */
export function answerLines(batch: AnswerBatch): string {
  const head = `{"type":"answer","t":${batch.t},"group":`;
  const rule = batch.rule === null ? 'null' : JSON.stringify(batch.rule);
  const how = `"cause":"${batch.cause}","rule":${rule}${batch.mapped ? ',"mapped":true' : ''}`;
  const tail = `,"code":"${batch.code}",${how},"result":"${batch.result}","latencyNs":`;
  let lines = '';
  for (let i = 0; i < batch.groups.length; i++) {
    const pasid = pasidOrNull(batch.pasids[i]!);
    lines +=
      `${head}${batch.groups[i]!},"queue":${batch.queue},"cookie":${batch.cookies[i]!},"devId":${batch.devIds[i]!}` +
      `,"pasid":${pasid}${tail}${batch.latencyNs[i]!}}\n`;
  }
  return lines;
}

/** A `verdict` line for each group of the batch. */
export function verdictLines(batch: VerdictBatch): string {
  const head = `{"type":"verdict","t":${batch.t},"group":`;
  const tail = `,"rule":${JSON.stringify(batch.rule)},"then":"${batch.then}","afterNs":${batch.afterNs}}\n`;
  let lines = '';
  for (let i = 0; i < batch.groups.length; i++) {
    const pasid = pasidOrNull(batch.pasids[i]!);
    lines += `${head}${batch.groups[i]!},"queue":${batch.queues[i]!},"devId":${batch.devIds[i]!},"pasid":${pasid}${tail}`;
  }
  return lines;
}
