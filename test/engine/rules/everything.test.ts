import { describe, expect, it } from 'vitest';
import { groupsFor, matchesEverything } from '../../../src/engine/rules/everything.ts';
import { compile } from '../../../src/engine/rules/expression.ts';
import { GROUP_VARIABLES } from '../../../src/protocol/filter-variables.ts';

describe('a condition that holds for whatever comes', () => {
  it.each([
    [undefined],
    ['true'],
    ['1 == 1'],
    ['true || write'],
    ['read || !read'],
    ['addr >= 0'],
    ['pasid >= -1'],
    ['device != "gpu0" || device == "gpu0"'],
    ['last + 1 > 0'],
    ['faults >= 1'],
    ['group > 0'],
    ['devId != 0'],
    ['device != ""'],
    ['size(device) > 0'],
    ["device.matches('.+')"],
  ])('%s', (when) => expect(matchesEverything(when)).toBe(true));
});

describe('one that does not', () => {
  it.each([
    ['false'],
    ['write'],
    ['faults > 1'],
    ['group != 1'],
    ['device == ""'],
    ['read || write'],
    ['pasid >= 0'],
    ['pasid != 5'],
    ['device != "gpu7"'],
    ['device.startsWith("gpu")'],
    ['!(device == "gpu7" && pasid == 3)'],
    ['addr < 0xffffffffffffffff'],
    ['addr != 0x7fff0000'],
    ['repeats < 1000'],
    ['100 / repeats >= 0'],
    ["!device.matches('^gpu[0-9]+$')"],
  ])('%s', (when) => expect(matchesEverything(when)).toBe(false));
});

it('a condition that takes long is tried less often: nobody is answered meanwhile', () => {
  const list = JSON.stringify(Array.from({ length: 110 }, (_, i) => i));
  const { steps } = compile(`${list}.all(a, ${list}.all(b, a + b >= 0))`, GROUP_VARIABLES);
  expect(steps).toBeGreaterThan(50_000);
  expect(groupsFor(steps) * steps).toBeLessThanOrEqual(1_000_000);
  expect(groupsFor(compile('write && pasid == 5', GROUP_VARIABLES).steps)).toBe(400);
});
