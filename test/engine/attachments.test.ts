import { describe, expect, it } from 'vitest';
import { rig } from './fixture.ts';

const SUCCESS = { rules: [{ then: 'success' as const }] };
const NESTED = { pasid: true, hwpt: 'nested', pasids: [4] } as const;

describe('faults of an attachment', () => {
  it('are those of its PASID; a PASID without an attachment goes through the nested HWPT of the device', () => {
    const { session, fault } = rig({ ...SUCCESS, devices: [NESTED] });
    fault(1);
    fault(2, 4);
    fault(4, 9);
    const faults = () => session.snapshot().devices[0]?.attachments.map((a) => [a.pasid, a.faults]);
    expect(faults()).toEqual([
      [null, 5],
      [4, 2],
    ]);
  });

  it('begin anew when it is attached again, and go the other way meanwhile', () => {
    const { session, fault, devId } = rig({ ...SUCCESS, devices: [NESTED] });
    fault(2, 4);
    session.command({ cmd: 'detach', devId: devId(), pasid: 4 }, 'key');
    fault(3, 4);
    session.command({ cmd: 'attach', devId: devId(), pasid: 4, hwpt: 'new-nested' }, 'key');
    fault(1, 4);
    expect(session.snapshot().devices[0]).toMatchObject({
      faults: 6,
      attachments: [
        { pasid: null, faults: 3 },
        { pasid: 4, faults: 1 },
      ],
    });
  });

  it('go on being counted through a replace', () => {
    const { session, fault, devId } = rig(SUCCESS);
    fault(2);
    session.command({ cmd: 'replace', devId: devId(), hwpt: 'new-paging' }, 'key');
    fault(1);
    expect(session.snapshot().devices[0]?.attachments).toMatchObject([{ faults: 3 }]);
  });

  it('have a rate over the last second', () => {
    const { session, fault, clock } = rig({ ...SUCCESS, devices: [NESTED] });
    fault(3, 4);
    clock.waitUntil(500_000_000n);
    expect(session.snapshot().devices[0]?.attachments.map((a) => a.rate)).toEqual([0, 3]);
    clock.waitUntil(2_000_000_000n);
    expect(session.snapshot().devices[0]?.attachments.map((a) => a.rate)).toEqual([0, 0]);
  });
});

describe('a device', () => {
  it('says since when it has been quiet', () => {
    const { session, fault, clock } = rig({ devices: [{}, {}] });
    clock.waitUntil(1_000_000_000n);
    fault(1);
    clock.waitUntil(3_500_000_000n);
    expect(session.snapshot().devices.map((d) => d.quietNs)).toEqual([2_500_000_000, null]);
  });

  it('that is real does not say whether it is hung', () => {
    expect(
      rig()
        .session.snapshot()
        .devices.map((d) => d.hungNs),
    ).toEqual([null]);
  });
});
