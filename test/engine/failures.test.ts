// A kernel that refuses: nothing that it delivered is lost, and whoever waits for an answer is listed.
import { beforeEach, describe, expect, it } from 'vitest';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import type { Rule } from '../../src/protocol/messages.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { PageResponse } from '../../src/uapi/iommufd.ts';
import { PgfaultPerm } from '../../src/uapi/perm.ts';
import { LAB_PERM_PARTIAL } from '../../src/uapi/selftest.ts';
import { FailingKernel } from './failing-kernel.ts';
import { ofType, type Rig, type RigOptions, rig } from './fixture.ts';

const ALL: Rule[] = [{ name: 'all', then: 'success' }];
const SOME: Rule[] = [{ name: 'reads', when: 'read', then: 'success' }];

let kernel: FailingKernel;
let clock: VirtualClock;
const failing = (options: RigOptions = {}): Rig => rig({ kernel, ...options });
const messages = ({ events }: Rig) => ofType(events, 'error').map(({ message }) => message);
const counters = ({ session }: Rig) => session.snapshot().counters;
/** Steps until session time has gone on by so many milliseconds. */
function pass({ session }: Rig, milliseconds: number): void {
  const untilNs = session.state.nowNs() + milliseconds * 1e6;
  while (session.state.nowNs() < untilNs) session.step(untilNs);
  session.step(0);
}

beforeEach(() => {
  clock = new VirtualClock();
  kernel = new FailingKernel({ clock });
});

describe('a read that fails', () => {
  it('once for want of memory is tried again at once, and nobody hears of it', () => {
    const run = failing();
    kernel.fail('read', Errno.ENOMEM, 1);
    run.fault(3);
    expect(counters(run)).toMatchObject({ faults: 3, pending: 3 });
    expect(messages(run)).toEqual([]);
  });

  it('for a while is told, and the queue is read when it can be', () => {
    const run = failing();
    kernel.fail('read', Errno.ENOMEM, 6);
    run.fault(3);
    expect(counters(run)).toMatchObject({ faults: 0 });
    expect(messages(run)).toEqual(['read fault queue (fault object 2): ENOMEM, out of memory; the group stays queued']);
    pass(run, 1_000);
    expect(counters(run)).toMatchObject({ faults: 3, pending: 3 });
  });

  it('for ever for want of memory is tried ten times a second, and never given up', () => {
    const run = failing();
    kernel.fail('read', Errno.ENOMEM);
    run.fault();
    const before = kernel.calls.read;
    pass(run, 10_000);
    expect(kernel.calls.read - before).toBeLessThanOrEqual(210);
    kernel.fail('read', Errno.ENOMEM, 0);
    pass(run, 200);
    expect(counters(run)).toMatchObject({ faults: 1 });
  });

  it('for ever otherwise is given up after ten, which is told, and keeps no attachment', () => {
    const run = failing();
    kernel.fail('read', Errno.EIO);
    run.fault();
    pass(run, 3_000);
    expect(messages(run).filter((text) => /giving up/.test(text))).toEqual([
      expect.stringMatching(/^giving up on queue 0 after repeated failures: read fault queue/),
    ]);
    const reads = kernel.calls.read;
    pass(run, 3_000);
    run.session.command({ cmd: 'detach', id: 1, devId: run.devId() }, 'script');
    expect(kernel.calls.read).toBe(reads + 1);
    expect(ofType(run.events, 'done')).toMatchObject([{ id: 1, cmd: 'detach' }]);
  });

  it('keeps an attachment from being detached: what waits would be gone unseen', () => {
    const run = failing();
    run.session.state.source.triggering?.trigger({ devId: run.devId(), pasid: null, grpid: 1, perm: 1, addr: 0n });
    kernel.fail('read', Errno.ENOMEM, 2);
    run.session.command({ cmd: 'detach', id: 1, devId: run.devId() }, 'script');
    expect(ofType(run.events, 'error')).toMatchObject([{ id: 1, errno: 'ENOMEM' }]);
    expect(run.session.state.source.attachments).toHaveLength(1);
    run.session.command({ cmd: 'detach', id: 2, devId: run.devId() }, 'script');
    expect(counters(run)).toMatchObject({ faults: 1, auto: 1, pending: 0 });
  });
});

