// Hosts whose devices are in use, over a kernel that lies and refuses while that is looked at: files are refused with any errno but
// those that say that there is nothing, which are believed. A device that is in use is never unbound.
// IOPFTOP_FUZZ_RUNS says how many runs, IOPFTOP_FUZZ_SEED where they begin.
import { expect, test } from 'vitest';
import { VirtualClock } from '../../src/kernel/sim/clock.ts';
import { Random } from '../../src/scenario/random.ts';
import { isExpected } from '../../src/text/refusal.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { standIn } from '../helpers/stand-in.ts';
import { refusing, usedHost, ways } from '../simulation/used-hosts.ts';
import { bindingOf, machine, openOn } from '../sources/vfio/host-fixture.ts';
import { HostileKernel } from './hostile-kernel.ts';

const RUNS = Number(process.env.IOPFTOP_FUZZ_RUNS || 150);
const SEED = Number(process.env.IOPFTOP_FUZZ_SEED || 1);
const ERRNOS = [1, 4, 5, 9, 11, 12, 13, 14, 16, 22, 23, 24, 28, 40, 75, 95, 110, 133, 4_095];

test(`${RUNS} devices over a kernel that lies: none in use is unbound`, { timeout: 3_600_000 }, () => {
  const sum = { used: 0, free: 0, taken: 0, lies: 0, calls: 0 };
  const tried = new Set<string>();
  for (let run = 0; run < RUNS; run++) {
    const random = new Random(SEED + run, 11);
    const { chosen, ...spec } = usedHost(random);
    const { machine: made, files } = machine({ ...spec, disableDenylist: true });
    const share = random.pick([0, 0.001, 0.01, 0.1, 0.5]);
    const lie = () => random.pick([0, 0, 0.05, 0.5]);
    const hostility = { seed: SEED + run, read: lie(), write: lie(), poll: lie(), ioctl: lie(), records: 0 };
    const kernel = new HostileKernel(new VirtualClock(), hostility, made);
    kernel.hostile = true;
    const [address, way] = random.pick([...chosen]);
    tried.add(way.name);
    const before = bindingOf(files, address)[0];
    const asked = refusing(files, { random, share, errnos: ERRNOS, count: () => sum.lies++ });
    let taken = false;
    const watched = standIn(kernel, {
      files: asked,
      writeBeside: (path: string, text: string) => {
        if (path.endsWith(`/${before}/unbind`)) taken = true;
        return kernel.writeBeside(path, text);
      },
    });
    // Whoever forces says that nobody uses it where that cannot be seen.
    const force = way.state === 'unseen' && random.unit() < 0.5 ? [address] : [];
    try {
      openOn(watched, { devices: [address], bind: true, withoutFaults: true, force }).close();
    } catch (error) {
      if (!isExpected(error)) throw error;
      expect(String(error)).not.toMatch(/undefined|NaN|\[object/);
    }
    if (way.state === 'used')
      expect([SEED + run, address, way.name, taken]).toEqual([SEED + run, address, way.name, false]);
    if (way.state === 'unseen' && force.length === 0)
      expect([SEED + run, way.name, taken]).toEqual([SEED + run, way.name, false]);
    sum.used += way.state === 'used' ? 1 : 0;
    sum.free += way.state === 'free' ? 1 : 0;
    sum.taken += taken ? 1 : 0;
    sum.calls += kernel.calls;
  }
  if (RUNS >= 400) expect(tried.size).toBe(ways(1).length);
  expect(sum.taken).toBeGreaterThan(0);
  tellFigure({
    topic: 'Malformed input',
    what: 'devices of hosts over a kernel that lies while their use is checked: none in use was unbound',
    value: `${thousands(RUNS)}: ${thousands(sum.used)} in use, ${thousands(sum.free)} free, ${thousands(sum.taken)} taken; ${thousands(sum.lies)} checks refused, ${thousands(sum.calls)} calls that might lie`,
    repeat: 'npm test -- test/hostile',
  });
});
