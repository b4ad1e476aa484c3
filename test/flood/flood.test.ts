// More than anybody has, on the simulated kernel: nothing is lost, and memory does not grow with it.
import { describe, expect, it } from 'vitest';
import { Outbox } from '../../src/engine/thread/outbox.ts';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { SimKernel } from '../../src/kernel/sim/sim.ts';
import type { FromEngine } from '../../src/protocol/messages.ts';
import { streamColumns } from '../../src/ui/panels/stream/columns.ts';
import { fitColumns, rowLine } from '../../src/ui/text/table.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { allThere, queue, readAll, sourceOn } from './floods.ts';

const kernel = (): SimKernel => new SimKernel({ clock: new VirtualClock() });
const figure = (what: string, value: string): void =>
  tellFigure({ topic: 'Floods', what, value, repeat: 'npm test -- test/flood' });

describe('on the simulated kernel', () => {
  it('a million faults that were queued before the start are read and answered', () => {
    const source = sourceOn(kernel());
    queue(source, 1_000_000);
    const run = readAll(source, [{ then: 'success' }]);
    allThere(run, 1_000_000, 1_000_000);
    expect(run.session.snapshot(0, 0).counters).toMatchObject({ success: 1_000_000, pending: 0 });
    // The history is bounded.
    expect(run.session.snapshot(0, 0).counters.evicted).toBeGreaterThan(850_000);
    run.session.close();
    figure('faults queued before the start', '1,000,000, none lost');
  }, 120_000);

  it('200,000 groups are outstanding, and one command answers them all', () => {
    const source = sourceOn(kernel());
    queue(source, 200_000);
    const run = readAll(source);
    allThere(run, 200_000, 200_000);
    expect(
      run.session
        .snapshot(199_990, 10)
        .pending.map(({ group }) => group)
        .at(-1),
    ).toBe(200_000);
    run.session.command({ cmd: 'respond', all: true, code: 'invalid' }, 'script');
    expect(run.session.snapshot(0, 0).counters).toMatchObject({ invalid: 200_000, pending: 0 });
    run.session.close();
    figure('groups outstanding at once', '200,000, all answered by one command');
  }, 120_000);

  it('groups of 2,048 faults, and their pages, come whole', () => {
    const source = sourceOn(kernel());
    queue(source, 32, 2_048);
    const run = readAll(source);
    allThere(run, 32, 32 * 2_048);
    expect(run.session.snapshot().pending.every(({ faults }) => faults === 2_048)).toBe(true);
    run.session.close();
    figure('groups of 2,048 faults', '32, each whole');
  }, 120_000);

  it('256 devices with 4,096 PASIDs each are counted, and told apart as far as memory is bounded', {
    tags: ['long'],
    timeout: 120_000,
  }, () => {
    const source = sourceOn(
      kernel(),
      Array.from({ length: 256 }, () => ({ pasid: true, hwpt: 'nested' as const })),
    );
    for (const { devId } of source.devices) {
      for (let pasid = 1; pasid <= 4_096; pasid++)
        source.triggering?.trigger({ devId, pasid, grpid: 1, perm: 1, addr: 0x1000n });
    }
    const run = readAll(source, [{ then: 'success' }]);
    const all = 256 * 4_096;
    allThere(run, all, all);
    const sources = [...run.session.state.ledger.requesters.values()];
    expect(sources.length).toBeLessThanOrEqual(4_096 + 256);
    expect(sources.reduce((sum, { groups }) => sum + groups, 0)).toBe(all);
    run.session.close();
    figure('devices × PASIDs that fault', `256 × 4,096 = ${thousands(all)}; ${thousands(sources.length)} told apart`);
  });
});

describe('a front end that never reads', () => {
  it('costs no more memory however long it goes on', () => {
    const outbox = new Outbox(
      () => {},
      () => 0,
    );
    const batch: FromEngine = {
      type: 'batch',
      t: 0,
      queue: 0,
      firstSeq: 1,
      firstGroup: 1,
      records: new Uint8Array(40),
    };
    const places: number[] = [];
    for (let i = 0; i < 1_000_000; i++) {
      outbox.push(batch);
      if (i % 250_000 === 249_999) places.push(outbox.places);
    }
    expect(Math.max(...places)).toBeLessThan(150_000);
    let faults = 0;
    let kept = 0;
    const all = new Outbox(
      (packet) => {
        for (const message of packet) {
          if (message.type === 'dropped') faults += message.faults;
          if (message.type === 'batch') kept++;
        }
      },
      () => 0,
    );
    for (let i = 0; i < 400_000; i++) all.push(batch);
    all.drain();
    expect(faults + kept).toBe(400_000);
    expect(all.dropped).toBe(faults);
    figure('messages to a front end that never reads', `1,000,000; at most ${thousands(Math.max(...places))} places`);
  });
});

describe('the numbers of the stream', () => {
  it.each([999_999, 9_999_999, 1_234_567_890])('are shown whole at %i, on 80 columns too', (newest) => {
    const fitted = fitColumns(streamColumns(8, 'relative', { faults: newest, groups: newest }), 76);
    const line = rowLine(fitted, { seq: `${newest}`, group: `${newest}` });
    for (const id of ['seq', 'group']) {
      if (fitted.columns.some(({ column }) => column.id === id)) expect(line).toContain(`${newest}`);
    }
    expect(line).not.toContain('…');
  });
});