describe('a write that fails', () => {
  it.each([
    ['a rule for all', ALL],
    ['a rule with a condition', SOME],
  ])('of %s leaves its groups pending, and it tries again', (_, rules) => {
    const run = failing({ rules });
    kernel.fail('write', Errno.ENOMEM, 4);
    run.fault(3);
    expect(counters(run)).toMatchObject({ groups: 3, success: 0, pending: 3 });
    expect(messages(run)).toHaveLength(1);
    pass(run, 1_000);
    expect(counters(run)).toMatchObject({ groups: 3, success: 3, auto: 0, pending: 0 });
  });

  it('of a command is its answer, and the groups stay pending', () => {
    const run = failing();
    run.fault(3);
    kernel.fail('write', Errno.ENOMEM, 2);
    run.session.command({ cmd: 'respond', id: 7, all: true, code: 'success' }, 'script');
    expect(ofType(run.events, 'error')).toMatchObject([{ id: 7, operation: 'write page response', errno: 'ENOMEM' }]);
    expect(counters(run)).toMatchObject({ success: 0, pending: 3 });
  });

  it('says at the end how many were given SUCCESS with no memory mapped', () => {
    const run = failing({ onExit: 'success' });
    run.fault(1);
    run.session.command({ cmd: 'respond', group: 1, code: 'map' }, 'key');
    run.fault(1);
    run.fault(2, null, 0x7777_0000n);
    const { outstanding } = run.session.close();
    expect(outstanding).toEqual({ groups: 3, plan: 'success', answered: 3, unmapped: 2 });
    expect(run.session.state.journal.recent.at(-1)).toMatchObject({ action: 'end', unmapped: 2 });
  });

  it('counts of those with no memory mapped only what was given SUCCESS, not what was gone', () => {
    const run = failing({ onExit: 'success' });
    run.fault(3);
    const { state } = run.session;
    const [first] = state.ledger.pending.values();
    // Somebody else's answer: the kernel knows the cookie no more.
    state.source.queues[0]?.respond(new Uint8Array(Uint32Array.of(first?.cookie ?? 0, PageResponse.INVALID).buffer), 1);
    const { outstanding } = run.session.close();
    expect(outstanding).toEqual({ groups: 3, plan: 'success', answered: 2, gone: 1, unmapped: 2 });
  });

  it('at the end is told, and what was not answered is outstanding', () => {
    const run = failing({ onExit: 'success' });
    run.fault(3);
    kernel.fail('write', Errno.EIO);
    const { outstanding, counters: end } = run.session.close();
    expect(outstanding).toEqual({ groups: 3, plan: 'success', answered: 0 });
    expect(end).toMatchObject({ groups: 3, success: 0, pending: 3 });
    expect(messages(run)).toHaveLength(1);
  });

  it('with a short count, which says nothing of the next one', () => {
    class Short extends FailingKernel {
      override write(fd: number, bytes: Uint8Array, count = bytes.byteLength): number {
        return super.write(fd, bytes, Math.min(count, 8));
      }
    }
    const run = failing({ rules: ALL, kernel: new Short({ clock }) });
    run.fault(3);
    expect(counters(run)).toMatchObject({ success: 3, auto: 0 });
  });
});

