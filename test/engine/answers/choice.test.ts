import { describe, expect, it } from 'vitest';
import { window } from '../filter/window.ts';
import { rig } from '../fixture.ts';

describe('what is known of the groups of a choice', () => {
  it('by number: which are pending no longer', () => {
    const r = rig();
    r.fault(4);
    r.clock.advance(2_000_000n);
    r.session.command({ cmd: 'respond', group: 2, code: 'success' }, 'key');
    const { chosen } = r.session.view(window({ chosen: { id: 7, groups: [1, 2, 3, 99] } }));
    expect(chosen).toMatchObject({ id: 7, pending: 2, gone: [2, 99], oldestNs: 2_000_000, looked: 2 });
    expect(chosen?.sources).toMatchObject([{ device: 'mock0', pasid: null, groups: 2, unmapped: 2, repeated: 0 }]);
  });

  it('of a device, and of a PASID of it', () => {
    const r = rig({ devices: [{ pasid: true, pasids: [5] }] });
    r.fault(2);
    r.fault(3, 5);
    const devId = r.devId();
    const sources = [
      { pasid: 5, groups: 3 },
      { pasid: null, groups: 2 },
    ];
    expect(r.session.view(window({ chosen: { id: 7, devId } })).chosen).toMatchObject({
      pending: 5,
      gone: [],
      sources,
    });
    expect(r.session.view(window({ chosen: { id: 7, devId, pasid: 5 } })).chosen).toMatchObject({ pending: 3 });
    expect(r.session.view(window({ chosen: { id: 7, devId: 999 } })).chosen).toMatchObject({
      pending: 0,
      oldestNs: null,
    });
  });

  it('with their numbers where that is asked for', () => {
    const r = rig();
    r.fault(3);
    const of = (numbers: boolean) => r.session.view(window({ chosen: { id: 1, all: true, numbers } })).chosen?.numbers;
    expect([of(true), of(false)]).toEqual([[1, 2, 3], null]);
  });

  it('how many have no known mapping, and how many have come often', () => {
    const r = rig();
    r.fault(1, null, 0x2000_0000n);
    r.session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    for (let i = 0; i < 4; i++) r.fault(1, null, 0x2000_0000n);
    r.fault(1, null, 0x2000_9000n);
    const chosen = r.session.view(window({ chosen: { id: 7, all: true } })).chosen!;
    expect(chosen).toMatchObject({ looked: 5, unmapped: 1, unknown: 0, again: 4, mostRepeats: 4 });
    expect(chosen.oldest[4]).toEqual({ group: 6, device: 'mock0', pasid: null, first: '0x20009000' });
    const [source] = chosen.sources;
    expect(source).toMatchObject({ groups: 5, unmapped: 1, repeated: 2, repeats: 4 });
  });

  it('leaves their pages alone where only those that are gone are wanted', () => {
    const r = rig();
    r.fault(3);
    const { chosen } = r.session.view(window({ chosen: { id: 1, groups: [1, 2, 9], pages: false } }));
    expect(chosen).toMatchObject({ pending: 2, gone: [9], looked: 0, sources: [{ groups: 2, unmapped: 0 }] });
  });

  it('is told only when it was asked for', () => {
    expect(rig().session.view(window({})).chosen).toBe(null);
  });
});
