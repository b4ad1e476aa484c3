import { describe, expect, it } from 'vitest';
import type { PageRequest } from '../../src/scenario/behaviour.ts';
import { EventSchedule } from '../../src/scenario/events.ts';
import { parseScenario } from '../../src/scenario/parse.ts';
import { makeDevices, type PagingDevice } from '../../src/scenario/scenario.ts';

const SUCCESS = 0;
const INVALID = 1;
const MS = 1_000_000n;
const S = 1000n * MS;

const scenario = (device: string, workload: string) =>
  parseScenario(
    `name = "s"\ndescription = "d"\n[[device]]\nname = "dev"\n${device}\n[[device.workload]]\n${workload}`,
    's.toml',
  );

/** Plays one device by hand: what it asked for, and answers to it. */
class Bench {
  readonly device: PagingDevice;
  readonly asked: PageRequest[] = [];
  readonly mapped = new Set<bigint>();
  now = 0n;

  constructor(device: string, workload: string, seed = 1) {
    this.device = makeDevices(scenario(device, workload), { seed })[0] as PagingDevice;
    this.device.start(0n, { isMapped: (_pasid, addr) => this.mapped.has(addr) });
  }

  /** Lets it act until `until`; returns what it asked for meanwhile. */
  runTo(until: bigint): PageRequest[] {
    const from = this.asked.length;
    for (let due = this.device.nextDue(); due !== undefined && due <= until; due = this.device.nextDue()) {
      if (due > this.now) this.now = due;
      this.device.tick(this.now, (request) => this.asked.push(request));
    }
    this.now = until;
    return this.asked.slice(from);
  }

  answer({ pasid, grpid }: PageRequest, code: 0 | 1): void {
    this.device.onResponse({ pasid, grpid, code, now: this.now });
  }
}

