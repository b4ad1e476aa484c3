import { describe, expect, it } from 'vitest';
import { compile } from '../../../src/engine/rules/expression.ts';
import { GROUP_VARIABLES } from '../../../src/protocol/filter-variables.ts';

describe('a map that a condition writes out', () => {
  it.each([
    ['{"gpu0": true, "nic0": false}[device]'],
    ['device in {"1": 1, "2": 1}'],
    ['{1: true, 2: false}[devId]'],
    ['{device: 1, "gpu0": 2}["gpu0"] == 1'],
  ])('%s', (source) => expect(() => compile(source, GROUP_VARIABLES)).not.toThrow());

  it.each([
    ['{"gpu0": true, "gpu0": false}[device]', 'the key "gpu0" is there twice', 15],
    ['{1: true, 0x1: false}[devId]', 'the key 1 is there twice', 10],
    ['{1: true, 1u: false}[devId]', 'the key 1 is there twice', 10],
    ['{true: 1, true: 2}[read] == 1', 'the key true is there twice', 10],
    ['device in {"__proto__": 1}', 'a map cannot have the key "__proto__" here', 11],
    ['[1].exists(x, {"a": 1, "a": 2}["a"] == x)', 'the key "a" is there twice', 23],
  ])('is refused: %s', (source, message, at) => {
    expect(() => compile(source, GROUP_VARIABLES)).toThrow(expect.objectContaining({ message, at }));
  });
});
