// A rescue, counted to the last group.
import { describe, expect, it } from 'vitest';
import { Signal } from '../../../src/kernel/processes.ts';
import type { DoneMessage, RescueReport } from '../../../src/protocol/messages.ts';
import { INVALID, READY } from '../../contract/context.ts';
import type { Delivering } from '../../contract/fixture.ts';
import type { World } from '../../process/world.ts';
import { ofType } from '../fixture.ts';
import { notices, type OwnerRig, ownerRig } from './owner-rig.ts';

const reportOf = (message: ReturnType<OwnerRig['rescue']>): RescueReport => {
  expect(message.type).toBe('done');
  return (message as DoneMessage).rescue as RescueReport;
};

/** How many of the cookies up to `last` are outstanding: answers them. */
function outstanding(world: World, { fd }: Delivering, last = 1_000): number {
  let count = 0;
  for (let cookie = 1; cookie <= last; cookie++) if (world.owner.respond(fd, [cookie, INVALID]) === 8) count++;
  return count;
}

/** A queue at number 4 with `faults` groups, of which the owner has read `read`. */
function withQueue(faults: number, read: number, options: Parameters<typeof ownerRig>[1] = {}) {
  let device!: Delivering;
  const rig = ownerRig((world) => {
    device = world.queue(4);
    world.fault(device, faults);
    for (let i = 0; i < read; i++) world.owner.read(device.fd, 40);
  }, options);
  return { ...rig, device };
}

describe('a rescue', () => {
  it('answers what waits and what was read and never answered, and nothing is left', () => {
    const { world, device, rescue, events, session } = withQueue(50, 20);
    const report = reportOf(rescue());
    expect(report).toEqual({
      pid: 100,
      stopped: true,
      resumed: true,
      ended: false,
      code: 'invalid',
      queues: [{ fd: 4, queue: 0, drained: 30, held: 0, unseen: 20, scanned: 50 + 65_536, error: null }],
    });
    expect(world.owner.poll(device.fd) & READY & 1).toBe(0);
    expect(outstanding(world, device)).toBe(0);
    expect(session.snapshot().counters).toMatchObject({ groups: 30, invalid: 30, unseen: 20, pending: 0 });
    expect(world.processes.signals).toEqual([Signal.STOP, Signal.CONT]);
    expect(notices(events)).toEqual(['taken', 'stopped', 'queue-closed', 'continued', 'rescued']);
    expect(world.undo).toEqual([]);
  });

  it('finds what was read among what was answered: cookies with gaps', () => {
    const { world, device, rescue } = withQueue(90, 60);
    for (let cookie = 1; cookie <= 60; cookie += 2) world.owner.respond(device.fd, [cookie, INVALID]);
    const [queue] = reportOf(rescue({ scan: 100 })).queues;
    // The 30 that wait take the odd cookies.
    expect(queue).toMatchObject({ drained: 30, unseen: 30, scanned: 60 + 100, error: null });
    expect(outstanding(world, device)).toBe(0);
  });

  it('goes on from the last cookie that was found', () => {
    const { world, device, rescue } = withQueue(300, 300);
    for (let cookie = 1; cookie <= 300; cookie++) {
      if (cookie % 100 !== 0) world.owner.respond(device.fd, [cookie, INVALID]);
    }
    expect(reportOf(rescue({ scan: 100 })).queues[0]).toMatchObject({ unseen: 3, scanned: 400 });
    expect(outstanding(world, device)).toBe(0);
  });

  it('says how far it tried, where there may be more', () => {
    const { world, device, rescue } = withQueue(300, 300);
    for (let cookie = 1; cookie < 300; cookie++) world.owner.respond(device.fd, [cookie, INVALID]);
    expect(reportOf(rescue({ scan: 299 })).queues[0]).toMatchObject({ unseen: 0, scanned: 299 });
    expect(outstanding(world, device)).toBe(1);
  });

  it('of several queues, with cookies of their own', () => {
    const devices: Delivering[] = [];
    const { world, rescue } = ownerRig((w) => {
      for (const [number, faults, read] of [
        [4, 10, 4],
        [5, 0, 0],
        [9, 7, 7],
      ] as const) {
        const device = w.queue(number);
        devices.push(device);
        w.fault(device, faults);
        for (let i = 0; i < read; i++) w.owner.read(device.fd, 40);
      }
    });
    const { queues } = reportOf(rescue({ scan: 64 }));
    expect(queues.map(({ fd, drained, unseen, error }) => [fd, drained, unseen, error])).toEqual([
      [4, 6, 4, null],
      [5, 0, 0, null],
      [9, 0, 7, null],
    ]);
    for (const device of devices) expect(outstanding(world, device)).toBe(0);
  });

  for (const kcmp of [true, false]) {
    it(`two descriptors of one queue are one (${kcmp ? 'kcmp' : 'no kcmp'})`, () => {
      const { world, device, rescue } = withQueue(5, 2);
      world.processes.kcmp = kcmp;
      world.open(6, device.fd);
      const { queues } = reportOf(rescue({ scan: 64 }));
      expect(queues.map(({ fd, drained, unseen }) => [fd, drained, unseen])).toEqual([[4, 3, 2]]);
    });
  }

  it('of 100,000 groups that wait', () => {
    const { world, device, rescue } = withQueue(100_000, 10);
    expect(reportOf(rescue({ scan: 1_000 })).queues[0]).toMatchObject({ drained: 99_990, unseen: 10, error: null });
    expect(outstanding(world, device, 101_000)).toBe(0);
  });

  it('of a queue without anything: nothing is answered, and the owner goes on', () => {
    const { rescue, world } = withQueue(0, 0);
    const report = reportOf(rescue());
    expect(report.queues[0]).toMatchObject({ drained: 0, unseen: 0, scanned: 65_536, error: null });
    expect(world.threads[0]?.state).toBe('S');
  });
});

