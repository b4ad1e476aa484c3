// Hosts whose devices are in use in every way that one can be, and files that refuse to say so: no device in use is ever taken from
// its driver. IOPFTOP_USE_SEEDS says how many seeds.
import { expect, test } from 'vitest';
import { Random } from '../../src/scenario/random.ts';
import { isExpected } from '../../src/text/refusal.ts';
import { Errno } from '../../src/uapi/errno.ts';
import { tellFigure, thousands } from '../helpers/figures.ts';
import { standIn } from '../helpers/stand-in.ts';
import { bindingOf, machine, openOn } from '../sources/vfio/host-fixture.ts';
import { refusing, usedHost, ways } from './used-hosts.ts';

const SEEDS = Number(process.env.IOPFTOP_USE_SEEDS || 100);
const ERRNOS = [Errno.EIO, Errno.EACCES, Errno.EMFILE] as const;

test(`${SEEDS} hosts whose devices are in use: none in use is taken from its driver`, { timeout: 3_600_000 }, () => {
  const sum = { devices: 0, used: 0, unseen: 0, taken: 0, forced: 0, refusals: 0 };
  const tried = new Set<string>();
  for (let seed = 1; seed <= SEEDS; seed++) {
    const random = new Random(seed, 7);
    const { chosen, ...spec } = usedHost(random);
    const { files, kernel } = machine({ ...spec, disableDenylist: true });
    const share = random.pick([0, 0, 0.001, 0.01]);
    const asked = refusing(files, { random, share, errnos: ERRNOS, count: () => sum.refusals++ });
    const before = new Map([...chosen.keys()].map((address) => [address, bindingOf(files, address)[0]]));
    for (const [address, way] of chosen) {
      sum.devices++;
      tried.add(way.name);
      // Who forces says that he knows, also of what was refused: that is told apart below.
      const force = share === 0 && random.unit() < 0.5;
      let source: ReturnType<typeof openOn> | null = null;
      let taken = false;
      // Whatever becomes of it afterwards: this is the moment.
      const watched = standIn(kernel, {
        files: asked,
        writeBeside: (path: string, text: string) => {
          const write = kernel.writeBeside(path, text);
          const go = (): void => {
            if (path.endsWith(`/${before.get(address)}/unbind`)) taken = true;
            write.go();
          };
          return { ...write, go };
        },
      });
      try {
        const options = { devices: [address], bind: true, withoutFaults: true, force: force ? [address] : [] };
        source = openOn(watched, options);
      } catch (error) {
        if (!isExpected(error)) throw error;
      }
      if (way.state === 'used') expect([seed, address, way.name, taken]).toEqual([seed, address, way.name, false]);
      if (way.state === 'unseen')
        expect([seed, address, way.name, taken && !force]).toEqual([seed, address, way.name, false]);
      if (way.state !== 'used' && share === 0 && (way.state === 'free' || force) && source === null) {
        expect([seed, address, way.name, 'not taken']).toEqual([seed, address, way.name, 'taken']);
      }
      sum.used += way.state === 'used' ? 1 : 0;
      sum.unseen += way.state === 'unseen' ? 1 : 0;
      sum.taken += taken ? 1 : 0;
      sum.forced += taken && way.state === 'unseen' ? 1 : 0;
      source?.close();
    }
  }
  expect(tried.size).toBe(ways(1).length);
  expect(sum.taken).toBeGreaterThan(0);
  tellFigure({
    topic: 'The whole program, simulated',
    what: 'devices of hosts, in use in 14 ways: none that is in use was taken from its driver',
    value: `${thousands(sum.devices)} asked for on ${thousands(SEEDS)} hosts: ${thousands(sum.used)} in use, all refused; ${thousands(sum.unseen)} that could not be checked, taken only with --force (${thousands(sum.forced)}); ${thousands(sum.taken - sum.forced)} free ones taken; ${thousands(sum.refusals)} checks refused by the kernel meanwhile`,
    repeat: 'npm test -- test/simulation/in-use.test.ts',
  });
});
