// Whatever goes wrong in a rescue: the owner goes on, its queues are its own, and it is said how far it came.

import { describe, expect, it } from 'vitest';
import { Signal } from '../../../src/kernel/processes.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import type { Delivering } from '../../contract/fixture.ts';
import { ofType } from '../fixture.ts';
import { notices, ownerRig } from './owner-rig.ts';

function hung() {
  let device!: Delivering;
  const rig = ownerRig((world) => {
    device = world.queue(4);
    world.fault(device, 8);
    for (let i = 0; i < 3; i++) world.owner.read(device.fd, 40);
  });
  return { ...rig, device };
}

/** A rescue that has begun: the owner stands still, what waited is read. */
function begun() {
  const rig = hung();
  rig.session.command({ cmd: 'rescue', id: 1 }, 'script');
  expect(rig.world.threads[0]?.state).toBe('T');
  expect(rig.session.unfinished).toBe(true);
  return rig;
}

describe('a rescue that cannot begin', () => {
  it('for want of rights: nothing is stopped, nothing is held', () => {
    const { world, rescue, events } = hung();
    world.processes.refuse = { errno: Errno.EPERM, after: 0 };
    world.files.texts.set('/proc/self/status', 'Uid:\t1000\t1000\t1000\t1000\nCapEff:\t0000000000000000\n');
    expect(rescue()).toMatchObject({ type: 'error', kind: 'refused', hint: expect.stringContaining('CAP_SYS_PTRACE') });
    expect(world.processes.signals).toEqual([]);
    expect(world.ours.size).toBe(1);
    expect(notices(events)).toEqual([]);
  });

  it('for want of descriptors at the second queue: the first is given up too', () => {
    const { world, rescue } = hung();
    world.queue(5);
    world.processes.refuse = { errno: Errno.EMFILE, after: 1 };
    expect(rescue()).toMatchObject({ type: 'error', hint: 'raise `ulimit -n`' });
    expect(world.ours.size).toBe(1);
    expect(world.processes.signals).toEqual([]);
  });

  it('since a thread does not stop: it goes on, and its queues are given back', () => {
    const { world, rescue, session, events, device } = hung();
    world.thread({ tid: 101, state: 'D', stuck: true });
    expect(rescue()).toMatchObject({
      type: 'error',
      message: expect.stringMatching(/thread 101 .*\(D, vfio_dma_wait\)/),
    });
    expect(world.processes.signals).toEqual([Signal.STOP, Signal.CONT]);
    expect(world.undo).toEqual([]);
    expect(notices(events)).toEqual(['taken', 'queue-closed']);
    expect(session.state.ledger.totals.groups).toBe(0);
    expect(world.owner.read(device.fd).records.length).toBe(5);
  });

  it('since it is not ours to stop', () => {
    const { world, rescue } = hung();
    world.processes.signalErrno = Errno.EPERM;
    expect(rescue()).toMatchObject({ type: 'error', message: 'process 100 cannot be stopped: EPERM' });
    expect(world.undo).toEqual([]);
    expect(world.ours.size).toBe(1);
  });

  it('since nothing can be written down before it is stopped', () => {
    const { world, rescue } = hung();
    world.undoLog.add = () => {
      throw new Refusal('refused', 'no room');
    };
    expect(rescue()).toMatchObject({ type: 'error', message: 'no room' });
    expect(world.processes.signals).toEqual([]);
    expect(world.ours.size).toBe(1);
  });

  it('while another one is under way', () => {
    const { session, events, rescue } = begun();
    for (const cmd of ['rescue', 'take', 'stop', 'continue'] as const) {
      session.command({ cmd, id: cmd }, 'key');
      expect(ofType(events, 'error').at(-1)).toMatchObject({ id: cmd, kind: 'refused' });
    }
    expect(rescue()).toMatchObject({ type: 'done' });
  });
});

describe('a rescue that is broken off', () => {
  it('by the end of the run: the owner goes on, what was read is answered, what came of it is in the journal', () => {
    const { session, world, events, journal } = begun();
    session.command({ cmd: 'quit', signal: 'SIGINT' }, 'script');
    const summary = session.close();
    expect(world.threads[0]?.state).toBe('S');
    expect(world.undo).toEqual([]);
    expect(world.ours.size).toBe(0);
    expect(summary).toMatchObject({ reason: 'signal', outstanding: { groups: 0 } });
    expect(ofType(events, 'error').at(-1)).toMatchObject({ id: 1, message: 'rescue: interrupted' });
    expect(notices(events)).toEqual(['taken', 'stopped', 'queue-closed', 'continued', 'rescued']);
    const entry = journal.recent.find(({ action }) => action === 'rescued');
    expect(entry?.text).toMatch(/interrupted$/);
    expect(entry?.rescue).toMatchObject({ queues: [{ drained: 5 }] });
  });

  it('by the end of the owner: its queues are closed, and it is said how far it came', () => {
    const { session, world, events } = begun();
    world.end();
    session.step(session.state.nowNs());
    expect(session.ended).toBe('owner-ended');
    const done = ofType(events, 'done').at(-1);
    expect(done?.rescue).toMatchObject({ stopped: true, resumed: false });
    expect(done?.rescue?.queues[0]?.error).toMatch(/ended or closed the queue/);
    session.close();
    expect(world.ours.size).toBe(0);
    expect(world.undo).toEqual([]);
    expect(ofType(events, 'error')).toEqual([]);
  });

  it('in one queue that its owner closes: the others are rescued', () => {
    const { world, events, session } = ownerRig((w) => {
      for (const number of [4, 5]) {
        const device = w.queue(number);
        w.fault(device, 3);
      }
    });
    session.command({ cmd: 'rescue', id: 1, scan: 4_000 }, 'script');
    world.closeNumber(4);
    world.clock.advance(600_000_000n);
    while (session.unfinished) session.step(session.state.nowNs());
    const queues = ofType(events, 'done').at(-1)?.rescue?.queues;
    expect(queues?.map(({ fd, error }) => [fd, error === null])).toEqual([
      [4, false],
      [5, true],
    ]);
    expect(world.threads[0]?.state).toBe('S');
    expect(world.ours.size).toBe(1);
  });
});

it('a process that somebody else has stopped stays so', () => {
  const { world, rescue } = hung();
  for (const thread of world.threads) thread.state = 'T';
  expect(rescue({ scan: 64 })).toMatchObject({ rescue: { stopped: false, resumed: false, queues: [{ unseen: 3 }] } });
  expect(world.processes.signals).toEqual([]);
  expect(world.threads[0]?.state).toBe('T');
});

it('one that we have stopped goes on at the end, and that is in the journal', () => {
  const { session, world, journal } = hung();
  session.command({ cmd: 'stop' }, 'key');
  expect(session.snapshot().owner).toMatchObject({ stopped: true, goesOnAtEnd: true });
  session.close();
  expect(world.threads[0]?.state).toBe('S');
  expect(journal.recent.map(({ action }) => action)).toEqual(['start', 'stopped', 'continued', 'end']);
});
