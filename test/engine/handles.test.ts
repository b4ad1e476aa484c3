// A group belongs to the attach handle that it was raised through (iopf_group.attach_handle), whatever is attached later.
import { expect, it } from 'vitest';
import { ofType, rig } from './fixture.ts';

/** A group of PASID 5, through the nested HWPT of the device; then PASID 5 is attached itself. */
function attachedLater() {
  const test = rig({ devices: [{ pasid: true, hwpt: 'nested' }] });
  test.fault(1, 5);
  const devId = test.devId();
  test.session.command({ cmd: 'attach', devId, pasid: 5, hwpt: 'new-paging' }, 'key');
  return { ...test, devId };
}

it('a group is not gone with an attachment that came after it', () => {
  const { session, events, devId } = attachedLater();
  const [device] = session.snapshot().devices;
  expect(device?.attachments.map((a) => [a.pasid, a.pending])).toEqual([
    [null, 1],
    [5, 0],
  ]);
  session.command({ cmd: 'detach', devId, pasid: 5 }, 'key');
  expect(ofType(events, 'auto-responded')).toEqual([]);
  session.command({ cmd: 'respond', group: 1, code: 'success' }, 'key');
  expect(ofType(events, 'answers').map(({ result }) => result)).toEqual(['ok']);
});

it('a group is gone with the attachment that it came through', () => {
  const { session, events, devId } = attachedLater();
  session.command({ cmd: 'replace', devId, hwpt: 'new-nested' }, 'key');
  expect(ofType(events, 'auto-responded').map(({ groups }) => groups)).toEqual([[1]]);
});

it('what waits in the queue when a PASID is attached came through what it had then', () => {
  const test = rig({ devices: [{ pasid: true, hwpt: 'nested' }] });
  const devId = test.devId();
  test.session.state.source.triggering?.trigger({ devId, pasid: 5, grpid: 1, perm: 1, addr: 0x1000n });
  test.session.command({ cmd: 'attach', devId, pasid: 5, hwpt: 'new-paging' }, 'key');
  test.session.command({ cmd: 'detach', devId, pasid: 5 }, 'key');
  expect(ofType(test.events, 'auto-responded')).toEqual([]);
  expect(test.session.state.ledger.pending.size).toBe(1);
});
