import { expect, it } from 'vitest';
import { SimKernel } from '../../../src/kernel/sim/sim.ts';
import { parseScenario } from '../../../src/scenario/scenario.ts';
import { SimPlay, sourcesOf } from '../../../src/sources/mock/plays.ts';
import { OwnedSource } from '../../../src/sources/owned/owned-source.ts';
import { INFO } from '../../engine/fixture.ts';

const SCENARIO = `name = "memory"
description = "One device whose guest maps, and one that needs ours."
[[device]]
name = "guest0"
[[device.workload]]
kind = "stuck"
[[device]]
name = "bare0"
resolve = "mapped"
[[device.workload]]
kind = "stuck"
`;

it('is not known where the guest of a played device sees to it', () => {
  const scenario = parseScenario(SCENARIO, 'memory.toml');
  const kernel = new SimKernel();
  const play = { scenario, seed: 1, rate: 1 };
  const source = new OwnedSource({
    kernel,
    info: INFO,
    devices: sourcesOf(scenario),
    play: (o) => new SimPlay(kernel, o, play),
  });
  const { mapping } = source;
  const [guest, bare] = source.devices.map(({ devId }) => devId);
  expect(mapping.isMapped(guest!, null, [0x2000_0000n])).toBe(null);
  expect(mapping.isMapped(bare!, null, [0x2000_0000n])).toBe(false);
  mapping.map(guest!, null, [0x2000_0000n]);
  expect(mapping.isMapped(guest!, null, [0x2000_0000n])).toBe(true);
  source.close();
});
