import { describe, expect, it } from 'vitest';
import { OTHER_PASIDS, Requesters } from '../../../src/engine/ledger/requesters.ts';
import type { Attachment } from '../../../src/sources/source.ts';

const hwpt = { id: 9, kind: 'nested', ioasId: 1, faultId: 2 } as const;
const on = (pasid: number | null): Attachment => ({ devId: 1, pasid, hwpt });

function requestersOf(attached: Attachment[], ofOthers = false): Requesters {
  const requesters = new Requesters(ofOthers);
  requesters.attached = attached;
  return requesters;
}

describe('requesters', () => {
  it('are found again, whichever others came between', () => {
    const requesters = requestersOf([on(null)]);
    const first = Array.from({ length: 200 }, (_, pasid) => requesters.of(1 + (pasid & 1), pasid));
    expect(Array.from({ length: 200 }, (_, pasid) => requesters.of(1 + (pasid & 1), pasid))).toEqual(first);
    expect(new Set(first).size).toBe(200);
    expect(requesters.of(1, -1)).toMatchObject({ devId: 1, pasid: -1 });
  });

  it('are told apart up to a bound; what is attached always is, and nothing is left out of a sum', () => {
    const requesters = requestersOf([on(null), on(500_000)]);
    for (let pasid = 0; pasid < 5_000; pasid++) requesters.of(1, pasid).add(1, 1, 0, 0);
    requesters.of(1, 500_000).add(1, 3, 0, 0);
    const all = [...requesters.values()];
    expect(all).toHaveLength(4_096 + 2);
    expect(all.find((s) => s.pasid === OTHER_PASIDS)?.groups).toBe(5_000 - 4_096);
    expect(all.find((s) => s.pasid === 500_000)?.faults).toBe(3);
    expect(requesters.device(1).faults).toBe(5_003);
    expect(requesters.attachment(1, null).faults).toBe(5_000);
    expect(requesters.attachment(1, 500_000).faults).toBe(3);
  });

  it('of a device of others go through its own attachment only without a PASID', () => {
    const requesters = requestersOf([on(null), on(7)], true);
    expect(requesters.of(1, -1).through).toMatchObject({ pasid: null });
    expect(requesters.of(1, 7).through).toMatchObject({ pasid: 7 });
    expect(requesters.of(1, 8).through).toBeUndefined();
    expect(requestersOf([on(null)]).of(1, 8).through).toMatchObject({ pasid: null });
  });
});