describe('a device', () => {
  it('asks no more than its credits allow, and goes on when it is answered', () => {
    const bench = new Bench('credits = 3', 'kind = "burst"\nevery = "1s"\ncount = 5');
    const first = bench.runTo(10n * S);
    expect(first.map((r) => r.grpid)).toEqual([0, 1, 2]);
    expect(bench.device.stats.outstanding).toBe(3);
    expect(bench.device.note(bench.now)).toBe('out of credits (3)');
    bench.answer(first[1] as PageRequest, SUCCESS);
    expect(bench.runTo(10n * S).map((r) => r.grpid)).toEqual([1]);
  });

  it('is content with SUCCESS where a guest has put the page in place', () => {
    const bench = new Bench('resolve = "guest"', 'kind = "stuck"\nevery = "10s"');
    bench.answer(bench.runTo(0n)[0] as PageRequest, SUCCESS);
    expect(bench.runTo(5n * S)).toEqual([]);
    expect(bench.device.stats).toMatchObject({ faults: 1, resolved: 1, retries: 0, outstanding: 0 });
  });

  it('faults at the same page again after SUCCESS where nothing is mapped', () => {
    const bench = new Bench('resolve = "mapped"\nretry_delay = "10ms"', 'kind = "refault"\nrate = 100\ncount = 1');
    const [first] = bench.runTo(S) as [PageRequest];
    bench.answer(first, SUCCESS);
    expect(bench.runTo(bench.now + 9n * MS)).toEqual([]);
    const [again] = bench.runTo(bench.now + MS) as [PageRequest];
    expect(again.addr).toBe(first.addr);
    bench.mapped.add(first.addr);
    bench.answer(again, SUCCESS);
    const next = bench.runTo(bench.now + S);
    expect(next[0]?.addr).toBe(first.addr + 4096n);
    expect(bench.device.stats).toMatchObject({ retries: 1, resolved: 1 });
  });

  it('asks only for the pages of a group that are still missing', () => {
    const bench = new Bench('resolve = "mapped"', 'kind = "multi-page"\nrate = 1\ngroup_pages = [4]\npages = 4');
    const group = bench.runTo(30n * S).slice(0, 4);
    expect(group.map((r) => r.last)).toEqual([false, false, false, true]);
    for (const i of [0, 2]) bench.mapped.add((group[i] as PageRequest).addr);
    bench.answer(group[3] as PageRequest, SUCCESS);
    const again = bench.runTo(bench.now + MS).filter((r) => r.grpid === group[0]?.grpid);
    expect(again.map((r) => [r.addr, r.last])).toEqual([
      [group[1]?.addr, false],
      [group[3]?.addr, true],
    ]);
  });

  it('gives up after INVALID and starts another job after its pause', () => {
    const bench = new Bench('pause = "2s"', 'kind = "burst"\nevery = "1ms"\ncount = 1');
    bench.answer(bench.runTo(0n)[0] as PageRequest, INVALID);
    expect(bench.device.note(bench.now)).toBe('gave up, restarts in 2.0 s');
    expect(bench.runTo(2n * S - 1n)).toEqual([]);
    expect(bench.runTo(2n * S)).toHaveLength(1);
    expect(bench.device.stats.givenUp).toBe(1);
  });

  it('bears an INVALID that comes while it is still asking', () => {
    const bench = new Bench('', 'kind = "multi-page"\nrate = 1000\ngroup_pages = [3]');
    const { device } = bench;
    const due = device.nextDue() as bigint;
    device.tick(due, ({ pasid, grpid }) => device.onResponse({ pasid, grpid, code: INVALID, now: due }));
    expect(device.stats).toMatchObject({ faults: 3, groups: 1, givenUp: 1, outstanding: 0 });
    expect(device.nextDue()).toBe(due + S);
  });

  it('hangs when it is not answered in time, and comes back with the answer', () => {
    const bench = new Bench('timeout = "2s"\non_timeout = "hang"', 'kind = "steady"\nrate = 1000');
    const [first] = bench.runTo(4n * MS);
    bench.runTo(60n * S);
    const stats = bench.device.stats;
    expect(stats.hungSince).not.toBeNull();
    expect(bench.device.note(bench.now)).toMatch(/^stuck for 5\d\.\d s, no answer$/);
    expect(stats.groups).toBe(32);
    for (const request of bench.asked.slice()) bench.answer(request, SUCCESS);
    expect(bench.device.stats.hungSince).toBeNull();
    expect(first).toBeDefined();
    expect(bench.runTo(bench.now + S).length).toBeGreaterThan(0);
  });

  it('keeps the index of a group that it has abandoned until the answer comes', () => {
    const bench = new Bench('timeout = "1s"\non_timeout = "abandon"\ncredits = 1', 'kind = "stuck"\nevery = "1ms"');
    const [first] = bench.runTo(0n) as [PageRequest];
    const [second] = bench.runTo(S + 2n * MS) as [PageRequest];
    expect([first.grpid, second.grpid]).toEqual([0, 1]);
    bench.answer(first, INVALID);
    expect(bench.device.stats).toMatchObject({ timedOut: 1, givenUp: 0, outstanding: 1 });
  });

  it('starts from nothing after a reset', () => {
    const bench = new Bench('timeout = "1s"\non_timeout = "reset"\npause = "5s"', 'kind = "steady"\nrate = 100');
    bench.runTo(2n * S);
    expect(bench.device.stats.outstanding).toBe(0);
    expect(bench.runTo(5n * S)).toEqual([]);
    expect(bench.runTo(7n * S).length).toBeGreaterThan(0);
  });

  it('asks as often as its rate says, on average', () => {
    const bench = new Bench('credits = 512', 'kind = "steady"\nrate = 50');
    for (let s = 1n; s <= 200n; s++) for (const r of bench.runTo(s * S)) bench.answer(r, SUCCESS);
    expect(bench.asked.length / 200).toBeGreaterThan(47);
    expect(bench.asked.length / 200).toBeLessThan(53);
  });

  it('does the same again with the same seed, and something else with another', () => {
    const play = (seed: number) => new Bench('credits = 512', 'kind = "steady"\nrate = 50', seed).runTo(5n * S);
    expect(play(7)).toEqual(play(7));
    expect(play(7)).not.toEqual(play(8));
  });
});

describe('makeDevices', () => {
  it('multiplies rates', () => {
    const count = (rate: number) => {
      const [device] = makeDevices(scenario('credits = 512', 'kind = "burst"\nevery = "1s"\ncount = 1'), {
        seed: 1,
        rate,
      }) as [PagingDevice];
      device.start(0n, { isMapped: () => true });
      for (let due = device.nextDue(); due !== undefined && due < 10n * S; due = device.nextDue()) {
        device.tick(due, () => {});
      }
      return device.stats.groups;
    };
    expect([count(1), count(4)]).toEqual([10, 40]);
    expect(() => makeDevices(scenario('', 'kind = "stuck"'), { seed: 1, rate: 0 })).toThrow(RangeError);
  });
});

describe('EventSchedule', () => {
  it('gives events at their time, and again where they repeat', () => {
    const events = parseScenario(
      'name = "s"\ndescription = "d"\n[[device]]\nname = "a"\n[[device.workload]]\nkind = "stuck"\n' +
        '[[event]]\nat = "3s"\naction = "detach"\ndevice = "a"\n' +
        '[[event]]\nat = "1s"\naction = "replace"\ndevice = "a"\nevery = "4s"',
      's.toml',
    );
    const schedule = new EventSchedule(events, 100n * S);
    expect(schedule.nextDue()).toBe(101n * S);
    expect(schedule.take(100n * S)).toEqual([]);
    expect(schedule.take(103n * S).map((e) => e.action)).toEqual(['replace', 'detach']);
    expect(schedule.nextDue()).toBe(107n * S);
  });
});
