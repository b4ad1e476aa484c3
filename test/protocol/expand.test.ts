import { describe, expect, it } from 'vitest';
import { answerLines, faultLines, groupLines } from '../../src/protocol/expand.ts';
import type { AnswerBatch, Batch } from '../../src/protocol/messages.ts';
import { iommuHwptPgfault } from '../../src/uapi/iommufd.ts';
import { parseLines } from '../helpers/bin.ts';
import { messageProblem } from '../helpers/schema.ts';

type Fault = Parameters<typeof iommuHwptPgfault.encode>[0];

const records = (...faults: Fault[]): Uint8Array =>
  Uint8Array.from(faults.flatMap((fault) => [...iommuHwptPgfault.encode(fault)]));

const batch = (bytes: Uint8Array): Batch => ({
  type: 'batch',
  t: 1.25,
  queue: 0,
  firstSeq: 11,
  firstGroup: 5,
  records: bytes,
});

const GROUP_OF_TWO: Fault[] = [
  { flags: 1, devId: 3, pasid: 7, grpid: 9, perm: 1, addr: 0x1000n, cookie: 1 },
  { flags: 3, devId: 3, pasid: 7, grpid: 9, perm: 2, addr: 0xffff_8000_0000_1000n, cookie: 1 },
];
const SINGLE: Fault = { flags: 2, devId: 4, pasid: 99, grpid: 2, perm: 15, addr: 0x1_0000_0000n, cookie: 2 };

describe('faultLines', () => {
  it('makes a line of each record, numbered, in groups', () => {
    const lines = parseLines(faultLines(batch(records(...GROUP_OF_TWO, SINGLE))));
    expect(lines.map(({ seq, group, addr }) => [seq, group, addr])).toEqual([
      [11, 5, '0x1000'],
      [12, 5, '0xffff800000001000'],
      [13, 6, '0x100000000'],
    ]);
    expect(lines[0]).toEqual({
      type: 'fault',
      t: 1.25,
      seq: 11,
      group: 5,
      queue: 0,
      cookie: 1,
      devId: 3,
      pasid: 7,
      grpid: 9,
      perm: ['read'],
      addr: '0x1000',
      length: 0,
      lastPage: false,
      flags: 1,
    });
    expect(lines.map(messageProblem)).toEqual([null, null, null]);
  });

  it('has a PASID only where PASID_VALID says so, and keeps unknown flag and perm bits from the names', () => {
    const [line] = parseLines(faultLines(batch(records({ ...SINGLE, flags: 6, perm: 0x12 }))));
    expect(line).toMatchObject({ pasid: null, flags: 6, lastPage: true, perm: ['write'] });
  });

  it('reads records that do not begin at a multiple of four', () => {
    const shifted = new Uint8Array([0, ...records(SINGLE)]).subarray(1);
    expect(faultLines(batch(shifted))).toBe(faultLines(batch(records(SINGLE))));
  });
});

describe('groupLines', () => {
  it('makes a line of each group, with the permissions of all its records', () => {
    const lines = parseLines(groupLines(batch(records(...GROUP_OF_TWO, SINGLE)), (id) => `dev"${id}`));
    expect(lines.map(messageProblem)).toEqual([null, null]);
    expect(lines[0]).toMatchObject({
      group: 5,
      device: 'dev"3',
      faults: 2,
      first: '0x1000',
      last: '0xffff800000001000',
      perm: ['read', 'write'],
    });
    expect(lines[1]).toMatchObject({ group: 6, faults: 1, pasid: null });
  });

  it('ends a group where the cookie changes, should LAST_PAGE be missing', () => {
    const lines = parseLines(groupLines(batch(records(GROUP_OF_TWO[0], SINGLE)), String));
    expect(lines.map(({ group }) => group)).toEqual([5, 6]);
  });
});

describe('answerLines', () => {
  it('makes a line of each answer', () => {
    const answers: AnswerBatch = {
      type: 'answers',
      t: 2,
      queue: 0,
      code: 'success',
      cause: 'rule',
      rule: 'a "quoted" rule',
      result: 'ok',
      groups: Float64Array.of(5, 6),
      latencyNs: Float64Array.of(1500, 2.5e9),
      cookies: Uint32Array.of(1, 2),
      devIds: Uint32Array.of(3, 4),
      pasids: Float64Array.of(7, -1),
    };
    const lines = parseLines(answerLines(answers));
    expect(lines.map(messageProblem)).toEqual([null, null]);
    expect(lines[0]).toMatchObject({
      group: 5,
      cookie: 1,
      devId: 3,
      pasid: 7,
      rule: 'a "quoted" rule',
      latencyNs: 1500,
    });
    expect(lines[1]).toMatchObject({ group: 6, pasid: null, latencyNs: 2.5e9 });
    expect(lines[1]).not.toHaveProperty('mapped');
    const mapped = parseLines(answerLines({ ...answers, mapped: true }));
    expect(mapped.map(messageProblem)).toEqual([null, null]);
    expect(mapped).toEqual(lines.map((line) => ({ ...line, mapped: true })));
  });
});