describe('rules in a rescue', () => {
  for (const rule of [
    { then: 'success' },
    { then: 'hold' },
    { then: 'success', afterMs: 1 },
    { then: 'map' },
  ] as const) {
    it(`decide nothing: ${JSON.stringify(rule)}`, () => {
      const { rescue, session } = withQueue(8, 3, { rules: [rule] });
      expect(reportOf(rescue({ scan: 64 })).queues[0]).toMatchObject({ drained: 5, unseen: 3, error: null });
      expect(session.snapshot().counters).toMatchObject({ invalid: 5, success: 0, pending: 0, refused: 0 });
      expect(session.state.rules[0]?.hits).toBe(0);
    });
  }

  it('nor do they in a dry run, which says nothing of them', () => {
    const { rescue, events } = withQueue(8, 3, { rules: [{ then: 'success' }], dryRun: true });
    expect(reportOf(rescue({ scan: 64 })).queues[0]).toMatchObject({ drained: 5, unseen: 3 });
    expect(ofType(events, 'verdicts')).toEqual([]);
  });
});

describe('what is asked for', () => {
  it('SUCCESS to groups that nobody has seen is refused before anything is done', () => {
    const { rescue, world } = withQueue(8, 3);
    expect(rescue({ code: 'success' })).toMatchObject({ type: 'error', kind: 'refused' });
    expect(world.processes.signals).toEqual([]);
    expect(world.ours.size).toBe(1);
  });

  it('SUCCESS all the same', () => {
    const { rescue, session } = withQueue(8, 3);
    const report = reportOf(rescue({ code: 'success', unseenSuccess: true, scan: 64 }));
    expect(report).toMatchObject({ code: 'success', queues: [{ drained: 5, unseen: 3 }] });
    expect(session.snapshot().counters).toMatchObject({ success: 5, unseen: 3 });
  });

  it('without stopping it', () => {
    const { rescue, world } = withQueue(8, 3);
    expect(reportOf(rescue({ stop: false, scan: 64 }))).toMatchObject({ stopped: false, resumed: false });
    expect(world.processes.signals).toEqual([]);
  });

  it('leaving it stopped, also at the end; it can still be continued', () => {
    const { rescue, world, session } = withQueue(8, 3);
    expect(reportOf(rescue({ resume: false, scan: 64 }))).toMatchObject({ stopped: true, resumed: false });
    expect(world.undo).toEqual([]);
    session.command({ cmd: 'continue' }, 'key');
    expect(world.threads[0]?.state).toBe('S');
    session.command({ cmd: 'stop' }, 'key');
    expect(world.threads[0]?.state).toBe('T');
    expect(world.undo).toEqual(['stopped']);
  });

  it('read-only: nothing', () => {
    const { rescue, world } = withQueue(8, 3, { readOnly: true });
    expect(rescue()).toMatchObject({ type: 'error', kind: 'refused' });
    expect(world.processes.signals).toEqual([]);
  });
});

describe('queues after a rescue', () => {
  it('are the owner’s again: what comes next is not read here', () => {
    const { rescue, world, device, session } = withQueue(8, 3);
    reportOf(rescue({ scan: 64 }));
    expect(session.snapshot().owner).toMatchObject({ taken: false, queues: [{ fd: 4, queue: null }] });
    expect(world.ours.size).toBe(1);
    world.fault(device, 3);
    session.step(session.state.nowNs() + 1e9);
    expect(world.owner.read(device.fd).records.length).toBe(3);
  });

  it('stay ours where they were taken over before; what was held here is answered too', () => {
    const { rescue, world, device, session } = withQueue(8, 3, { take: true });
    session.step(session.state.nowNs());
    expect(session.state.ledger.pending.size).toBe(5);
    world.fault(device, 2);
    expect(reportOf(rescue({ scan: 64 })).queues[0]).toMatchObject({ drained: 2, held: 5, unseen: 3 });
    expect(session.snapshot().owner).toMatchObject({ taken: true });
    world.fault(device, 3);
    session.step(session.state.nowNs());
    expect(session.state.ledger.pending.size).toBe(3);
  });
});
