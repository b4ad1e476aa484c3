// Floods on the running kernel. IOPFTOP_SOAK=full: a million faults, as on the simulated one.
import { describe, expect, it } from 'vitest';
import { LinuxKernel } from '../../src/kernel/linux/linux.ts';
import { allThere, queue, readAll, sourceOn } from '../flood/floods.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';

const QUEUED = process.env.IOPFTOP_SOAK === 'full' ? 1_000_000 : 200_000;
const OUTSTANDING = 65_536;
const repeat = 'npm run test:kernel -- test/lab-kernel/flood.test.ts';

describe('on the running kernel', () => {
  it('faults that were queued before the start are read and answered', () => {
    const source = sourceOn(new LinuxKernel());
    queue(source, QUEUED);
    const run = readAll(source, [{ then: 'success' }]);
    allThere(run, QUEUED, QUEUED);
    expect(run.session.snapshot(0, 0).counters).toMatchObject({ success: QUEUED, pending: 0 });
    run.session.close();
    tellFigure({
      topic: 'Floods',
      what: 'faults queued before the start',
      value: `${thousands(QUEUED)}, none lost`,
      repeat,
    });
  });

  it('65,536 groups are outstanding, and one command answers them all', () => {
    const source = sourceOn(new LinuxKernel());
    queue(source, OUTSTANDING);
    const run = readAll(source);
    allThere(run, OUTSTANDING, OUTSTANDING);
    run.session.command({ cmd: 'respond', all: true, code: 'invalid' }, 'script');
    expect(run.session.snapshot(0, 0).counters).toMatchObject({ invalid: OUTSTANDING, pending: 0 });
    run.session.close();
    tellFigure({
      topic: 'Floods',
      what: 'groups outstanding at once',
      value: '65,536, all answered by one command',
      repeat,
    });
  });

  it('groups of 2,048 faults, and longer ones than an ordinary read takes, come whole', () => {
    const source = sourceOn(new LinuxKernel());
    queue(source, 4, 2_048);
    queue(source, 1, 2_049);
    queue(source, 1, 5_000);
    const run = readAll(source);
    allThere(run, 6, 4 * 2_048 + 2_049 + 5_000);
    expect(run.session.snapshot().pending.map(({ faults }) => faults)).toEqual([
      2_048, 2_048, 2_048, 2_048, 2_049, 5_000,
    ]);
    run.session.close();
    tellFigure({
      topic: 'Floods',
      what: 'groups of 2,048 faults and more',
      value: '6, of up to 5,000, each whole',
      repeat,
    });
  });
});
