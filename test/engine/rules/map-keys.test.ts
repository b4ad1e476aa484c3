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
    ['{"gpu0": true, "gpu0": false}[device]', 'duplicate key "gpu0"', 15],
    ['{1: true, 0x1: false}[devId]', 'duplicate key 1', 10],
    ['{1: true, 1u: false}[devId]', 'duplicate key 1', 10],
    ['{true: 1, true: 2}[read] == 1', 'duplicate key true', 10],
    ['device in {"__proto__": 1}', 'a map cannot have the key "__proto__"', 11],
    ['[1].exists(x, {"a": 1, "a": 2}["a"] == x)', 'duplicate key "a"', 23],
  ])('is refused: %s', (source, message, at) => {
    expect(() => compile(source, GROUP_VARIABLES)).toThrow(expect.objectContaining({ message, at }));
  });
});