describe('poll', () => {
  it('that has no memory does not keep faults from being read', () => {
    const run = failing();
    kernel.fail('poll', Errno.ENOMEM);
    run.fault(2);
    expect(counters(run)).toMatchObject({ faults: 2 });
    expect(messages(run)).toEqual(['poll: ENOMEM, out of memory']);
    const polls = kernel.calls.poll;
    pass(run, 1_000);
    expect(kernel.calls.poll - polls).toBeLessThanOrEqual(12);
  });

  it('that has no memory is not called again and again, either where a burst is practised', () => {
    class Real extends FailingKernel {
      override readonly name = 'linux' as never;
    }
    const real = new Real({ clock });
    const run = failing({ kernel: real });
    real.fail('poll', Errno.ENOMEM);
    pass(run, 1_500);
    const polls = real.calls.poll;
    pass(run, 1_000);
    expect(real.calls.poll - polls).toBeGreaterThan(0);
    expect(real.calls.poll - polls).toBeLessThanOrEqual(12);
  });

  it('that calls an empty queue ready for ever is not believed for ever', () => {
    class Eager extends FailingKernel {
      override poll(fds: Parameters<FailingKernel['poll']>[0], timeoutMs: number): number {
        const awake = fds.slice(1).filter(({ fd }) => fd >= 0);
        super.poll(fds, awake.length > 0 ? 0 : timeoutMs);
        for (const fd of awake) fd.revents = 8;
        return fds.filter(({ revents }) => revents !== 0).length;
      }
    }
    const eager = new Eager({ clock });
    const run = failing({ kernel: eager });
    pass(run, 1_000);
    expect(eager.calls.read).toBeLessThanOrEqual(40);
    run.fault(2);
    pass(run, 200);
    expect(counters(run)).toMatchObject({ faults: 2 });
  });
});

describe('a group that is longer than an ordinary read', () => {
  const long = (run: Rig, faults: number): void => {
    const { source } = run.session.state;
    const request = { devId: run.devId(), pasid: null, grpid: 1, addr: 0n };
    for (let i = 1; i < faults; i++)
      source.triggering?.trigger({ ...request, perm: PgfaultPerm.READ | LAB_PERM_PARTIAL });
    source.triggering?.trigger({ ...request, perm: PgfaultPerm.READ });
  };

  it.each([2_047, 2_048, 2_049, 16_384])('%i faults come as one group, and so does what is behind it', (faults) => {
    const run = failing();
    long(run, faults);
    run.fault(2);
    pass(run, 10);
    expect(counters(run)).toMatchObject({ faults: faults + 2, groups: 3, pending: 3 });
    expect(messages(run)).toEqual([]);
  });

  it('is read where the kernel says 0 in place of EINVAL, as 6.11 does', () => {
    class Old extends FailingKernel {
      override read(fd: number, bytes: Uint8Array, count?: number): number {
        return Math.max(0, super.read(fd, bytes, count));
      }
    }
    const run = failing({ kernel: new Old({ clock }) });
    long(run, 3_000);
    run.session.step(0);
    run.session.step(0);
    expect(counters(run)).toMatchObject({ faults: 3_000, groups: 1 });
  });

  it('is said to be unreadable from 16,385 on, costs no time, and keeps no attachment', () => {
    const run = failing();
    long(run, 16_385);
    run.session.step(0);
    expect(messages(run)).toEqual([expect.stringMatching(/a group of more than 16384 faults waits/)]);
    const before = kernel.calls.read;
    pass(run, 10_000);
    expect(kernel.calls.read - before).toBeLessThanOrEqual(25);
    run.session.command({ cmd: 'detach', id: 1, devId: run.devId() }, 'script');
    expect(ofType(run.events, 'done')).toMatchObject([{ id: 1, cmd: 'detach' }]);
  });
});

describe('a cookie that comes again while its group is pending', () => {
  it('settles that group: somebody else has changed its attachment, and an answer would go to the new one', () => {
    class Reusing extends FailingKernel {
      override read(fd: number, bytes: Uint8Array, count?: number): number {
        const read = super.read(fd, bytes, count);
        for (let at = 36; at < read; at += 40) bytes.fill(0, at, at + 4).set([1], at);
        return read;
      }
    }
    for (const rules of [[], ALL, [{ when: 'addr > 0x2000', then: 'success' } as const]]) {
      const run = failing({ kernel: new Reusing({ clock }), rules: [{ when: 'addr == 0', then: 'hold' }, ...rules] });
      run.fault(1, null, 0n);
      run.session.command({ cmd: 'policy', rules: [...rules] }, 'script');
      run.fault(1, null, 0x3000n);
      expect(ofType(run.events, 'auto-responded')).toMatchObject([{ groups: [1], reason: 'reused' }]);
      expect(counters(run).auto).toBe(1);
      expect(run.session.snapshot().pending.map(({ group }) => group)).toEqual(rules.length === 0 ? [2] : []);
    }
  });
});
