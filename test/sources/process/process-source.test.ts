import { describe, expect, it } from 'vitest';
import { Signal } from '../../../src/kernel/processes.ts';
import { ProcessSource } from '../../../src/sources/process/process-source.ts';
import { abilitiesOf } from '../../../src/sources/source.ts';
import { Refusal } from '../../../src/text/refusal.ts';
import { Errno } from '../../../src/uapi/errno.ts';
import { OWN, PID, World } from '../../process/world.ts';

function source(prepare: (world: World) => void, take = false) {
  const world = new World();
  prepare(world);
  const undo = world.undoLog;
  const made = new ProcessSource(world.kernel, { pid: PID, take, own: OWN, undo, recovered: [] });
  const report = () => made.owner.report(world.kernel.now());
  /** Half a second later. */
  const later = () => {
    world.clock.advance(500_000_000n);
    return made.tick(world.kernel.now());
  };
  return { world, source: made, report, later };
}

describe('looking', () => {
  it('holds nothing and reads nothing, twice a second at most', () => {
    const { world, source: made, report, later } = source((w) => w.fault(w.queue(4), 3));
    expect(world.processes.duplicated).toBe(1);
    for (let i = 0; i < 10; i++) made.tick(world.kernel.now());
    expect(world.processes.duplicated).toBe(1);
    expect(later()).toEqual([]);
    expect(later()).toEqual([]);
    expect(world.processes.duplicated).toBe(3);
    // The pidfd.
    expect(world.ours.size).toBe(1);
    expect(made.queues).toEqual([]);
    expect(report()).toMatchObject({
      pid: PID,
      taken: false,
      queues: [{ fd: 4, others: [], readable: true, readableNs: 1e9, looks: 3, readableLooks: 3, queue: null }],
    });
  });

  it('a queue that is read in between is not one that nobody reads', () => {
    let fd = 0;
    const { world, report, later } = source((w) => {
      const device = w.queue(4);
      w.fault(device, 1);
      fd = device.fd;
    });
    world.owner.read(fd);
    later();
    expect(report().queues[0]).toMatchObject({ readable: false, readableNs: null, looks: 2, readableLooks: 1 });
  });

  it('tells descriptors of one open file where there is kcmp, and only there', () => {
    const two = (kcmp: boolean) =>
      source((w) => {
        w.processes.kcmp = kcmp;
        w.open(5, w.queue(4).fd);
      });
    expect(two(true).report().queues).toMatchObject([{ fd: 4, others: [5] }]);
    expect(two(false).report().queues).toMatchObject([
      { fd: 4, others: [] },
      { fd: 5, others: [] },
    ]);
  });

  it('without rights shows what there is, and says what is missing', () => {
    const { report } = source((w) => {
      w.queue(4);
      w.processes.refuse = { errno: Errno.EPERM, after: 0 };
    });
    expect(report().queues).toMatchObject([{ fd: 4, readable: null, looks: 0 }]);
    expect(report().unread[0]).toMatch(/^whether groups wait in its queues: EPERM; .*security module/);
  });

  it('finds what is opened and closed meanwhile', () => {
    const { world, later, report } = source((w) => void w.queue(4));
    world.queue(9);
    expect(later()).toMatchObject([{ action: 'notice', what: 'queue-opened' }]);
    expect(report().queues.map(({ fd }) => fd)).toEqual([4, 9]);
    world.closeNumber(4);
    expect(later()).toMatchObject([{ action: 'notice', what: 'queue-closed' }]);
    expect(report().queues.map(({ fd }) => fd)).toEqual([9]);
  });

  it('ends with the owner', () => {
    const { world, source: made, later } = source((w) => void w.queue(4));
    expect(made.watches).toHaveLength(1);
    world.end();
    expect(made.tick(world.kernel.now()).map(({ action }) => action)).toEqual(['notice', 'end']);
    expect(made.watches).toEqual([]);
    expect(made.nextDueNs()).toBeNull();
    expect(later()).toEqual([]);
    expect(made.close()).toEqual([]);
    expect(world.ours.size).toBe(0);
  });
});

