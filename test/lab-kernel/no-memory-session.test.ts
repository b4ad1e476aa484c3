// Every operation of a session on the running kernel's selftest devices, with each allocation in it failing once: what fails
// is said, no group is lost, everything is torn down.
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Command } from '../../src/protocol/messages.ts';
import { mockSource } from '../../src/sources/owned/device-source.ts';
import { OwnedSource } from '../../src/sources/owned/owned-source.ts';
import { isExpected } from '../../src/text/refusal.ts';
import { INFO, ofType, type Rig, type RigOptions, rig } from '../engine/fixture.ts';
import { tellFigure } from '../helpers/figures.ts';
import { descriptors, letAllocationsFail, ShortOfMemory } from './fail-nth.ts';

const FAULTS = 3;
/** ENOENT and EFAULT: lookups and user memory of a selftest kernel fail too where they are asked to (iommufd_should_fail). */
const SAID = ['ENOMEM', 'ENOENT', 'EFAULT', 'EINVAL'];
const MOST = 2_000;

let putBack: () => void;
let kernel: ShortOfMemory;

beforeAll(() => {
  putBack = letAllocationsFail();
  kernel = new ShortOfMemory();
});

afterAll(() => {
  kernel.end();
  putBack();
});

const SOURCES = [
  { name: 'mock0', pasid: true, hwpt: 'paging', pasids: [1] },
  { name: 'mock1', pasid: false, hwpt: 'nested', pasids: [] },
] as const;
const open = (options: RigOptions = {}): Rig =>
  rig({
    ...options,
    on: new OwnedSource({ kernel, info: INFO, devices: SOURCES.map((source) => mockSource({ ...source })) }),
  });

const does =
  (command: (run: Rig) => Command) =>
  (run: Rig): void =>
    run.session.command(command(run), 'script');

interface Operation {
  options?: RigOptions;
  /** Before anything fails. */
  before?: (run: Rig) => void;
  act: (run: Rig) => void;
}

const faults = (run: Rig): void => run.fault(FAULTS);
const trigger = (run: Rig): void => {
  const { source } = run.session.state;
  for (let grpid = 0; grpid < FAULTS; grpid++)
    source.triggering?.trigger({ devId: run.devId(), pasid: grpid === 1 ? 1 : null, grpid, perm: 1, addr: 0x1000n });
};

const OPERATIONS: Record<string, Operation> = {
  trigger: { act: does((run) => ({ cmd: 'trigger', devId: run.devId(), count: FAULTS })) },
  'poll and read': { before: trigger, act: ({ session }) => void session.step(0) },
  'read and respond, by a rule for all': {
    options: { rules: [{ then: 'success' }] },
    before: trigger,
    act: ({ session }) => void session.step(0),
  },
  'read and respond, by a rule with a condition': {
    options: { rules: [{ when: 'read', then: 'invalid' }] },
    before: trigger,
    act: ({ session }) => void session.step(0),
  },
  respond: { before: faults, act: does(() => ({ cmd: 'respond', all: true, code: 'success' })) },
  'map and respond': { before: faults, act: does(() => ({ cmd: 'respond', all: true, code: 'map' })) },
  'attach a PASID': {
    act: does((run) => ({ cmd: 'attach', devId: run.devId(), pasid: 2, hwpt: 'new-paging' })),
  },
  'replace with a paging HWPT': {
    before: faults,
    act: does((run) => ({ cmd: 'replace', devId: run.devId(), hwpt: 'new-paging' })),
  },
  'replace with a nested HWPT': {
    before: faults,
    act: does((run) => ({ cmd: 'replace', devId: run.devId(), hwpt: 'new-nested' })),
  },
  'replace the HWPT of a PASID': {
    before: trigger,
    act: does((run) => ({ cmd: 'replace', devId: run.devId(), pasid: 1, hwpt: 'new-paging' })),
  },
  detach: { before: trigger, act: does((run) => ({ cmd: 'detach', devId: run.devId() })) },
  'detach a PASID': { before: trigger, act: does((run) => ({ cmd: 'detach', devId: run.devId(), pasid: 1 })) },
};

/** All groups are accounted for, and what was said can be said. */
function check(run: Rig): void {
  const { groups, success, invalid, auto, pending } = run.session.snapshot().counters;
  expect(success + invalid + auto + pending).toBe(groups);
  for (const { kind, errno } of ofType(run.events, 'error')) if (kind === 'kernel') expect(SAID).toContain(errno);
}

/** Lets the nth allocation in `act` fail, for every n. Returns how many there were. */
function everyNth(act: (nth: number) => void): number {
  for (let nth = 1; nth < MOST; nth++) {
    act(nth);
    const unused = kernel.left;
    kernel.left = 0;
    if (unused > 0) return nth - 1;
  }
  throw new Error(`more than ${MOST} allocations`);
}

const tell = (what: string, count: number): void =>
  tellFigure({
    topic: 'Allocation failures',
    what,
    value: `each of ${count} allocations failed once; no group was lost, nothing was left`,
    repeat: 'npm run test:kernel -- test/lab-kernel/no-memory-session.test.ts',
  });

describe('with each allocation failing once', () => {
  it('start', () => {
    open().session.close();
    const before = descriptors();
    const count = everyNth((nth) => {
      kernel.left = nth;
      try {
        const { session } = open();
        const left = kernel.left;
        kernel.left = 0;
        session.close();
        kernel.left = left;
      } catch (error) {
        kernel.left = 0;
        if (!isExpected(error)) throw error;
        expect(error.message).toMatch(/ENOMEM|ENOENT|EFAULT|EINVAL|EMFILE/);
      }
      expect([nth, descriptors()]).toEqual([nth, before]);
    });
    expect(count).toBeGreaterThan(20);
    tell('start on selftest devices', count);
  });

  it.each(Object.entries(OPERATIONS))('%s', (name, { options, before, act }) => {
    open().session.close();
    const fds = descriptors();
    let failed = 0;
    const count = everyNth((nth) => {
      const run = open(options);
      before?.(run);
      kernel.left = nth;
      act(run);
      const left = kernel.left;
      kernel.left = 0;
      failed += ofType(run.events, 'error').length;
      check(run);
      // It goes on as if nothing had been.
      run.session.step(0);
      check(run);
      const errors = ofType(run.events, 'error').length;
      const { counters, outstanding } = run.session.close();
      expect(counters.pending).toBe(outstanding.groups - outstanding.answered);
      expect(ofType(run.events, 'error').slice(errors)).toEqual([]);
      expect([nth, descriptors()]).toEqual([nth, fds]);
      kernel.left = left;
    });
    if (count > 0 && /attach|replace/.test(name)) expect(failed).toBeGreaterThan(0);
    tell(name, count);
  });

  it('shutdown', () => {
    const fds = descriptors();
    const count = everyNth((nth) => {
      const run = open({ onExit: 'invalid' });
      trigger(run);
      kernel.left = nth;
      const { counters, outstanding } = run.session.close();
      const left = kernel.left;
      kernel.left = 0;
      expect(counters.pending).toBe(outstanding.groups - outstanding.answered);
      expect([nth, descriptors()]).toEqual([nth, fds]);
      kernel.left = left;
    });
    tell('shutdown', count);
  });
});