describe('taking over', () => {
  it('at the start is told, and each open file is one queue', () => {
    const {
      world,
      source: made,
      report,
    } = source((w) => {
      w.processes.kcmp = false;
      w.open(5, w.queue(4).fd);
      w.queue(6);
    }, true);
    expect(made.tick(world.kernel.now())).toMatchObject([
      { what: 'taken', queue: 0, text: expect.stringContaining('descriptor 4') },
      { what: 'taken', queue: 1, text: expect.stringContaining('descriptor 6') },
    ]);
    expect(report()).toMatchObject({
      taken: true,
      queues: [
        { fd: 4, others: [5], queue: 0 },
        { fd: 6, queue: 1 },
      ],
    });
    expect(world.ours.size).toBe(3);
    expect(made.owner.take()).toEqual([]);
    expect(world.ours.size).toBe(3);
  });

  it('what is found to be one queue stays one when it is given back', () => {
    const {
      source: made,
      report,
      later,
    } = source((w) => {
      w.processes.kcmp = false;
      w.open(5, w.queue(4).fd);
    }, true);
    made.owner.giveBack([0]);
    later();
    expect(later()).toEqual([]);
    expect(report().queues).toMatchObject([{ fd: 4, others: [5], queue: null }]);
  });

  it('another descriptor of a taken queue is that queue; another queue is not', () => {
    for (const kcmp of [true, false]) {
      const { world, report, later } = source((w) => {
        w.processes.kcmp = kcmp;
        w.queue(4);
      }, true);
      later();
      world.open(5, world.descriptors.get(4) as number);
      expect(later()).toEqual([]);
      expect(report().queues).toMatchObject([{ fd: 4, others: [5], queue: 0 }]);
      world.queue(6);
      expect(later()).toMatchObject([{ what: 'queue-opened' }, { what: 'taken', queue: 1 }]);
    }
  });

  it('a number that is used again for another queue', () => {
    const { world, later, report } = source((w) => void w.queue(4), true);
    later();
    world.closeNumber(4);
    world.queue(4);
    expect(later().map((action) => ('what' in action ? action.what : action.action))).toEqual([
      'queue-opened',
      'close-queue',
      'taken',
    ]);
    expect(report().queues).toMatchObject([{ fd: 4, queue: 1 }]);
  });

  it('a queue that is opened later and cannot be taken stays with its owner, and that is said', () => {
    const { world, later, report } = source((w) => void w.queue(4), true);
    later();
    world.queue(6);
    world.processes.refuse = { errno: Errno.EMFILE, after: 0 };
    expect(later()).toMatchObject([
      { what: 'queue-opened' },
      { what: 'queue-opened', text: expect.stringMatching(/^not taken over: .*EMFILE; raise `ulimit -n`$/) },
    ]);
    expect(report().queues).toMatchObject([{ queue: 0 }, { fd: 6, queue: null }]);
  });

  it('with the owner’s end lets go', () => {
    const { world, source: made } = source((w) => void w.queue(4), true);
    made.tick(world.kernel.now());
    world.end();
    expect(made.tick(world.kernel.now()).map(({ action }) => action)).toEqual(['notice', 'close-queue', 'end']);
    made.closeQueue(0);
    expect(world.ours.size).toBe(1);
    expect(made.queues[0]?.closed).toBe(true);
  });

  it('is all or nothing', () => {
    let world!: World;
    expect(() =>
      source((w) => {
        world = w;
        w.queue(4);
        w.queue(5);
        w.processes.refuse = { errno: Errno.EMFILE, after: 1 };
      }, true),
    ).toThrow(Refusal);
    expect(world.ours.size).toBe(0);
  });
});

describe('devices', () => {
  it('have the name of the one device that the owner has', () => {
    const { source: made } = source((w) => {
      w.queue(4);
      w.open(8, 0, '/dev/vfio/devices/vfio0');
      w.files.links.set('/sys/class/vfio-dev/vfio0/device', '/sys/devices/0000:17:00.0');
    });
    made.seen(3);
    made.seen(3);
    expect(made.devices).toEqual([{ devId: 3, name: '0000:17:00.0', pasidCapable: false }]);
  });

  it('of several have a number', () => {
    const { source: made } = source((w) => {
      w.queue(4);
      for (const n of [0, 1]) {
        w.open(8 + n, 0, `/dev/vfio/devices/vfio${n}`);
        w.files.links.set(`/sys/class/vfio-dev/vfio${n}/device`, `/sys/devices/0000:17:00.${n}`);
      }
    });
    made.seen(3);
    expect(made.devices[0]?.name).toBe('device 3');
  });

  it('are not ours to change', () => {
    const { source: made } = source((w) => void w.queue(4));
    expect(abilitiesOf(made)).toEqual({
      answer: true,
      attach: false,
      map: false,
      trigger: false,
      owner: true,
      hold: false,
    });
  });
});

describe('stopping', () => {
  const stoppable = () => source((w) => void w.queue(4));
  const refusal = (call: () => void): string => {
    try {
      call();
    } catch (error) {
      if (error instanceof Refusal) return error.message;
      throw error;
    }
    return '';
  };

  it('what cannot be let go on stays stopped and written down, and goes on at the end', () => {
    const { world, source: made } = stoppable();
    expect(made.owner.stop()).toBe(true);
    world.processes.signalErrno = Errno.EPERM;
    expect(refusal(() => made.owner.resume())).toMatch(/cannot be continued: EPERM/);
    expect([made.owner.stopped, made.owner.goesOnAtEnd, world.undo]).toEqual([true, true, ['stopped']]);
    world.processes.signalErrno = 0;
    expect(made.close()).toEqual([]);
    expect([world.threads[0]?.state, world.undo]).toEqual(['S', []]);
  });

  it('is given up where a thread does not stand still; what cannot be let go on then stays written down', () => {
    const { world, source: made } = stoppable();
    world.thread({ tid: 101, state: 'D', stuck: true });
    expect(refusal(() => made.owner.stop())).toMatch(/thread 101 waits in the kernel/);
    expect([made.owner.stopped, world.threads[0]?.state, world.undo]).toEqual([false, 'S', []]);
    const { sendSignal } = world.processes;
    world.processes.sendSignal = (pidfd, signal) =>
      signal === Signal.CONT ? -Errno.EPERM : sendSignal.call(world.processes, pidfd, signal);
    expect(refusal(() => made.owner.stop())).toMatch(/cannot be continued: EPERM/);
    expect([made.owner.stopped, world.undo]).toEqual([true, ['stopped']]);
    expect(made.close().map(({ message }) => message)).toEqual([expect.stringContaining('EPERM')]);
    expect(world.undo).toEqual(['stopped']);
  });

  it('one that has ended meanwhile is not ours any more', () => {
    const { world, source: made } = stoppable();
    made.owner.stop();
    world.end();
    expect(refusal(() => made.owner.resume())).toMatch(/has ended/);
    expect([made.owner.stopped, world.undo]).toEqual([false, []]);
    made.close();
  });
});
